"""The audit: who changed what and when. Rows are only added, each carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assistant.accounts.schema import audit

START = "0" * 64


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
class Verdict:
    """What `verify` found: the number of rows, the hash of the last one, and the first row that was tampered with."""

    entries: int
    head: str
    broken_at: int | None


def note(
    connection: sa.Connection, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, object]
) -> None:
    """Add one row, within the transaction of the change that it tells of."""
    note_each(connection, at, actor, action, [(subject, detail)])


def note_each(
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
        own = _hash(number, at, actor, action, subject, text, previous)
        values = {"id": number, "at": at, "actor": actor, "action": action, "subject": subject, "detail": text}
        rows.append({**values, "previous": previous, "hash": own})
        previous = own
    if rows:
        connection.execute(audit.insert(), rows)


def entries(connection: sa.Connection, limit: int = 200) -> list[Entry]:
    """The latest changes, the latest first."""
    rows = connection.execute(sa.select(audit).order_by(audit.c.id.desc()).limit(limit))
    return [Entry(row.id, row.at, row.actor, row.action, row.subject, json.loads(row.detail)) for row in rows]


def verify(connection: sa.Connection) -> Verdict:
    """Whether any row was changed, taken out or put in between. Rows cut off at the end show only in another `head`
    than the one that was written down before."""
    previous, count = START, 0
    for row in connection.execute(sa.select(audit).order_by(audit.c.id)):
        count += 1
        own = _hash(row.id, row.at, row.actor, row.action, row.subject, row.detail, row.previous)
        if row.id != count or row.previous != previous or row.hash != own:
            return Verdict(count, previous, row.id)
        previous = row.hash
    return Verdict(count, previous, None)


def holds(connection: sa.Connection, head: str) -> bool:
    """Whether a row with the hash `head` is there (the hash before the first row counts)."""
    return head == START or connection.execute(sa.select(audit.c.id).where(audit.c.hash == head)).first() is not None


def _hash(number: int, at: datetime, actor: str, action: str, subject: str, detail: str, previous: str) -> str:
    fields = [number, at.isoformat(), actor, action, subject, detail, previous]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
