"""Checks what a trainer writes into an identity card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from knowledge.errors import InvalidCard
from knowledge.metadata.validity import series_key
from knowledge.model import Validity
from knowledge.storage.catalog import CARD_FIELDS, DATE_FIELDS
from knowledge.storage.validity_refresh import SERIES_OVERRIDE, VALIDITY_OVERRIDE

_LONGEST: Final = 300
#: What a trainer may say: the fields of the card, today's 时效, the series.
SETTABLE: Final = (*CARD_FIELDS, VALIDITY_OVERRIDE, SERIES_OVERRIDE)
FIELD_NAMES: Final = {
    "title": "标题",
    "kind": "文种",
    "doc_no": "文号",
    "issuer": "发文机关",
    "edition": "版本",
    "issued_on": "成文日期",
    "effective_on": "施行日期",
    "repealed_on": "废止日期",
    "topic": "专题",
    "validity": "时效",
    "series": "文件系列",
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
