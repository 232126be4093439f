"""The fields of an identity card as they are found, and what a file states of itself in so many words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.metadata.publication import issuer_of
from knowledge.model import SourceText, Sureness
from knowledge.text.quantities import first_date

_FIELDS = (
    (
        "issuer",
        re.compile(
            r"(?:【(?:发布部门|发布单位|颁布单位|发文机关)】|发布单位)[：: 　]*(?P<v>[\u4e00-\u9fff、 　]{2,60})"
        ),
    ),
    (
        "issued_on",
        re.compile(
            r"(?:【(?:发布日期|颁布日期|公布日期|成文日期)】|(?:发布|颁布)时间)[：: 　]*(?P<v>[0-9年月日.\-/]{8,12})"
        ),
    ),
    (
        "effective_on",
        re.compile(r"(?:【(?:实施日期|施行日期|生效日期)】|(?:实施|施行)时间)[：: 　]*(?P<v>[0-9年月日.\-/]{8,12})"),
    ),
    ("valid_until", re.compile(r"【(?:有效期至|有效期截止日期)】[：: 　]*(?P<v>[0-9年月日.\-/]{8,12})")),
    ("repealed_on", re.compile(r"【(?:失效日期|废止日期)】[：: 　]*(?P<v>[0-9年月日.\-/]{8,12})")),
)


@dataclass(slots=True)
class CardDraft:
    """Fields found so far, each with the sureness and the words that prove it; the first finding of a field stays."""

    values: dict[str, str | date] = field(default_factory=dict)
    sureness: dict[str, Sureness] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: str | date | None, sure: Sureness, evidence: str) -> None:
        if value and name not in self.values:
            self.values[name] = value
            self.sureness[name] = sure
            self.evidence[name] = " ".join(evidence.split())[:160]

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def day(self, name: str) -> date | None:
        value = self.values.get(name)
        return value if isinstance(value, date) else None


def from_card(draft: CardDraft, source: SourceText) -> None:
    for name in ("title", "kind", "doc_no", "issuer", "edition", "topic"):
        value = source.card.get(name)
        draft.put(name, value.strip() if value else None, Sureness.SURE, f"文件自述：{name}")
    days = {
        "issued_on": ("issued_on", "written_on"),
        "effective_on": ("effective_on",),
        "repealed_on": ("repealed_on",),
        "valid_until": ("valid_until",),
    }
    for name, keys in days.items():
        for key in keys:
            draft.put(name, _day(source.card.get(key)), Sureness.SURE, f"文件自述：{key}")


def from_fields(draft: CardDraft, lines: Sequence[str]) -> None:
    for line in lines:
        for name, pattern in _FIELDS:
            if not (found := pattern.search(line)):
                continue
            if name == "issuer":
                draft.put(name, issuer_of(found["v"]), Sureness.SURE, line)
            else:
                draft.put(name, first_date(found["v"]), Sureness.SURE, line)


def _day(value: str | None) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        return first_date(value)
