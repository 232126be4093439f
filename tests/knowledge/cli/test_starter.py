"""The first start fills the library and says how far it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from knowledge.cli.starter import fill_when_new


def test_the_first_start_says_how_far_it_is_and_the_next_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "a.md", regulation("阅览室管理办法", ["借书"]))
    write(tmp_path, "b.md", regulation("自习室管理办法", ["占座"]))
    library = open_library(tmp_path / "data")
    fill_when_new(library, tmp_path, every=0)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0].startswith("第一次启动")
    assert said.err.splitlines()[1:] == ["已装入 1/2 篇", "已装入 2/2 篇"]
    fill_when_new(library, tmp_path)
    assert capsys.readouterr().err == ""
    library.close()
