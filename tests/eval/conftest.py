"""One real library and one real run of a small suite for all tests of eval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from borrowing import FILES, SETTINGS, SUITE

from assistant.answerer import Answerer
from eval.running.folder import write
from eval.running.run import run
from eval.scoring.result import Result
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon


@pytest.fixture(scope="session")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("borrowing")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    opened = KnowledgeBase.open(folder / "data", open_encoder, register=Register.load(), today=lambda: date(2026, 7, 1))
    opened.add(sorted(folder.glob("*.txt")), publish=True)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def results(kb: KnowledgeBase) -> list[Result]:
    return run(SUITE, kb, Answerer(kb, Register.load(), Lexicon.load()))


@pytest.fixture(scope="session")
def folder(kb: KnowledgeBase, results: list[Result], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of that run."""
    path = tmp_path_factory.mktemp("runs") / "first"
    write(results, SUITE, kb, path, SETTINGS)
    return path
