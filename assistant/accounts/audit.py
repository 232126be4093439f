"""The audit: who changed what and when. Rows are only added, each carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from assistant.accounts import audit_key
from assistant.accounts.audit_key import AuditKey
from assistant.accounts.schema import audit
from knowledge.storage.database import Database

START = "0" * 64
_SEALED = "hmac:"  # how the hashes begin that were made with a key


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `detail` never holds a password or a token."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: by whom, of which kind, with these words in them, at or after `since`, before `until`. Empty: any."""

    actor: str = ""
    action: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: the number of rows, the hash of the last one, and the first row that was tampered with."""

    entries: int
    head: str
    broken_at: int | None


class Audit:
    """The audit of one data folder. Its rows are sealed with `key`, each over the hash of the one before it."""

    def __init__(self, key: AuditKey) -> None:
        self._key = key

    def note(
        self,
        connection: sa.Connection,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        detail: Mapping[str, object],
    ) -> None:
        """Add one row, within the transaction of the change that it tells of."""
        self.note_each(connection, at, actor, action, [(subject, detail)])

    def note_each(
        self,
        connection: sa.Connection,
        at: datetime,
        actor: str,
        action: str,
        changes: Sequence[tuple[str, Mapping[str, object]]],
    ) -> None:
        """`note` for changes of one kind, each a subject with its detail."""
        last = connection.execute(sa.select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
        number, previous = (last.id, last.hash) if last else (0, START)
        rows = []
        for subject, detail in changes:
            number += 1
            text = json.dumps(dict(detail), ensure_ascii=False, sort_keys=True, default=str)
            own = self._hash(number, at, actor, action, subject, text, previous)
            values = {"id": number, "at": at, "actor": actor, "action": action, "subject": subject, "detail": text}
            rows.append({**values, "previous": previous, "hash": own})
            previous = own
        if rows:
            connection.execute(audit.insert(), rows)

    def verify(self, connection: sa.Connection) -> Verdict:
        """Whether any row was changed, taken out or put in between, or all were written anew by who has not the key.

        Rows cut off at the end show only in another `head` than the one that was written down before.
        """
        previous, count = START, 0
        for row in connection.execute(sa.select(audit).order_by(audit.c.id)):
            count += 1
            own = self._hash(row.id, row.at, row.actor, row.action, row.subject, row.detail, row.previous)
            if row.id != count or row.previous != previous or row.hash != own:
                return Verdict(count, previous, row.id)
            previous = row.hash
        return Verdict(count, previous, None)

    def _hash(
        self, number: int, at: datetime, actor: str, action: str, subject: str, detail: str, previous: str
    ) -> str:
        fields = [number, at.isoformat(), actor, action, subject, detail, previous]
        text = json.dumps(fields, ensure_ascii=False).encode()
        if number < self._key.since:
            return hashlib.sha256(text).hexdigest()
        return _SEALED + self._key.seal(text)


def opened(database: Database, path: Path) -> Audit:
    """The audit with the key in the file `path`, which is made where there is none. Raises StorageError."""
    key = audit_key.read(path)
    if key is None:
        with database.write() as connection:  # no row comes in between
            last = connection.execute(sa.select(sa.func.max(audit.c.id))).scalar() or 0
            key = audit_key.make(path, last + 1)
    return Audit(key)


class Trail:
    """What was changed, as pages tell it. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self, limit: int, wanted: Wanted | None = None, offset: int = 0) -> list[Entry]:
        """The latest changes that are `wanted`, the latest first, without the first `offset` of them."""
        query = sa.select(audit).where(*_conditions(wanted)).order_by(audit.c.id.desc()).limit(limit).offset(offset)
        with self._database.read() as connection:
            rows = connection.execute(query)
            return [Entry(row.id, row.at, row.actor, row.action, row.subject, json.loads(row.detail)) for row in rows]

    def count(self, wanted: Wanted | None = None) -> int:
        """How many changes are `wanted`."""
        query = sa.select(sa.func.count()).select_from(audit).where(*_conditions(wanted))
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())


def holds(connection: sa.Connection, head: str) -> bool:
    """Whether a row with the hash `head` is there (the hash before the first row counts)."""
    return head == START or connection.execute(sa.select(audit.c.id).where(audit.c.hash == head)).first() is not None


def _conditions(wanted: Wanted | None) -> list[sa.ColumnElement[bool]]:
    wanted = wanted or Wanted()
    found: list[sa.ColumnElement[bool]] = []
    if wanted.actor:
        found.append(audit.c.actor == wanted.actor)
    if wanted.action:
        found.append(audit.c.action == wanted.action)
    if wanted.words:
        words = f"%{wanted.words}%"
        found.append(audit.c.subject.like(words) | audit.c.detail.like(words) | audit.c.action.like(words))
    if wanted.since:
        found.append(audit.c.at >= wanted.since)
    if wanted.until:
        found.append(audit.c.at < wanted.until)
    return found
