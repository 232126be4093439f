"""Puts a trainer's values into an identity card. A new title is also embedded and indexed anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from knowledge.storage.catalog import document_by_id
from knowledge.storage.changes import NewPassage, add_vectors, change, new_passage, set_overrides
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.vectors import embed, embedded

_PARSED_TITLE = sa.text("SELECT json_extract(parsed, '$.title') FROM document WHERE id = :id")


def correct(
    data_folder: DataFolder, document_id: int, values: Mapping[str, Any], dropped: Collection[str] = ()
) -> None:
    """Store checked `values` over the parser's, and go back to the parser's for `dropped` fields. Raises NotInLibrary;
    EncoderError for a new title."""
    while True:
        with data_folder.database.read() as connection:
            held = document_by_id(connection, document_id)
            title = values.get("title", held.card.title)
            if "title" in dropped:
                title = connection.execute(_PARSED_TITLE, {"id": document_id}).scalar_one()
            passages = _retitled(connection, document_id, title) if title != held.card.title else None
        vectors = _vectors(data_folder, passages or {})
        with change(data_folder.database, data_folder.register, data_folder.today()) as changing:
            now = document_by_id(changing.connection, document_id)
            if (now.version_id, now.card.title) != (held.version_id, held.card.title):
                continue  # another process was faster
            set_overrides(changing, document_id, values, passages, dropped)
            if vectors:
                add_vectors(changing.connection, data_folder.encoder().name, vectors)
        return


def _retitled(connection: sa.Connection, document_id: int, title: str) -> dict[int, NewPassage]:
    """The passages of the newest version as they are indexed under another title, by ordinal."""
    rows = connection.execute(
        sa.text(
            "SELECT p.ordinal, p.address, p.context, p.text, p.start, p.end FROM passage p"
            " JOIN document d ON d.version_id = p.version_id WHERE d.id = :id"
        ),
        {"id": document_id},
    )
    return {row.ordinal: new_passage(title, row.address, row.context, row.text, row.start, row.end) for row in rows}


def _vectors(data_folder: DataFolder, passages: Mapping[int, NewPassage]) -> dict[bytes, bytes]:
    if not passages:
        return {}
    encoder = data_folder.encoder()
    texts = {passage.text_hash: passage.indexed for passage in passages.values()}
    with data_folder.database.read() as connection:
        present = embedded(connection, encoder.name, texts)
    return embed(encoder, {key: text for key, text in texts.items() if key not in present})
