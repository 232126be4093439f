"""A small library of regulations made up for the tests of the desk, with the real encoder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from reading_room import LOANS, ROOMS

from knowledge.embeddings import Encoder, open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder("builtin")


@pytest.fixture
def kb(tmp_path: Path, encoder: Encoder) -> Iterator[KnowledgeBase]:
    (tmp_path / "星河市图书借阅管理条例.txt").write_text(LOANS, encoding="utf-8")
    (tmp_path / "星河市阅览室使用办法.txt").write_text(ROOMS, encoding="utf-8")
    data = tmp_path / "data"
    opened = KnowledgeBase.open(data, lambda: encoder, register=Register.load(), today=lambda: date(2026, 7, 1))
    opened.add(sorted(tmp_path.glob("*.txt")), publish=True)
    yield opened
    opened.close()
