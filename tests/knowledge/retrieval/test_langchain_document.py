"""docs/langchain.md is a program that runs: every block of it, with a made-up model in the place of a real one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel

ROOT = Path(__file__).resolve().parents[3]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "langchain.md").read_text(encoding="utf-8"), re.DOTALL)
GUIDES = ("01", "02", "03")  # enough of the starter library for one question


def test_the_document_runs_from_top_to_bottom_and_its_citations_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "knowledge" / "library"
    library.mkdir(parents=True)
    for guide in (ROOT / "knowledge" / "library").glob("*.md"):
        if guide.name.startswith(GUIDES):
            (library / guide.name).write_bytes(guide.read_bytes())
    monkeypatch.chdir(tmp_path)
    values: dict[str, object] = {}
    for block in BLOCKS:
        if "ChatOpenAI" in block:
            values["model"] = FakeListChatModel(responses=["应当遵循下列原则[2]。还有一条[1]。资料之外的[9]。"])
        else:
            exec(compile(block, "docs/langchain.md", "exec"), values)
    said = capsys.readouterr().out
    documents = values["documents"]
    assert isinstance(documents, list)
    assert len(documents) == 4
    cited = re.findall(r"^\[(\d)\] 《(.+?)》(.+?)，现行有效：(.+?)$", said, re.MULTILINE)
    assert [int(number) for number, *_ in cited] == [2, 1]
    for number, title, address, words in cited:
        one = documents[int(number) - 1]
        assert (title, address) == (one.metadata["title"], one.metadata["address"])
        assert one.page_content.startswith(words)
