"""What the language model cost and how often it was of use, from the answers kept with the conversations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from assistant.conversations.schema import turn
from assistant.model import Generation
from knowledge.storage.database import Database
from knowledge.storage.database.json_path import json_value


@dataclass(frozen=True, slots=True)
class Usage:
    """Sums over some answers. `shown` answers were written by the model, `fallen_back` counts why the others were not;
    of its sentences some were `supported`, some `marked`, some `removed`. `median_ms` is the time of an answer that was
    not cached, None when there is none."""

    answers: int
    shown: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    supported: int
    marked: int
    removed: int
    dropped: int
    median_ms: float | None
    fallen_back: Mapping[str, int] = field(default_factory=dict)


def usage_since(database: Database, since: datetime) -> dict[str, Usage]:
    """Usage by model for the questions asked since a moment (UTC), the busiest model first."""
    record = json_value(turn.c.answer, "$.generation")
    query = sa.select(record).where(turn.c.asked_at >= since, record.is_not(None))
    with database.read() as connection:
        records = [Generation(**json.loads(row[0])) for row in connection.execute(query)]
    models = Counter(record.model for record in records)
    return {model: total(one for one in records if one.model == model) for model, _ in models.most_common()}


def total(records: Iterable[Generation]) -> Usage:
    """The sums of `records`."""
    every = list(records)
    times = sorted(one.total_ms for one in every if one.total_ms and not one.cached)
    return Usage(
        answers=len(every),
        shown=sum(one.failure is None for one in every),
        cached=sum(one.cached for one in every),
        prompt_tokens=sum(one.prompt_tokens or 0 for one in every),
        completion_tokens=sum(one.completion_tokens or 0 for one in every),
        supported=sum(one.supported for one in every),
        marked=sum(one.marked for one in every),
        removed=sum(one.removed for one in every),
        dropped=sum(one.dropped for one in every),
        median_ms=times[len(times) // 2] if times else None,
        fallen_back=dict(Counter(one.failure for one in every if one.failure).most_common()),
    )
