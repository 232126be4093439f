"""Keeps `visible` and `current` of every passage in line with its document, and posts what moved to the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa

from knowledge.model import Status, Validity


def settle(connection: sa.Connection, documents: Iterable[int], generation: int) -> None:
    """Bring the passages of `documents` in line, as part of the change numbered `generation`."""
    for document_id in sorted(documents):
        values = {"document_id": document_id, "generation": generation}
        connection.execute(_POST_MOVED, values)
        connection.execute(_SETTLE, values)
        connection.execute(_PUBLISHED, values | {"now": datetime.now(UTC).replace(tzinfo=None, microsecond=0)})


def misplaced(connection: sa.Connection) -> int:
    """How many passages are not as visible as their document says."""
    found = connection.execute(sa.text(f"SELECT count(*) FROM passage p, ({_WANTED}) AS wanted WHERE {_MOVED}"))
    return int(found.scalar_one())


# Readers see the enabled passages of the newest version of a published document; `current` are those in force.
_SEEN = f"d.removed_at IS NULL AND d.status = '{Status.PUBLISHED}' AND p.version_id = d.version_id AND p.enabled"
_WANTED = (
    f"SELECT p.id AS id, ({_SEEN}) AS visible, ({_SEEN} AND d.validity = '{Validity.IN_FORCE}') AS current"
    " FROM passage p JOIN document d ON d.id = p.document_id"
)
_WANTED_OF_ONE = f"{_WANTED} WHERE d.id = :document_id"
_MOVED = "p.id = wanted.id AND (p.visible <> wanted.visible OR p.current <> wanted.current)"
_POST_MOVED = sa.text(
    "INSERT INTO outbox (passage_id, text_hash) SELECT p.id, p.text_hash"
    f" FROM passage p, ({_WANTED_OF_ONE}) AS wanted WHERE {_MOVED}"
)
_PUBLISHED = sa.text(
    "UPDATE version SET published_at = :now WHERE published_at IS NULL AND id = (SELECT version_id FROM document"
    f" WHERE id = :document_id AND removed_at IS NULL AND status = '{Status.PUBLISHED}')"
).bindparams(sa.bindparam("now", type_=sa.DateTime))
_SETTLE = sa.text(
    "UPDATE passage AS p SET visible = wanted.visible, current = wanted.current, changed = :generation"
    f" FROM ({_WANTED_OF_ONE}) AS wanted WHERE {_MOVED}"
)
