"""Keeps the 时效 of all editions: judged per series on a day, from dates, repeal clauses and the register."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from knowledge.metadata.register import Register
from knowledge.metadata.repeals import Repeal
from knowledge.metadata.validity import Edition, validities, with_repeals
from knowledge.model import Status, Validity
from knowledge.storage.schema import document, repeal

#: The override that is no field of the card: a trainer's word on today's 时效.
VALIDITY_OVERRIDE = "validity"
#: The other one: the series that a trainer puts a document in.
SERIES_OVERRIDE = "series"


def refresh(connection: sa.Connection, register: Register, today: date, series: Collection[str] | None) -> set[int]:
    """Judge `series` (None: everything) again and store what changed; returns the ids of changed documents."""
    changed = stale(connection, register, today, series)
    for document_id, validity in changed.items():
        connection.execute(document.update().where(document.c.id == document_id).values(validity=validity.value))
    return set(changed)


def stale(
    connection: sa.Connection, register: Register, today: date, series: Collection[str] | None = None
) -> dict[int, Validity]:
    """What the stored 时效 should be where it is something else, by document id."""
    judged = judge(connection, register, today, series)
    stored = connection.execute(_listed(series, document.c.id, document.c.validity, document.c.overrides)).all()
    right = {row.id: Validity(row.overrides.get(VALIDITY_OVERRIDE) or judged[row.id]) for row in stored}
    return {row.id: right[row.id] for row in stored if right[row.id] != row.validity}


def judge(
    connection: sa.Connection, register: Register, day: date, series: Collection[str] | None = None
) -> dict[int, Validity]:
    """时效 on `day` of every document not removed, by id, from its dates alone (no trainer's word).

    Only published texts make other texts out of date: a draft is not confirmed yet. A document that is not published
    is judged as if it were.
    """
    rows = connection.execute(_listed(series, *_JUDGED)).all()
    editions = {row.id: _edition(row, register, day) for row in rows}
    published = {row.id for row in rows if row.status == Status.PUBLISHED}
    clauses, outsiders = _clauses(connection, register, day, series, set(editions))
    result = _on(day, [editions[i] for i in published], outsiders, clauses)
    for group in {edition.series for i, edition in editions.items() if i not in published}:
        members = [edition for edition in editions.values() if edition.series == group]
        judged = _on(day, members, outsiders, clauses)
        result.update((e.id, judged[e.id]) for e in members if e.id not in published)
    return result


_JUDGED = (
    document.c.id,
    document.c.title,
    document.c.series,
    document.c.issued_on,
    document.c.effective_on,
    document.c.repealed_on,
    document.c.valid_until,
    document.c.edition,
    document.c.status,
)


def _listed(series: Collection[str] | None, *columns: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
    chosen = sa.select(*columns).where(document.c.removed_at.is_(None))
    return chosen if series is None else chosen.where(document.c.series.in_(list(series)))


def _on(
    day: date, members: list[Edition], repealing: list[Edition], clauses: dict[int, list[Repeal]]
) -> dict[int, Validity]:
    known = {edition.id: edition for edition in [*repealing, *members]}
    wanted = {edition.id for edition in members}
    judged = with_repeals(list(known.values()), clauses)
    return validities([edition for edition in judged if edition.id in wanted], day)


def _clauses(
    connection: sa.Connection, register: Register, day: date, series: Collection[str] | None, members: set[int]
) -> tuple[dict[int, list[Repeal]], list[Edition]]:
    """What published texts repeal, by the repealing document, and those documents that are not themselves judged."""
    chosen = (
        sa.select(
            *_JUDGED, repeal.c.title.label("repealed"), repeal.c.issued_on.label("day"), repeal.c.year, repeal.c.on
        )
        .join(document, document.c.version_id == repeal.c.version_id)
        .where(document.c.removed_at.is_(None), document.c.status == Status.PUBLISHED.value)
    )
    if series is not None:
        chosen = chosen.where(repeal.c.series.in_(list(series)))
    clauses: dict[int, list[Repeal]] = {}
    outsiders: dict[int, Edition] = {}
    for row in connection.execute(chosen):
        clauses.setdefault(row.id, []).append(Repeal(row.repealed, row.day, row.year, "", row.on))
        if row.id not in members:
            outsiders[row.id] = _edition(row, register, day)
    return clauses, list(outsiders.values())


def _edition(row: sa.Row[*tuple[Any, ...]], register: Register, day: date) -> Edition:
    edition = Edition(
        row.id,
        row.series,
        row.issued_on,
        row.effective_on,
        row.repealed_on,
        row.edition,
        valid_until=row.valid_until,
    )
    entry = register.by_title(row.title)
    if entry is None or entry.newest is None:
        return edition
    if not entry.in_force and edition.repealed_on is None and (edition.year or 0) <= entry.newest:
        return replace(edition, repealed_on=_end(register, entry.superseded_by, edition) or day)
    return replace(edition, superseded_year=entry.newest)


def _end(register: Register, successor: str | None, edition: Edition) -> date | None:
    """The first day of the text that took the place of `edition`, when the register knows it."""
    entry = register.by_title(successor) if successor else None
    starts = [e.effective_on or e.issued_on for e in entry.editions] if entry else []
    later = [start for start in starts if start and (edition.start is None or start > edition.start)]
    return min(later, default=None)
