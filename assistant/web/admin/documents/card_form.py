"""The identity card as a form: each field with what the parser found and why, and what a trainer says with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.ingestion.card_edits import FIELD_NAMES, SETTABLE, agreeing, checked
from knowledge.model import Document, Sureness
from knowledge.storage.catalog import DATE_FIELDS, card_values, plain

SURENESS_NAMES = {Sureness.SURE: "确定", Sureness.DOUBTFUL: "存疑", Sureness.MISSING: "没有找到"}
#: What a trainer may say besides the fields of the card, with what holds where nobody has said anything.
_BESIDE = {"validity": "自动判断", "series": "自动判断", "audience": "所有人"}
_KEEP = "keep-"  # the box that says a trainer stands for the value of this field


@dataclass(frozen=True, slots=True)
class Row:
    """One field in the editor: what readers see, what the parser found and why, whether a trainer stands for it."""

    name: str
    label: str
    value: str
    parsed: str
    sureness: str
    mark: str
    evidence: str
    kept: bool
    is_date: bool


def rows(parsed: Any, document: Document, said: Mapping[str, object]) -> list[Row]:
    """The fields of the card in the order in which people read them."""
    now, found = plain(card_values(document.card)), plain(card_values(parsed))
    made = []
    for name, value in now.items():
        sureness = parsed.sureness.get(name, Sureness.SURE if found[name] else Sureness.MISSING)
        kept = name in said
        made.append(
            Row(
                name,
                FIELD_NAMES[name],
                value or "",
                found[name] or "",
                "教员核定" if kept else SURENESS_NAMES[sureness],
                "kept" if kept else sureness.value,
                parsed.evidence.get(name, ""),
                kept,
                name in DATE_FIELDS,
            )
        )
    return made


def said_in(
    form: Mapping[str, str], document: Document, parsed: Any, said: Mapping[str, object]
) -> tuple[dict[str, Any], set[str]]:
    """What a trainer says with the form: values of fields, and fields for which he no longer stands.

    A field that he changed, or whose box he ticked, is his; one whose box he cleared is the parser's again. Raises
    InvalidCard.
    """
    given = checked({name: form[name] for name in SETTABLE if name in form})
    agreeing(given)
    now = card_values(document.card) | {name: said.get(name) for name in _BESIDE}
    values: dict[str, Any] = {}
    dropped: set[str] = set()
    for name, value in given.items():
        if name in _BESIDE:
            if value and value != now[name]:
                values[name] = value
            elif not value and name in said:
                dropped.add(name)
        elif value != now[name] or (form.get(_KEEP + name) and name not in said):
            values[name] = value
        elif not form.get(_KEEP + name) and name in said:
            dropped.add(name)
    return values, dropped


def differences(
    document: Document, said: Mapping[str, object], values: Mapping[str, Any], dropped: set[str], parsed: Any
) -> list[tuple[str, str, str]]:
    """Changed fields for people: label, before, after."""
    now = card_values(document.card) | {name: said.get(name) for name in _BESIDE} | {"series": document.series}
    after = card_values(parsed) | dict.fromkeys(_BESIDE)
    made = []
    for name in SETTABLE:
        if name in values or name in dropped:
            new = values[name] if name in values else after[name]
            automatic = _BESIDE.get(name, "（空）")
            made.append((FIELD_NAMES[name], str(now[name] or automatic), str(new or automatic)))
    return made
