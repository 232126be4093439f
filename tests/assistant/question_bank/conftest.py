"""A made-up library on a clock, with a question bank over it; without a model, which none of this needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from duty_library import DUTY, Clock, bring
from small_library import open_library

from assistant.conversations.conversations import Conversations
from assistant.study.question_bank import QuestionBank
from knowledge.knowledge_base import KnowledgeBase


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kb(tmp_path: Path, clock: Clock) -> Iterator[KnowledgeBase]:
    data = tmp_path / "data"
    opened = open_library(data, today=clock.today)
    bring(opened, tmp_path, DUTY)
    yield opened
    opened.close()


@pytest.fixture
def conversations(kb: KnowledgeBase) -> Iterator[Conversations]:
    opened = Conversations.open(kb.data)
    yield opened
    opened.close()


@pytest.fixture
def bank(conversations: Conversations, kb: KnowledgeBase, clock: Clock) -> QuestionBank:
    return QuestionBank(conversations, kb, clock)
