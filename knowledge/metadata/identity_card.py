"""The identity card of a document, read from its title, its publication lines, its signature and its last articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import PurePath

from knowledge.metadata.card_draft import CardDraft, from_card, from_fields
from knowledge.metadata.expiry import SELF, expiry, open_term
from knowledge.metadata.publication import (
    ADOPTING,
    EFFECTIVE,
    ISSUING,
    SERIES,
    Act,
    Zones,
    acts_in,
    doc_no_in,
    issuer_of,
    issuers_of_order,
    month_and_year,
    signers,
    year_of_revision,
)
from knowledge.metadata.repeals import Repeal, repeals
from knowledge.model import CARD_FIELDS, GUIDE, IdentityCard, SourceText, Sureness
from knowledge.parsing.line_kinds import is_publication_line, is_signed
from knowledge.parsing.loaders.tables import CELL_BORDER
from knowledge.parsing.outline import Outline
from knowledge.parsing.titles import bare, clean_title, is_title_line, kind_of
from knowledge.text.quantities import NUMERAL, YEAR, dates_in, first_date, to_int

__all__ = ["Repeal", "identify", "repeals"]

_FILE_PREFIX = re.compile(r"^(?:html?|docx?|pdf|txt|附件|[0-9]{1,6})(?:[_\-. 　][0-9]+)*[_\-. 　]+")
_NO_PART = re.compile(r"[（(【〔\[]|(?:号|文件|日|[，,：:。])$|^[0-9]")  # of a title on several lines
_EFFECTIVE = re.compile(
    rf"(?:{SELF})(?:[^。；]{{0,40}}解释，)?(?:自|从|于)(?P<when>[^，。；]{{2,40}}?)"
    r"(?:起|开始)?(?:正式)?(?:施行|实行|执行|生效|试行|暂行|实施)"
)
_FROM_DAY = re.compile(r"自(?P<when>[^，。；]{6,24}?)起(?:施行|实行|执行|生效)")
_FROM_ISSUE = re.compile(
    rf"(?:发布|公布|印发|颁布|下发|发文|签发|出台|通过)之日(?:起[ 　]*满?(?P<days>[{NUMERAL}]{{1,3}})日后)?"
)
_NEWS_ISSUER = re.compile(
    r"(?:近日|日前|由)?[，,]?(?P<by>(?:中共中央|中央|国务院|全国|国家|最高|中国)[\u4e00-\u9fff、 　]{0,60}?)"
    r"(?:于[0-9年月日]+)?(?:联合)?(?:印发|发布|公布|颁布|转发)(?:了|，)?"
)
_PLENUM = re.compile(r"^(中国共产党第.{1,5}届中央委员会第.{1,3}次全体会议)(?:公报|决议)$")
_TITLE_ISSUER = re.compile(
    r"^([\u4e00-\u9fff、 　]{2,40}?(?:中央|委|部|局|署|厅|院|政府|委员会|办公室|办公厅|小组))(?:关于|贯彻|实施|落实)"
)
_STATUTE = re.compile(r"^中华人民共和国.+法$")


def identify(source: SourceText, file_name: str, outline: Outline) -> IdentityCard:
    """The identity card. Fields that the file itself states win; a mention of another document in the body is never
    evidence. Every field has a sureness; every field that is there has the words it rests on."""
    draft = CardDraft()
    from_card(draft, source)
    zones = Zones.of(source.text, outline)
    _title(draft, source, file_name, zones)
    title = draft.text("title") or ""
    from_fields(draft, zones.around)
    _from_acts(draft, zones, statute=_STATUTE.match(title) is not None)
    _doc_no(draft, zones)
    _issuer(draft, zones, title)
    _effective(draft, zones)
    _term(draft, zones, source.text, outline)
    _edition(draft, zones, file_name)
    for name in CARD_FIELDS[1:]:  # there is always some title
        draft.sureness.setdefault(name, Sureness.MISSING)
    return IdentityCard(
        title=title,
        kind=draft.text("kind"),
        doc_no=draft.text("doc_no"),
        issuer=draft.text("issuer"),
        edition=draft.text("edition"),
        issued_on=draft.day("issued_on"),
        effective_on=draft.day("effective_on"),
        repealed_on=draft.day("repealed_on"),
        valid_until=draft.day("valid_until"),
        topic=draft.text("topic"),
        sureness=draft.sureness,
        evidence=draft.evidence,
    )


# --- fields ---------------------------------------------------------------------------------------------------------


def _title(draft: CardDraft, source: SourceText, file_name: str, zones: Zones) -> None:
    stem = PurePath(file_name).name
    suffix = PurePath(stem).suffix
    # `某某办法.2.0` has no suffix to cut; a real one is short and Latin.
    if re.fullmatch(r"\.[A-Za-z]{2,5}", suffix):
        stem = stem[: -len(suffix)]
    from_file, file_year, file_issuer = clean_title(_FILE_PREFIX.sub("", stem))
    stated = clean_title(source.title)[0] if source.title else ""
    around = [line for line in zones.around if CELL_BORDER not in line]  # 项目 | 标准 is a row of a table
    lines = [clean_title(line)[0] for line in around if is_title_line(clean_title(line)[0])]
    joined = [title for length in (2, 3) for title in _titles_over_lines(around, length)]
    candidates = [stated] if kind_of(stated) and len(stated) >= 4 else []
    found = [*reversed(joined), *reversed(lines)]
    # A page heading of a study series (`每周一学（…）…决定`) shortens the title; the title line below it does not.
    candidates = [*found, *candidates] if source.title and SERIES.search(source.title) else [*candidates, *found]
    best = next((candidate for candidate in candidates if candidate), "")
    if best:
        best = _fuller(best, joined + lines)
        agreed = bare(from_file) and (bare(best).endswith(bare(from_file)) or bare(from_file) in bare(best))
        known = candidates.count(best) > 1 or agreed
        draft.put("title", best, Sureness.SURE if known else Sureness.DOUBTFUL, source.title or best)
    draft.put("title", _unmarked(stated), Sureness.DOUBTFUL, source.title or "")
    first = zones.around[0] if zones.around else ""
    if 2 <= len(first) <= 50 and not re.search(r"[。；：！？，,;:!?|]", first):
        draft.put("title", first, Sureness.SURE if from_file and from_file in first else Sureness.DOUBTFUL, first)
    draft.put("title", from_file or stem or file_name or "未命名文件", Sureness.DOUBTFUL, f"文件名：{file_name}")
    title = draft.text("title") or ""
    draft.put("kind", kind_of(title), draft.sureness["title"], title)
    issuer = clean_title(source.title)[2] if source.title else None
    issuer = issuer or next((named for line in zones.around if (named := clean_title(line)[2])), file_issuer)
    if issuer and (body := issuer_of(issuer)):
        draft.put("issuer", body, Sureness.SURE, source.title or issuer)
    if file_year:
        draft.put("edition", file_year, Sureness.SURE, f"文件名：{file_name}")
    year = clean_title(source.title)[1] if source.title else None
    if year:
        draft.put("edition", year, Sureness.SURE, source.title or "")


def _titles_over_lines(lines: Sequence[str], length: int) -> Iterator[str]:
    """Titles that are set on so many of `lines`: 柳河市人民政府 / 关于公布2023年度… / …的通知."""
    for start in range(len(lines) - length + 1):
        *before, _ = parts = lines[start : start + length]
        whole = "".join(parts)
        ended = any(is_title_line(part) and after[0] not in "和与及的" for part, after in pairwise(parts))
        if is_title_line(whole) and not ended and not any(_NO_PART.search(part) for part in before):
            yield whole


def _fuller(title: str, lines: Sequence[str]) -> str:
    """`公务员法` -> `中华人民共和国公务员法` when the text says so."""
    for line in lines:
        if line != title and bare(line).endswith(bare(title)) and line.startswith(("中华人民共和国", "中国共产党")):
            return line
    return title


def _unmarked(title: str) -> str:
    return title.strip("【】[] 　")


def _from_acts(draft: CardDraft, zones: Zones, *, statute: bool) -> None:
    """Days and issuer from publication lines and signatures."""
    note = " ".join(zones.around)
    told = [line for line in _whole_brackets(zones.around) if is_publication_line(line) and not is_title_line(line)]
    acts = [act for line in told for act in acts_in(line)]
    issuing = [act for act in acts if act.deed in ISSUING]
    adopting = [act for act in acts if act.deed in ADOPTING]
    effective = [act for act in acts if act.deed in EFFECTIVE]
    plain = [act for act in acts if not act.deed]
    if effective:
        draft.put("effective_on", effective[-1].day, Sureness.SURE, effective[-1].words)
    if latest := _latest(issuing + adopting):
        # The 政治局 approves and revises; the day on which the text came out is another one.
        weak = (latest.deed in ("批准", "决定") and not issuing) or (
            latest.deed in ADOPTING and "政治局" in latest.words
        )
        draft.put("issued_on", latest.day, Sureness.DOUBTFUL if weak else Sureness.SURE, latest.words)
    for signature in zones.signed:
        for line in signature:
            if found := dates_in(line):
                draft.put("issued_on", found[0].day, Sureness.SURE, " ".join(signature))
    if plain:
        draft.put("issued_on", plain[-1].day, Sureness.SURE if len(plain) == 1 else Sureness.DOUBTFUL, plain[-1].words)
    named = [act for act in issuing if issuer_of(act.by)] if not statute else []
    named = named or [act for act in adopting + issuing if issuer_of(act.by)][:1]
    if named:
        draft.put("issuer", issuer_of(named[-1].by), Sureness.SURE, named[-1].words)
    above = [[line] for line in zones.around if is_signed(line)]
    for lines in (*zones.signed, *above):
        draft.put("issuer", signers(lines), Sureness.SURE, " ".join(lines))
    if year := year_of_revision(note):
        draft.put("edition", year, Sureness.SURE, note)


def _whole_brackets(lines: Sequence[str]) -> list[str]:
    """Lines with a bracket that goes over several of them put together."""
    whole: list[str] = []
    for line in lines:
        if whole and whole[-1][:1] in "（(" and not re.search(r"[）)]", whole[-1]):
            whole[-1] += " " + line
        else:
            whole.append(line)
    return whole


def _latest(acts: Sequence[Act]) -> Act | None:
    return max(acts, key=lambda act: act.day, default=None)


def _doc_no(draft: CardDraft, zones: Zones) -> None:
    found = [number for line in zones.around if len(line) < 200 and (number := doc_no_in(line))]
    if found:
        last = found[-1]
        draft.put("doc_no", last.text, Sureness.SURE, last.words)
        draft.put("issuer", last.issuer, Sureness.DOUBTFUL, last.words)
    for line in zones.lead:
        if (number := doc_no_in(line)) and (len(line) < 40 or line.lstrip("（(").startswith(number.text[:2])):
            draft.put("doc_no", number.text, Sureness.DOUBTFUL, number.words)


def _issuer(draft: CardDraft, zones: Zones, title: str) -> None:
    for lines in (zones.around, zones.lead):
        draft.put("issuer", issuers_of_order(lines), Sureness.SURE, " ".join(lines))
    if found := _PLENUM.match(title):
        draft.put("issuer", found[1], Sureness.SURE, title)
    for line in (title, *zones.around):
        if (found := _TITLE_ISSUER.match(line)) and is_title_line(line):
            draft.put("issuer", issuer_of(found[1]), Sureness.SURE, line)
    for line in (*zones.lead, *zones.around):
        if found := _NEWS_ISSUER.search(line[:160]):
            draft.put("issuer", issuer_of(found["by"]), Sureness.DOUBTFUL, line)
    for line in zones.around:
        if found := re.fullmatch(r"[（(](?P<by>[\u4e00-\u9fff、]{4,40})[，,][^）)]*[）)]", line):
            draft.put("issuer", issuer_of(found["by"]), Sureness.SURE, line)


def _effective(draft: CardDraft, zones: Zones) -> None:
    clause = next((m for m in reversed(list(_EFFECTIVE.finditer(zones.closing)))), None)
    if clause is None:
        for line in zones.lead:
            if (found := _FROM_DAY.search(line)) and (day := first_date(found["when"])):
                draft.put("effective_on", day, Sureness.DOUBTFUL, line)
        return
    if day := first_date(clause["when"]):
        draft.put("effective_on", day, Sureness.SURE, clause[0])
    elif day := _first_of(clause["when"]):
        draft.put("effective_on", day, Sureness.DOUBTFUL, clause[0])
    elif later := _FROM_ISSUE.search(clause["when"]):
        stated, issued = draft.day("effective_on"), draft.day("issued_on")
        if stated:
            # 自发布之日起施行 with a known first day: the text was published on that day.
            if issued is None or draft.sureness["issued_on"] is Sureness.DOUBTFUL:
                draft.values.pop("issued_on", None)
                draft.put("issued_on", stated, Sureness.DOUBTFUL, clause[0])
        elif issued:
            # The day of 修订 by a meeting is not yet the day of 发布; and an amended statute keeps its old clause.
            words = draft.evidence.get("issued_on", "")
            unsure = "修正" in words or ("政治局" in words and not any(deed in words for deed in ISSUING))
            begins = issued + timedelta(days=(to_int(later["days"]) or 0) if later["days"] else 0)
            draft.put("effective_on", begins, Sureness.DOUBTFUL if unsure else draft.sureness["issued_on"], clause[0])


def _first_of(when: str) -> date | None:
    """The first day of the year or month from which a text counts: 自2021年起实施."""
    found = re.fullmatch(rf"({YEAR})年度?(?:([{NUMERAL}]{{1,3}})月)?", when)
    month = to_int(found[2]) if found and found[2] else 1
    return date(to_int(found[1]) or 1, month, 1) if found and month and 1 <= month <= 12 else None


def _term(draft: CardDraft, zones: Zones, text: str, outline: Outline) -> None:
    """Until when the text counts by its own word, or the covering letter's. A term without a known first day, or one that ends
    before it begins, is left to the trainer, with the words that speak of it."""
    title = draft.text("title") or ""
    found = expiry(text, title, *outline.body) or expiry("\n".join(zones.lead), title)
    if found is None:
        if said := open_term(text[slice(*outline.body)]):
            draft.evidence.setdefault("valid_until", said.words)
        return
    if found.first:
        draft.put("effective_on", found.first, Sureness.SURE, found.words)
    begins = draft.day("effective_on") or draft.day("issued_on")
    last = found.until(begins)
    if last is None or (begins and last < begins):
        draft.evidence.setdefault("valid_until", found.words)
        draft.sureness.setdefault("valid_until", Sureness.DOUBTFUL if last else Sureness.MISSING)
        return
    day = "effective_on" if draft.day("effective_on") else "issued_on"
    draft.put("valid_until", last, draft.sureness[day] if found.months and begins else Sureness.SURE, found.words)


def _edition(draft: CardDraft, zones: Zones, file_name: str) -> None:
    if draft.text("kind") == GUIDE:
        return  # the day a guide was written makes no edition
    if day := draft.day("issued_on"):
        draft.put("edition", str(day.year), draft.sureness["issued_on"], draft.evidence["issued_on"])
    for line in zones.around:
        draft.put("edition", month_and_year(line), Sureness.DOUBTFUL, line)
    number = draft.text("doc_no")
    if number and (found := re.search(r"〔([0-9]{4})〕", number)):
        draft.put("edition", found[1], Sureness.DOUBTFUL, number)
    if day := draft.day("effective_on"):
        draft.put("edition", str(day.year), Sureness.DOUBTFUL, draft.evidence["effective_on"])
    if not draft.day("issued_on") and (days := dates_in(PurePath(file_name).stem)):
        draft.put("issued_on", days[-1].day, Sureness.DOUBTFUL, f"文件名：{file_name}")
