"""`kill -9` at any moment of adding: what was acknowledged is whole, and of the rest nothing can be seen."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.check import check

KILLS = 20
DOCUMENTS = 40
SCRIPT = Path(__file__).with_name("kill_me.py")
ROOT = SCRIPT.parents[3]


def assert_everything_is_whole(library: KnowledgeBase) -> None:
    """No document without its passages, no passage that is not the text, nothing derived that is missing."""
    for document in library.documents():
        text, passages = library.text(document.version_id), library.passages(document.version_id)
        assert len(passages) == document.passages == document.articles
        assert all(text[p.start : p.end] == p.text for p in passages)
        assert (library.data / "originals" / document.sha256).is_file()
    amiss = [finding for finding in check(library) if finding.wrong]
    assert [finding for finding in amiss if finding.what != "向量索引"] == []


@pytest.mark.slow
def test_killing_an_addition_loses_nothing_acknowledged_and_shows_nothing_half(tmp_path: Path) -> None:
    source, data = tmp_path / "in", tmp_path / "data"
    for number in range(DOCUMENTS):
        subjects = [f"第{number}类图书的{matter}" for matter in ("借阅", "归还", "赔偿", "清点", "剔旧")]
        write(source, f"{number:02}.md", regulation(f"第{number}号书库管理规定", subjects, edition="2020"))
    generator = random.Random(20)
    acknowledged: set[str] = set()
    interrupted = 0
    for turn in range(KILLS):
        # Every few turns some files change, so that kills also hit the making of new versions.
        if turn % 4 == 3:
            for path in generator.sample(sorted(source.iterdir()), 15):
                path.write_text(path.read_text("utf-8").replace("工作日内", f"工作日内（{turn}）"), "utf-8")
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(data), str(source)],
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join((str(ROOT), str(SCRIPT.parents[1]))),
                "OMP_NUM_THREADS": "1",
            },
        )
        assert process.stdout is not None
        first = process.stdout.readline()  # from here on documents are being stored
        time.sleep(generator.uniform(0.0, 0.12))
        process.send_signal(signal.SIGKILL)
        said = first + process.stdout.read()
        process.wait()
        interrupted += "done" not in said
        lines = [line.split() for line in said.splitlines() if line.count(" ") == 1 and line.endswith(".md")]
        acknowledged |= {name for _, name in lines}
        library = open_library(data)
        assert_everything_is_whole(library)
        assert acknowledged <= {document.file_name for document in library.published()}
        library.close()
    assert interrupted >= KILLS // 4, "too few kills came in time to prove anything"
    library = open_library(data)
    library.add([source], publish=True)
    assert len(library.published()) == DOCUMENTS
    assert_everything_is_whole(library)
    library.close()
