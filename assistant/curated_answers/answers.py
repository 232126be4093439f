"""教员审定 answers kept in `data/xuesi.db`: wordings of a question, and the quotes that answer it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from assistant.conversations.conversations import MIGRATIONS
from assistant.conversations.schema import curated as _curated
from assistant.conversations.schema import curated_question as _question
from assistant.curated_answers.similarity import bare
from assistant.errors import InvalidEntry, NoSuchItem
from assistant.understanding.question import LONGEST_QUESTION
from knowledge.embeddings import Encoder
from knowledge.storage.database import Database, migrate
from knowledge.storage.vectors import pack, unpack

LONGEST_LEAD = 200  # characters
MOST_QUESTIONS = 20
MOST_QUOTES = 12

_Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Quote:
    """What is quoted of one passage: the canonical text of `version_id` at `start:end`."""

    document_id: int
    version_id: int
    address: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CuratedAnswer:
    """One answer. `lead` is the trainer's own sentence before the quotes, "" for none. Times are UTC."""

    id: int
    questions: tuple[str, ...]
    lead: str
    quotes: tuple[Quote, ...]
    author: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """One question of a curated answer with its vector."""

    curated_id: int
    text: str
    vector: _Vector


class CuratedAnswers:
    """All curated answers of one data folder. Safe to share between threads."""

    def __init__(self, database: Database, now: Callable[[], datetime] | None = None) -> None:
        self._database = database
        self._now = now or (lambda: datetime.now(UTC).replace(tzinfo=None))
        self._wordings: tuple[tuple[object, ...], list[Wording]] | None = None

    @classmethod
    def open(cls, data: Path, url: str | None = None, *, now: Callable[[], datetime] | None = None) -> CuratedAnswers:
        """As Database.open, making tables that are not there."""
        database = Database.open(data, url)
        migrate(database.engine, MIGRATIONS, "assistant_version")
        return cls(database, now)

    def close(self) -> None:
        self._database.close()

    def every(self) -> list[CuratedAnswer]:
        """All of them, the last changed first."""
        with self._database.read() as connection:
            questions: dict[int, list[str]] = {}
            for row in connection.execute(sa.select(_question).order_by(_question.c.id)):
                questions.setdefault(row.curated_id, []).append(row.text)
            rows = connection.execute(sa.select(_curated).order_by(_curated.c.changed_at.desc(), _curated.c.id.desc()))
            return [_to_answer(row, questions.get(row.id, [])) for row in rows]

    def get(self, curated_id: int) -> CuratedAnswer:
        """Raises NoSuchItem."""
        found = next((answer for answer in self.every() if answer.id == curated_id), None)
        if found is None:
            raise NoSuchItem(f"没有编号为 {curated_id} 的审定答案；可用 xuesi curated list 查看。")
        return found

    def put(
        self,
        author: str,
        questions: Sequence[str],
        quotes: Sequence[Quote],
        encoder: Encoder,
        *,
        lead: str = "",
        curated_id: int | None = None,
        changed_at: datetime | None = None,
    ) -> CuratedAnswer:
        """Keep a new answer, or change the one of that id; `changed_at` when it was not now. Raises InvalidEntry and
        NoSuchItem."""
        asked = list({bare(question): " ".join(question.split()) for question in reversed(questions)}.values())[::-1]
        asked = [question for question in asked if question]
        self._check(asked, quotes, lead.strip(), curated_id)
        vectors = [encoder.embed_query(question) for question in asked]
        stored = json.dumps([asdict(quote) for quote in quotes], ensure_ascii=False)
        values = {"lead": lead.strip(), "quotes": stored, "author": author, "changed_at": changed_at or self._now()}
        with self._database.write() as connection:
            if curated_id is None:
                made = connection.execute(_curated.insert().values(**values).returning(_curated.c.id)).scalar_one()
            else:
                changed = connection.execute(_curated.update().where(_curated.c.id == curated_id).values(**values))
                if not changed.rowcount:
                    raise NoSuchItem(f"没有编号为 {curated_id} 的审定答案；可用 xuesi curated list 查看。")
                connection.execute(_question.delete().where(_question.c.curated_id == curated_id))
                made = curated_id
            for text, packed in zip(asked, pack(np.stack(vectors)), strict=True):
                row = {"curated_id": made, "text": text, "model": encoder.name, "vector": packed}
                connection.execute(_question.insert().values(**row))
        return self.get(made)

    def remove(self, curated_id: int) -> CuratedAnswer:
        """Take an answer out; returns it as it was. Raises NoSuchItem."""
        gone = self.get(curated_id)
        with self._database.write() as connection:
            connection.execute(_curated.delete().where(_curated.c.id == curated_id))
        return gone

    def wordings(self, encoder: Encoder) -> list[Wording]:
        """Every question with its vector by `encoder`; one that another model made is made anew, and kept."""
        with self._database.read() as connection:
            last = sa.select(sa.func.max(_question.c.id), sa.func.count(), sa.func.max(_curated.c.changed_at))
            stamp = (encoder.name, *connection.execute(last.join_from(_question, _curated)).one())
            if self._wordings is not None and self._wordings[0] == stamp:
                return self._wordings[1]
            rows = list(connection.execute(sa.select(_question)))
        vectors: dict[int, _Vector] = {
            row.id: encoder.embed_query(row.text) for row in rows if row.model != encoder.name
        }
        if vectors:
            with self._database.write() as connection:
                for number, packed in zip(vectors, pack(np.stack(list(vectors.values()))), strict=True):
                    changed = {"model": encoder.name, "vector": packed}
                    connection.execute(_question.update().where(_question.c.id == number).values(**changed))
        stored = [row for row in rows if row.id not in vectors]
        if stored:
            vectors |= dict(zip([row.id for row in stored], unpack([row.vector for row in stored]), strict=True))
        found = [Wording(row.curated_id, row.text, vectors[row.id]) for row in rows]
        self._wordings = (stamp, found)
        return found

    def _check(self, asked: Sequence[str], quotes: Sequence[Quote], lead: str, curated_id: int | None) -> None:
        if not 0 < len(asked) <= MOST_QUESTIONS:
            raise InvalidEntry(f"审定答案要有 1 到 {MOST_QUESTIONS} 种问法，现在有 {len(asked)} 种，请补上或删减。")
        if any(len(question) > LONGEST_QUESTION for question in asked):
            raise InvalidEntry(f"一种问法最多 {LONGEST_QUESTION} 个字，请缩短。")
        if not 0 < len(quotes) <= MOST_QUOTES:
            raise InvalidEntry(f"审定答案要有 1 到 {MOST_QUOTES} 处引文，现在有 {len(quotes)} 处，请勾选原文。")
        if len(lead) > LONGEST_LEAD:
            raise InvalidEntry(f"导语有 {len(lead)} 个字，最多 {LONGEST_LEAD} 个字，请缩短。")
        taken = {bare(question): answer.id for answer in self.every() for question in answer.questions}
        for question in asked:
            if taken.get(bare(question), curated_id) != curated_id:
                raise InvalidEntry(f"“{question}”已有审定答案（编号 {taken[bare(question)]}），请修改那一条。")


def _to_answer(row: sa.Row[tuple[object, ...]], questions: Sequence[str]) -> CuratedAnswer:
    quotes = tuple(Quote(**quote) for quote in json.loads(row.quotes))
    return CuratedAnswer(row.id, tuple(questions), row.lead, quotes, row.author, row.changed_at)
