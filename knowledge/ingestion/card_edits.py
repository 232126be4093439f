"""A trainer's values of an identity card: checked, and put over the parser's. A new title is also embedded and indexed anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from knowledge.chunking.indexed import NewPassage, new_passage
from knowledge.errors import InvalidCard
from knowledge.metadata.audience import AUDIENCE_OVERRIDE, groups_as_text, groups_in
from knowledge.metadata.validity import series_key
from knowledge.model import CARD_FIELDS, Validity
from knowledge.storage.catalog import DATE_FIELDS, card_values, document_by_id, origin_of
from knowledge.storage.changes import add_vectors, change, set_overrides
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.schema import document, passage
from knowledge.storage.validity_refresh import SERIES_OVERRIDE, VALIDITY_OVERRIDE
from knowledge.storage.vectors import embed, embedded

_LONGEST: Final = 300
#: What a trainer may say: the fields of the card, today's 时效, the series, who may see it.
SETTABLE: Final = (*CARD_FIELDS, VALIDITY_OVERRIDE, SERIES_OVERRIDE, AUDIENCE_OVERRIDE)
FIELD_NAMES: Final = {
    "title": "标题",
    "kind": "文种",
    "doc_no": "文号",
    "issuer": "发文机关",
    "edition": "版本",
    "issued_on": "成文日期",
    "effective_on": "施行日期",
    "repealed_on": "废止日期",
    "valid_until": "有效期至",
    "topic": "专题",
    "validity": "时效",
    "series": "文件系列",
    "audience": "谁能看",
}


def checked(fields: Mapping[str, str | date | None]) -> dict[str, Any]:
    """Field values ready for the catalogue: texts trimmed, dates as dates, an empty text as None.

    `validity` and `series` (as a title) may be given besides the fields of the card; an empty one takes the trainer's
    word back. Raises InvalidCard for an unknown field, an empty title, a date that is none, an unknown validity.
    """
    return {name: _checked(name, value) for name, value in fields.items()}


def _checked(name: str, value: str | date | None) -> str | date | None:
    if name not in SETTABLE:
        raise InvalidCard(f"文件信息里没有“{name}”这一项，可以改的有 {'、'.join(SETTABLE)}。")
    if name in DATE_FIELDS:
        return _day(name, value)
    text = str(value or "").strip()
    if len(text) > _LONGEST or "\n" in text:
        raise InvalidCard(f"{FIELD_NAMES.get(name, name)}应是不超过 {_LONGEST} 字的一行文字。")
    if name == "title" and not text:
        raise InvalidCard("标题不能为空，请写出文件的标题。")
    if name == VALIDITY_OVERRIDE and text and text not in list(Validity):
        raise InvalidCard(f"没有“{text}”这种时效，请用 {'、'.join(Validity)} 之一。")
    if name == SERIES_OVERRIDE and text:
        return series_key(text)
    if name == AUDIENCE_OVERRIDE:
        return groups_as_text(groups_in(text)) or None
    return text or None


def _day(name: str, value: str | date | None) -> date | None:
    if isinstance(value, date):
        return value
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidCard(f"{FIELD_NAMES[name]}“{value}”不是日期，请写作 2023-12-27 这样的形式。") from None


_NOT_BEFORE: Final = (
    ("valid_until", "effective_on"),
    ("valid_until", "issued_on"),
    ("repealed_on", "effective_on"),
    ("repealed_on", "issued_on"),
)


def agreeing(card: Mapping[str, Any]) -> None:
    """Raises InvalidCard when a text would end before it begins."""
    for end, begin in _NOT_BEFORE:
        last, first = card.get(end), card.get(begin)
        if last and first and last < first:
            raise InvalidCard(
                f"{FIELD_NAMES[end]} {last} 早于{FIELD_NAMES[begin]} {first}，两个日期互相矛盾，请对照原文改正。"
            )


def correct(
    data_folder: DataFolder, document_id: int, values: Mapping[str, Any], dropped: Collection[str] = ()
) -> None:
    """Store checked `values` over the parser's, and go back to the parser's for `dropped` fields. Raises NotInLibrary;
    InvalidCard for dates that contradict each other; EncoderError for a new title."""
    while True:
        with data_folder.database.read() as connection:
            held = document_by_id(connection, document_id)
            if values.keys() & set(DATE_FIELDS):
                agreeing(card_values(held.card) | dict(values))
            title = values.get("title", held.card.title)
            if "title" in dropped:
                title = origin_of(connection, document_id).parsed.title
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
    columns = passage.c.ordinal, passage.c.address, passage.c.context, passage.c.text, passage.c.start, passage.c.end
    newest = sa.select(*columns).join(document, document.c.version_id == passage.c.version_id)
    rows = connection.execute(newest.where(document.c.id == document_id))
    return {row.ordinal: new_passage(title, row.address, row.context, row.text, row.start, row.end) for row in rows}


def _vectors(data_folder: DataFolder, passages: Mapping[int, NewPassage]) -> dict[bytes, bytes]:
    if not passages:
        return {}
    encoder = data_folder.encoder()
    texts = {passage.text_hash: passage.indexed for passage in passages.values()}
    with data_folder.database.read() as connection:
        present = embedded(connection, encoder.name, texts)
    return embed(encoder, {key: text for key, text in texts.items() if key not in present})
