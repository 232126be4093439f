"""Changes of the catalogue. Each is one transaction: documents, passages, vectors, lexical rows, validity and outbox
move together or not at all, so that a killed process leaves nothing half done."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from knowledge.chunking.edits import Edit
from knowledge.chunking.indexed import NewPassage, indexed_text
from knowledge.metadata.expiry import reread
from knowledge.metadata.register import Register
from knowledge.metadata.validity import series_key
from knowledge.model import CARD_FIELDS, IdentityCard, Status
from knowledge.storage.catalog import card_values, dated, plain
from knowledge.storage.database import Database
from knowledge.storage.database.facts import next_generation
from knowledge.storage.database.half_vectors import STORED
from knowledge.storage.fulltext import add_rows, remove_rows
from knowledge.storage.fulltext import prepare as prepare_words
from knowledge.storage.new_version import NewVersion, document_row, inheritance, repeal_row, version_row
from knowledge.storage.outbox import post
from knowledge.storage.schema import cut_edit, document, passage, repeal, version
from knowledge.storage.validity_refresh import SERIES_OVERRIDE, refresh
from knowledge.storage.visibility import settle


@dataclass(slots=True)
class Change:
    """One change under way: its connection, its number, and what has to be brought in line before it is committed."""

    connection: sa.Connection
    generation: int
    documents: set[int] = field(default_factory=set)
    series: set[str] = field(default_factory=set)

    def touch(self, document_id: int) -> None:
        """Note that this document, its series and what it repeals must be judged again."""
        self.documents.add(document_id)
        self.series.update(
            self.connection.execute(
                sa.select(document.c.series)
                .where(document.c.id == document_id)
                .union(
                    sa.select(repeal.c.series)
                    .join(version, version.c.id == repeal.c.version_id)
                    .where(version.c.document_id == document_id)
                )
            ).scalars()
        )


@contextmanager
def change(database: Database, register: Register, today: date) -> Iterator[Change]:
    """A transaction that ends with validity, visibility and the outbox in line with what was changed in it."""
    with database.write() as connection:
        running = Change(connection, next_generation(connection))
        yield running
        if running.series:
            running.documents |= refresh(connection, register, today, running.series)
        settle(connection, running.documents, running.generation)


def prepare(database: Database, document_id: int | None, passages: Sequence[NewPassage] = ()) -> None:
    """Do before a change what takes time in it: the words of the passages that leave the lexical index and of those that
    come. What others change meanwhile costs only that time."""
    prepare_words(item.indexed for item in passages)
    if document_id is None:
        return
    with database.read() as connection:
        title = connection.execute(sa.select(document.c.title).where(document.c.id == document_id)).scalar()
        rows = connection.execute(_newest_passages(document_id)).all()
    prepare_words(indexed_text(str(title), row.context, row.text) for row in rows)


def store(change: Change, new: NewVersion, document_id: int | None, status: Status | None) -> int:
    """Make `new` the newest version of `document_id`, or a new document; returns the document's id.

    A `status` of None leaves a known document's as it is and makes a new one a draft. Vectors are stored apart
    (`add_vectors`), in the same transaction.
    """
    connection = change.connection
    now = _now()
    inherited: Mapping[str, Any] = {}
    if document_id is None:
        inherited = inheritance(connection, new)
        document_id = _insert(connection, document, document_row(new, status or Status.DRAFT, now))
    else:
        change.touch(document_id)
        _drop_lexical_rows(connection, document_id)
    version_id = _insert(connection, version, version_row(new, document_id, now))
    overrides = _overrides(connection, document_id) | dict(inherited) | dict(new.overrides)
    card = effective_card(new.card, overrides)
    connection.execute(
        document.update()
        .where(document.c.id == document_id)
        .values(
            **card,
            sureness=dict(new.card.sureness),
            evidence=dict(new.card.evidence),
            overrides=plain(overrides),
            parsed=plain(card_values(new.card)),
            series=series_of(card["title"], overrides),
            source=new.source,
            file_name=new.file_name,
            version_id=version_id,
        )
    )
    if new.repeals:
        connection.execute(repeal.insert(), [repeal_row(declared, version_id) for declared in new.repeals])
    add_edits(connection, document_id, new.edits)
    _add_passages(change, new.passages, document_id, version_id)
    if status is not None:
        set_status(change, document_id, status)
    change.touch(document_id)
    return document_id


def add_vectors(connection: sa.Connection, model: str, vectors: Mapping[bytes, bytes]) -> None:
    """Store vectors by text hash; one that is there already stays."""
    if vectors:
        connection.execute(
            _VECTOR,
            [{"model": model, "text_hash": text_hash, "data": data} for text_hash, data in vectors.items()],
        )


def set_status(change: Change, document_id: int, status: Status) -> None:
    change.connection.execute(document.update().where(document.c.id == document_id).values(status=status.value))
    change.touch(document_id)


def remove(change: Change, document_id: int) -> None:
    """Take the document out of every list and search. Its texts stay, so that citations of old answers still open."""
    _drop_lexical_rows(change.connection, document_id)
    change.connection.execute(document.update().where(document.c.id == document_id).values(removed_at=_now()))
    change.touch(document_id)


def set_overrides(
    change: Change,
    document_id: int,
    overrides: Mapping[str, Any],
    retitled: Mapping[int, NewPassage] | None = None,
    dropped: Collection[str] = (),
) -> None:
    """Put the trainer's values over the parser's; None stands for an empty field. Those of `dropped` fields are taken
    back. A new title is part of what is embedded and indexed: `retitled` brings the passages of the newest version, by
    ordinal, with their new text."""
    connection = change.connection
    change.touch(document_id)  # the series it leaves
    if retitled is not None:
        _drop_lexical_rows(connection, document_id)
    row = connection.execute(
        sa.select(document.c.parsed, document.c.evidence).where(document.c.id == document_id)
    ).one()
    parsed = row.parsed
    merged = _overrides(connection, document_id) | dict(overrides)
    merged = {name: value for name, value in merged.items() if name not in dropped}
    card = with_term(dated({name: merged.get(name, parsed.get(name)) for name in CARD_FIELDS}), merged, row.evidence)
    connection.execute(
        document.update()
        .where(document.c.id == document_id)
        .values(**card, overrides=plain(merged), series=series_of(str(card["title"]), merged))
    )
    if retitled is not None:
        _reindex(change, document_id, retitled)
    change.touch(document_id)


def add_edits(connection: sa.Connection, document_id: int, edits: Sequence[Edit]) -> None:
    """Keep changes of the cut for this and all later versions of a document."""
    if edits:
        rows = [
            {
                "document_id": document_id,
                "kind": e.kind.value,
                "address": e.address,
                "before": e.before,
                "after": e.after,
            }
            for e in edits
        ]
        connection.execute(cut_edit.insert(), rows)


def enable_passage(change: Change, passage_id: int, enabled: bool) -> None:
    change.connection.execute(passage.update().where(passage.c.id == passage_id).values(enabled=enabled))
    owner = change.connection.execute(sa.select(passage.c.document_id).where(passage.c.id == passage_id)).scalar_one()
    change.documents.add(owner)


def effective_card(parsed: IdentityCard, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Field values as readers see them: the parser's with the trainer's on top."""
    card = dated({name: overrides.get(name, value) for name, value in card_values(parsed).items()})
    return with_term(card, overrides, parsed.evidence)


def with_term(card: dict[str, Any], overrides: Mapping[str, Any], evidence: Mapping[str, str]) -> dict[str, Any]:
    """`card` with the end of its term told anew when a trainer has said from which day it counts and not until when."""
    words = evidence.get("valid_until")
    if not words or "valid_until" in overrides or not {"issued_on", "effective_on"} & overrides.keys():
        return card
    return card | {"valid_until": reread(words, card["effective_on"] or card["issued_on"])}


def series_of(title: str, overrides: Mapping[str, Any]) -> str:
    """The series of a document: the one a trainer put it in, else that of its title."""
    return str(overrides.get(SERIES_OVERRIDE) or series_key(title))


_VECTOR = sa.text(
    "INSERT INTO vector (model, text_hash, data) VALUES (:model, :text_hash, :data) ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("data", type_=STORED))


def _insert(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> int:
    key = connection.execute(table.insert().values(**values)).inserted_primary_key
    assert key is not None  # every table here has one
    return int(key[0])


def _add_passages(change: Change, passages: Sequence[NewPassage], document_id: int, version_id: int) -> None:
    connection = change.connection
    first = int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(passage.c.id), 0))).scalar_one()) + 1
    lengths = add_rows(connection, {first + i: item.indexed for i, item in enumerate(passages)})
    connection.execute(
        passage.insert(),
        [
            {
                "id": first + i,
                "version_id": version_id,
                "document_id": document_id,
                "ordinal": i,
                "address": item.address,
                "context": item.context,
                "text": item.text,
                "start": item.start,
                "end": item.end,
                "tokens": lengths[first + i],
                "text_hash": item.text_hash,
                "enabled": item.enabled,
                "visible": False,
                "current": False,
                "changed": change.generation,
            }
            for i, item in enumerate(passages)
        ],
    )


def _reindex(change: Change, document_id: int, passages: Mapping[int, NewPassage]) -> None:
    connection = change.connection
    rows = connection.execute(_newest_passages(document_id)).all()
    lengths = add_rows(connection, {row.id: passages[row.ordinal].indexed for row in rows})
    ids = [row.id for row in rows]
    post(connection, ids)  # the entries with the old text go
    for row in rows:
        connection.execute(
            passage.update()
            .where(passage.c.id == row.id)
            .values(text_hash=passages[row.ordinal].text_hash, tokens=lengths[row.id], changed=change.generation)
        )
    post(connection, ids)


def _drop_lexical_rows(connection: sa.Connection, document_id: int) -> None:
    """Take the newest version of a document out of the lexical index; needs the title it was indexed with."""
    title = connection.execute(sa.select(document.c.title).where(document.c.id == document_id)).scalar_one()
    rows = connection.execute(_newest_passages(document_id))
    remove_rows(connection, {row.id: indexed_text(title, row.context, row.text) for row in rows})


def _newest_passages(document_id: int) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(passage.c.id, passage.c.ordinal, passage.c.context, passage.c.text)
        .join(document, document.c.version_id == passage.c.version_id)
        .where(document.c.id == document_id)
        .order_by(passage.c.ordinal)
    )


def _overrides(connection: sa.Connection, document_id: int) -> dict[str, Any]:
    stored = connection.execute(sa.select(document.c.overrides).where(document.c.id == document_id)).scalar_one()
    return dict(stored)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
