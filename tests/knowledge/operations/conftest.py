"""The library that the tests of the queue work on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import open_library

from knowledge.knowledge_base import KnowledgeBase


@pytest.fixture
def library(tmp_path: Path, database_url: str | None) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data", url=database_url)
    yield made
    made.close()
