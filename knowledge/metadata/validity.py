"""Which edition of a text is in force on a day: series, editions, 时效."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.metadata.repeals import Repeal
from knowledge.model import Validity
from knowledge.parsing.titles import bare

_TRIAL = re.compile(r"(?:试行|暂行|草案|修订草案|全文|节选)$")
_PROVISIONAL = re.compile(r"暂行(?=(?:实施)?(?:条例|规定|办法|规则|细则|准则|标准)$)")
_STATE = re.compile(r"^中华人民共和国(?=.{2})")
_PARTY = re.compile(r"^中国共产党(?=.{5})")
_ISSUER = re.compile(r"^(?:中共中央|国务院|中央)+(?:办公厅)?(?:国务院(?:办公厅)?)?(?=关于)")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as far as its validity goes. `edition` is its year, `superseded_year` the newest edition year that
    the register of known documents has for the series, None when the register does not know."""

    id: int
    series: str
    issued_on: date | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    edition: str | None = None
    superseded_year: int | None = None
    valid_until: date | None = None  # the last day that counts

    @property
    def year(self) -> int | None:
        """The year that orders editions: the stated one, else that of issue, else of effect."""
        if self.edition and (found := re.search(r"(?:19|20)[0-9]{2}", self.edition)):
            return int(found[0])
        day = self.issued_on or self.effective_on
        return day.year if day else None

    @property
    def start(self) -> date | None:
        """The first day in force. An amended statute keeps the 施行 date of its first edition, so the later of
        issue and effect counts; with a year alone, its first day."""
        known = [day for day in (self.issued_on, self.effective_on) if day]
        if known:
            return max(known)
        return date(self.year, 1, 1) if self.year else None


def series_key(title: str) -> str:
    """One key for all editions of a text.

    Years, 《》, spaces and quotation marks fall away, so do 试行 and 暂行 (a provisional text is the first edition of the
    text that replaces it: `事业单位工作人员处分暂行规定` and `事业单位工作人员处分规定` are one series), the 中华人民共和国 of
    statutes, the 中国共产党 of regulations with a name of at least five more characters (`中国共产党章程` stays), and an
    issuer before 关于. The 文种 stays: 信访条例 and 信访工作条例, 处分规定 and 处分法 are different series.
    """
    key = bare(title)
    key = _TRIAL.sub("", key)
    key = _PROVISIONAL.sub("", key)
    key = _STATE.sub("", key)
    key = _PARTY.sub("", key)
    return _ISSUER.sub("", key)


def validities(editions: Sequence[Edition], today: date) -> dict[int, Validity]:
    """时效 of every edition on a day; an as-of date is simply another `today`.

    Per series the newest edition whose first day has come is 现行有效, older ones 已被修订, later ones 尚未施行. When the
    register knows a newer edition than any held, none held is 现行有效. An edition without any date is taken to be
    older than a dated one and is 现行有效 when it is alone. A text whose own term has run out is 已失效 from the day after its
    last one; what it replaced does not come back.
    """
    result: dict[int, Validity] = {}
    by_series: dict[str, list[Edition]] = {}
    for edition in editions:
        by_series.setdefault(edition.series, []).append(edition)
    for group in by_series.values():
        begun: list[Edition] = []
        for edition in group:
            if edition.repealed_on and edition.repealed_on <= today:
                result[edition.id] = Validity.REPEALED
            elif edition.start and edition.start > today:
                result[edition.id] = Validity.NOT_YET
            else:
                begun.append(edition)
        newest = max(begun, key=_age, default=None)
        for edition in begun:
            current = newest is not None and _same_age(edition, newest) and not _overtaken(newest, group, today)
            result[edition.id] = Validity.IN_FORCE if current else Validity.REVISED
            if edition.valid_until and edition.valid_until < today:
                result[edition.id] = Validity.EXPIRED
    return result


def with_repeals(editions: Sequence[Edition], clauses: Mapping[int, Sequence[Repeal]]) -> list[Edition]:
    """Editions with the day on which another text repealed them. `clauses` holds the repeal clauses of each
    edition's text by its id. A clause that names a date or year hits only the edition of that year; inside one series
    the order of editions says enough."""
    changed: list[Edition] = []
    by_id = {edition.id: edition for edition in editions}
    for edition in editions:
        days = [edition.repealed_on] if edition.repealed_on else []
        for other_id, found in clauses.items():
            other = by_id.get(other_id)
            if other is None or other.series == edition.series:
                continue
            hits = [repeal.on or other.start for repeal in found if _hits(repeal, edition, other)]
            days += [day for day in hits if day]
        changed.append(replace(edition, repealed_on=min(days)) if days else edition)
    return changed


def _hits(repeal: Repeal, edition: Edition, by: Edition) -> bool:
    if series_key(repeal.title) != edition.series:
        return False
    if repeal.year and edition.year:
        stated = {edition.year, *(day.year for day in (edition.issued_on, edition.effective_on) if day)}
        return int(repeal.year) in stated
    return edition.start is None or by.start is None or edition.start <= by.start


def _age(edition: Edition) -> tuple[int, date]:
    return edition.year or 0, edition.start or date.min


def _same_age(edition: Edition, newest: Edition) -> bool:
    """Whether two holdings are the same edition: the same year, and no day that tells them apart."""
    if edition.year != newest.year:
        return False
    exact = edition.issued_on and newest.issued_on
    return not exact or edition.issued_on == newest.issued_on


def _overtaken(newest: Edition, group: Sequence[Edition], today: date) -> bool:
    """Whether the register knows a newer edition that the library does not hold."""
    years = [edition.superseded_year for edition in group if edition.superseded_year]
    if not years or newest.year is None:
        return False
    known = max(years)
    held = max((edition.year or 0 for edition in group), default=0)
    return newest.year < known <= today.year and held < known
