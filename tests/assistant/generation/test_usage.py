"""What the model cost, from conversations that were really kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.conversations.usage import usage_since
from assistant.model import Answer, Generation, Mode
from knowledge.storage.database import Database

RECORD = Generation(
    "小模型", "0123456789ab", supported=2, removed=1, prompt_tokens=300, completion_tokens=40, total_ms=900.0
)
FAILED = Generation("小模型", "0123456789ab", failure="timeout", total_ms=60000.0)
CACHED = replace(RECORD, cached=True, prompt_tokens=0, completion_tokens=0, total_ms=1.0)
OTHER = replace(RECORD, model="大模型", marked=1)


def test_answers_tokens_times_and_fallbacks_are_summed_by_model(tmp_path: Path) -> None:
    days = iter(datetime(2026, 7, day) for day in range(1, 20))
    conversations = Conversations.open(tmp_path, now=lambda: next(days))
    for record in (RECORD, RECORD, FAILED, CACHED, OTHER, None):
        turn = conversations.ask("甲", "问")
        answer = Answer("问", "问", Mode.EXTRACT, (), (), 0.5, generation=record)
        conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
    conversations.close()
    database = Database.open(tmp_path)
    found = usage_since(database, datetime(2026, 7, 2))
    database.close()
    assert list(found) == ["小模型", "大模型"]
    small = found["小模型"]
    assert (small.answers, small.shown, small.cached) == (3, 2, 1)  # the first day is before the period
    assert (small.prompt_tokens, small.completion_tokens) == (300, 40)
    assert (small.supported, small.removed) == (4, 2)
    assert small.fallen_back == {"timeout": 1}
    assert small.median_ms == 60000.0
    assert found["大模型"].marked == 1
