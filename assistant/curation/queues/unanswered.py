"""Questions that the library did not answer, gathered by what they mean. Never who asked them."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from assistant.answering import refusals
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import report as _report
from assistant.conversations.schema import turn as _turn
from assistant.conversations.turns import TurnState
from assistant.curated_answers.similarity import bare
from assistant.model import Mode
from knowledge.embeddings import Encoder
from knowledge.storage.database import Database
from knowledge.storage.database.json_path import json_value
from knowledge.text.masking import mask

#: Refusals that something new in the library may turn into answers.
ANSWERABLE_LATER = (
    refusals.NO_ANSWER,
    refusals.NOT_IN_LIBRARY,
    refusals.MISSING_ARTICLE,
    refusals.MISSING_EDITION,
)
_NONE = np.empty((0, 0), dtype=np.float32)
MOST_TURNS = 1000  # the newest ones
#: Questions whose mean distance (1 − cosine) is below this stand together: measured on `rephrased.jsonl`, see docs/desk.md.
APART = 0.06


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused turn as trainers see it: personal numbers are masked, there is no name."""

    turn_id: str
    question: str
    missing: str | None
    comment: str
    report_id: int | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Cluster:
    """Refused turns that ask about the same; `question` stands for them all, `wordings` are the different ones with how
    often each was asked, `missing` the document that most of them belong to."""

    question: str
    turns: tuple[Refused, ...]
    wordings: tuple[tuple[str, int], ...]
    missing: str | None

    @property
    def count(self) -> int:
        return len(self.turns)

    @property
    def comments(self) -> tuple[str, ...]:
        """What askers wrote to the trainers."""
        return tuple(dict.fromkeys(turn.comment for turn in self.turns if turn.comment))


def refused_turns(database: Database, limit: int = MOST_TURNS) -> list[Refused]:
    """The newest turns that were refused, or got provisions that are possible answers only, and that something new in the
    library may answer; not those of deleted conversations."""
    refused, possible = open_to_an_answer()
    with database.read() as connection:
        found = [*_newest(connection, refused, limit), *_newest(connection, possible, limit)]
    return sorted(found, key=lambda one: one.asked_at, reverse=True)[:limit]


def open_to_an_answer() -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Which turns were refused and may be answered later, and which got possible answers only.

    Written as in the indexes `turn_refused`, `turn_refusal` and `turn_possible`, or all answers would be read to find these.
    """
    code, mode = json_value(_turn.c.answer, "$.refusal.code"), json_value(_turn.c.answer, "$.mode")
    possible = mode == sa.literal_column(f"'{Mode.POSSIBLE}'", sa.String)
    return sa.and_(code.is_not(None), code.in_(ANSWERABLE_LATER)), possible


def _newest(connection: sa.Connection, which: sa.ColumnElement[bool], limit: int) -> list[Refused]:
    lacking = json_value(_turn.c.answer, "$.refusal.missing")
    beside = json_value(_turn.c.answer, "$.noted[0].title")
    query = (
        sa.select(
            _turn.c.id,
            json_value(_turn.c.answer, "$.standalone").label("standalone"),
            sa.func.coalesce(lacking, beside).label("missing"),
            _turn.c.asked_at,
            _report.c.id.label("report_id"),
            _report.c.comment,
        )
        .join(_conversation, _conversation.c.id == _turn.c.conversation_id)
        .outerjoin(_report, _report.c.turn_id == _turn.c.id)
        .where(which, _turn.c.state == str(TurnState.DONE), _conversation.c.deleted_at.is_(None))
        .order_by(_turn.c.asked_at.desc())
        .limit(limit)
    )
    return [
        Refused(row.id, mask(row.standalone), row.missing, mask(row.comment or ""), row.report_id, row.asked_at)
        for row in connection.execute(query)
    ]


class Clusters:
    """Gathers refused turns. Keeps the vectors of the questions it has seen, and what it gathered last.

    Safe to share between threads. With `patience` (seconds) questions that are not encoded by then stand by themselves
    this time, and are encoded meanwhile for the next.
    """

    def __init__(self, encoder: Callable[[], Encoder], patience: float | None = None) -> None:
        self._encoder = encoder
        self._patience = patience
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._last: tuple[tuple[Refused, ...], list[Cluster]] = ((), [])
        self._encoding = threading.Lock()

    def warm(self) -> None:
        """Load what clustering needs, which takes a second."""
        labels(np.eye(2, dtype=np.float32))

    def gather(self, turns: Sequence[Refused]) -> list[Cluster]:
        """`turns` in clusters, the largest first, of equal ones the one asked last."""
        asked = tuple(turns)
        if self._last[0] == asked:
            return self._last[1]
        late = self._encode({turn.question for turn in asked})
        found = self._gathered(asked)
        if not late:
            self._last = (asked, found)
        elif self._encoding.acquire(blocking=False):
            threading.Thread(target=self._encode_late, args=(late,), name="clusters", daemon=True).start()
        return found

    def _gathered(self, turns: Sequence[Refused]) -> list[Cluster]:
        by_wording: dict[str, list[Refused]] = {}
        for turn in turns:
            by_wording.setdefault(bare(turn.question), []).append(turn)
        known = dict(self._vectors)
        wordings = [wording for wording, some in by_wording.items() if some[0].question in known]
        vectors = np.stack([known[by_wording[wording][0].question] for wording in wordings]) if wordings else _NONE
        found: dict[int, list[int]] = {}
        for place, label in enumerate(labels(vectors)):
            found.setdefault(label, []).append(place)
        clusters = [
            _cluster([by_wording[wordings[place]] for place in places], vectors[places]) for places in found.values()
        ]
        clusters += [_cluster([some], _NONE) for some in by_wording.values() if some[0].question not in known]
        return sorted(clusters, key=lambda one: (-one.count, -max(turn.asked_at for turn in one.turns).timestamp()))

    def _encode(self, questions: Collection[str]) -> list[str]:
        """Encode what is new; returns what there was no time for."""
        until = time.monotonic() + self._patience if self._patience is not None else math.inf
        new = [question for question in questions if question not in self._vectors]
        for done, question in enumerate(new):
            if time.monotonic() > until:
                return new[done:]
            self._vectors[question] = self._encoder().embed_query(question)
        return []

    def _encode_late(self, questions: Sequence[str]) -> None:
        try:
            for question in questions:
                self._vectors[question] = self._encoder().embed_query(question)
        finally:
            self._encoding.release()


def labels(vectors: NDArray[np.float32], apart: float = APART) -> list[int]:
    """The number of the cluster of each row: agglomerative, by mean cosine."""
    if len(vectors) < 2:
        return [0] * len(vectors)
    from sklearn.cluster import AgglomerativeClustering

    clustering = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=apart)
    found: list[int] = clustering.fit_predict(vectors).tolist()
    return found


def _cluster(members: Sequence[Sequence[Refused]], vectors: NDArray[np.float32]) -> Cluster:
    counts = [len(turns) for turns in members]
    central = members[0][0].question
    if len(members) > 1:
        middle = np.average(vectors, axis=0, weights=counts)
        central = members[int(np.argmax(vectors @ middle))][0].question
    turns = tuple(turn for wording in members for turn in wording)
    titles = Counter(turn.missing for turn in turns if turn.missing)
    wordings = sorted(((wording[0].question, len(wording)) for wording in members), key=lambda pair: -pair[1])
    return Cluster(central, turns, tuple(wordings), titles.most_common(1)[0][0] if titles else None)
