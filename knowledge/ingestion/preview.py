"""What a change of the library would do, shown before it happens: the change is made, looked at, and undone.

Also what is bound to happen by itself: texts that come into force, step back or end on a day to come.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from knowledge.metadata.register import Register
from knowledge.model import Status, Validity
from knowledge.storage.changes import Change
from knowledge.storage.database import Database
from knowledge.storage.schema import document
from knowledge.storage.validity_refresh import VALIDITY_OVERRIDE, judge, refresh


@dataclass(frozen=True, slots=True)
class Effect:
    """A document whose validity or status becomes another; `None` where it was not there, or is there no more."""

    document_id: int
    title: str
    edition: str | None
    validity: tuple[Validity | None, Validity | None]
    status: tuple[Status | None, Status | None]


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What happens by itself on a day to come."""

    day: date
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change does at once, and what it adds to the days to come."""

    now: tuple[Effect, ...]
    later: tuple[Upcoming, ...]

    @property
    def fingerprint(self) -> str:
        """Tells whether a preview that was seen is still the truth when it is agreed to."""
        stated = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(stated.encode()).hexdigest()[:16]


class _Undone(Exception):
    """Ends the transaction of a preview, so that nothing of it stays."""


def preview(database: Database, register: Register, today: date, apply: Callable[[Change], object]) -> Preview:
    """What `apply` would do. Other writers wait meanwhile; readers do not. What `apply` raises comes through."""
    found: list[Preview] = []
    try:
        with database.write() as connection:
            before, planned = _standings(connection), upcoming(connection, register, today)
            change = Change(connection, 0)
            apply(change)
            if change.series:
                refresh(connection, register, today, change.series)
            now = tuple(_differences(before, _standings(connection)))
            later = tuple(day for day in upcoming(connection, register, today) if day not in planned)
            found.append(Preview(now, later))
            raise _Undone
    except _Undone:
        return found[0]


def upcoming(connection: sa.Connection, register: Register, today: date) -> list[Upcoming]:
    """The days after `today` on which published documents change their validity, the next first."""
    columns = (document.c.issued_on, document.c.effective_on, document.c.repealed_on, document.c.valid_until)
    listed = sa.select(*columns).where(
        document.c.removed_at.is_(None), document.c.status == Status.PUBLISHED.value, _later_than(today)
    )
    # A repeal by another text takes effect with that text, so the days of all texts are all the days there are.
    rows = connection.execute(listed).all()
    days = sorted({day for row in rows for day in _turns(row) if day > today})
    standings = _standings(connection)
    made = []
    for day in days:
        before = judge(connection, register, day - timedelta(days=1))
        after = judge(connection, register, day)
        effects = [
            Effect(i, one.title, one.edition, (before[i], after[i]), (one.status, one.status))
            for i, one in standings.items()
            if one.status is Status.PUBLISHED and not one.pinned and before[i] is not after[i]
        ]
        if effects:
            made.append(Upcoming(day, tuple(effects)))
    return made


@dataclass(frozen=True, slots=True)
class _Standing:
    title: str
    edition: str | None
    validity: Validity
    status: Status
    pinned: bool  # its validity is a trainer's word


def _turns(row: Any) -> list[date]:
    """The days on which a text may change its validity: the last day of its term still counts, the next one does not."""
    days = [row.issued_on, row.effective_on, row.repealed_on]
    return [day for day in days if day] + ([row.valid_until + timedelta(days=1)] if row.valid_until else [])


def _later_than(today: date) -> sa.ColumnElement[bool]:
    dates = document.c
    return sa.or_(
        *(day >= today for day in (dates.issued_on, dates.effective_on, dates.repealed_on, dates.valid_until))
    )


def _standings(connection: sa.Connection) -> dict[int, _Standing]:
    rows: Any = connection.execute(
        sa.select(
            document.c.id,
            document.c.title,
            document.c.edition,
            document.c.validity,
            document.c.status,
            document.c.overrides,
        )
        .where(document.c.removed_at.is_(None))
        .order_by(document.c.id)
    )
    return {
        row.id: _Standing(
            row.title,
            row.edition,
            Validity(row.validity),
            Status(row.status),
            bool(row.overrides.get(VALIDITY_OVERRIDE)),
        )
        for row in rows
    }


def _differences(before: dict[int, _Standing], after: dict[int, _Standing]) -> Iterator[Effect]:
    """What a reader or trainer would notice; of drafts only that they appear or go."""
    for i in sorted(before.keys() | after.keys()):
        old, new = before.get(i), after.get(i)
        named = new or old
        assert named is not None
        validity = (old.validity if old else None, new.validity if new else None)
        status = (old.status if old else None, new.status if new else None)
        if validity[0] is not validity[1] or status[0] is not status[1]:
            yield Effect(i, named.title, named.edition, validity, status)
