"""What the lines around a text say of its publication: where they stand, who did what on which day, under which 文号."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.parsing.outline import Outline
from knowledge.text.quantities import ARABIC, DOC_NO, MONTH, NUMERAL, Dated, dates_in, to_int

#: A page heading of a study series, which is not about the document under it.
SERIES = re.compile(r"每周一学|每月一学|【[^】]{0,12}学习材料】|[^。]{0,20}学习推荐材料")


@dataclass(frozen=True, slots=True)
class Zones:
    """The lines that may speak of the document itself: `around` the text before its body (titles, publication
    lines), `lead` a news lead or covering letter, `signed` the signatures, `closing` the last provisions."""

    around: tuple[str, ...]
    lead: tuple[str, ...]
    signed: tuple[tuple[str, ...], ...]
    closing: str

    @classmethod
    def of(cls, text: str, outline: Outline) -> Zones:
        start, end = outline.body
        apart = [s for s in outline.sections if s.depth == 0 and s.level in ("导语", "部分", "落款", "附件")]
        lead = [s for s in apart if s.end <= start and (s.level == "导语" or s.label == "通知")]
        signed = [s for s in apart if s.level == "落款"]
        around: list[str] = []
        position = 0
        for section in [*(s for s in apart if s.end <= start), None]:
            stop = section.start if section else start
            around += _lines(text[position:stop])
            position = section.end if section else start
        if not around:
            around = _lines(text[start:end])[:1]
        around = [line for line in around if not SERIES.match(line)] or around
        articles = [s for s in outline.sections if s.level == "条" and start <= s.start < end]
        closing = (
            text[articles[-3 if len(articles) > 2 else 0].start : articles[-1].end]
            if articles
            else text[start:end][-700:]
        )
        return cls(
            tuple(around),
            tuple(line for s in lead for line in _lines(text[s.start : s.end])),
            tuple(tuple(_lines(text[s.start : s.end])) for s in signed),
            closing,
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


#: What makes a text known to the world, the strongest evidence for the day of issue.
ISSUING = ("发布", "公布", "颁布", "印发", "下发")
#: What gives a text its wording.
ADOPTING = ("通过", "批准", "修订", "修正", "修改", "决定")
EFFECTIVE = ("施行", "实行", "实施", "执行", "生效")

_ACT = re.compile("|".join((*ISSUING, *ADOPTING, *EFFECTIVE, "废止")))
_ORDER_NUMBER = re.compile(r"令[ 　]*第?[ 　]*([0-9]{1,4})[ 　]*号")
_BODY = r"[\u4e00-\u9fff]{2,30}"
_DOC_NO = re.compile(rf"(?P<code>[\u4e00-\u9fff]{{2,12}}){DOC_NO}")
_ORDER = re.compile(
    r"(?P<body>[\u4e00-\u9fff、 　]{2,60}?)?(?:令[ 　]*第?[ 　]*(?P<a>[0-9]{1,4})[ 　]*号|第[ 　]*(?P<b>[0-9]{1,4})[ 　]*号令)"
)
_NUMBER_ALONE = re.compile(r"第[ 　]*([0-9]{1,4})[ 　]*号")
_MINISTRY = re.compile(r"(?:[\u4e00-\u9fff]{2,20}(?:部|委员会|局|署|院|银行|办公室)[、 　]?)+(?:令)?")
_FULL_NAMES = {"中办": "中共中央办公厅", "国办": "国务院办公厅", "中共中央纪委": "中共中央纪律检查委员会"}
_CODES = {
    "中发": "中共中央",
    "中办发": "中共中央办公厅、国务院办公厅",
    "厅字": "中共中央办公厅、国务院办公厅",
    "国发": "国务院",
    "国办发": "国务院办公厅",
    "中纪发": "中共中央纪律检查委员会",
    "中共中央纪委": "中共中央纪律检查委员会",
    "中组发": "中共中央组织部",
    "中宣发": "中共中央宣传部",
    "财行": "财政部",
    "财办行": "财政部办公厅",
    "发改投资": "国家发展和改革委员会",
    "国管办": "国家机关事务管理局",
    "人社部发": "人力资源和社会保障部",
}


@dataclass(frozen=True, slots=True)
class Act:
    """`2023年12月19日中共中央发布`: a day, what was done, by whom ("" when not said), and the words."""

    day: date
    deed: str
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class DocNo:
    """A 文号 in its official form, `财行〔2013〕531号` or `国务院令第652号`, with the issuer its code stands for."""

    text: str
    issuer: str | None
    words: str


def acts_in(line: str) -> list[Act]:
    """The dated acts of a publication line, in reading order. A date without a verb gives the deed ""."""
    found = dates_in(line)
    acts = []
    for place, dated in enumerate(found):
        until = found[place + 1].start if place + 1 < len(found) else len(line)
        since = found[place - 1].end if place else 0
        acts.append(_act(line, dated, since, until))
    return acts


def doc_no_in(line: str) -> DocNo | None:
    """The 文号 that a line around the text carries; one that stands behind a title in 《》 belongs to that title."""
    if (order := list(_ORDER.finditer(line))) and len(line) < 200:
        last = order[-1]
        body = _tidy(last["body"] or "")
        number = last["a"] or last["b"]
        if "国务院" in body:
            return DocNo(f"国务院令第{number}号", "国务院", line)
        return DocNo(f"{body}令第{number}号" if body else f"令第{number}号", issuer_of(body) if body else None, line)
    for found in _DOC_NO.finditer(line):
        if line[: found.start()].rstrip("（(").endswith("》"):
            continue
        code = found["code"]
        for known in sorted(_CODES, key=len, reverse=True):
            if code.endswith(known):
                code = known
        text = f"{code}〔{found['year']}〕{int(found['number'])}号"
        return DocNo(text, _CODES.get(code), line)
    if alone := _NUMBER_ALONE.fullmatch(line.strip("（）() ")):
        return DocNo(f"令第{alone[1]}号", None, line)
    return None


def issuer_of(words: str) -> str | None:
    """The body behind a phrase: `第十三届全国人民代表大会常务委员会第七次会议` -> 全国人民代表大会常务委员会; a meeting of
    the 政治局 approves but does not issue, so it gives None."""
    words = _tidy(words)
    if not words or "政治局" in words or len(words) < 2:
        return None
    if "全国人民代表大会常务委员会" in words:
        return "全国人民代表大会常务委员会"
    if "全国人民代表大会" in words:
        return "全国人民代表大会"
    if re.fullmatch(r"(?:中华人民共和国)?国务院(?:令.*|第.*会议)?", words):
        return "国务院"
    if found := re.match(r"中国共产党第.{1,5}(?:届中央委员会第.{1,3}次全体会议|次全国代表大会)", words):
        return found[0]
    words = re.sub(r"(?:第.{1,6}次)?(?:常务|全体|部务|局务|办公|部长办公)*会议$", "", words)
    words = _FULL_NAMES.get(words, words)
    if re.search(r"[第的了]|会议|决定|本", words) or len(words) > 60:
        return None
    return words or None


def year_of_revision(line: str) -> str | None:
    """`（2018年修订，…）`, `2017年12月修改`: the year of an edition where no day is given."""
    found = re.search(r"((?:19|20)[0-9]{2})年(?:[0-9]{1,2}月)?(?:第?.{0,2}次?)?(?:修订|修正|修改|版)", line)
    return found[1] if found else None


def signers(lines: Sequence[str]) -> str | None:
    """The bodies that signed, from the lines of a 落款: `财 政 部` -> 财政部, several joined by 、."""
    bodies: list[str] = []
    listed = [i for i, line in enumerate(lines) if re.match(rf"附|[{ARABIC}]{{1,2}}[.．、]", line)]
    for line in lines[listed[-1] + 1 if listed else 0 :]:
        if line[0] in "（(" or re.search(r"印发$|抄送", line):
            continue
        for dated in reversed(dates_in(line)):
            line = line[: dated.start] + line[dated.end :]
        if re.search(r"[：:]|部长|主任|局长|审计长", line):
            continue
        spaced = re.sub(r"(?<=[\u4e00-\u9fff])[ 　](?=[\u4e00-\u9fff](?:[ 　]|$))", "", line.strip(" 　"))
        parts = re.split(r"[ 　]{2,}|[ 　](?=[\u4e00-\u9fff]{2,})|、", spaced)
        bodies += [_tidy(part) for part in parts if len(_tidy(part)) >= 2]
    named = [_FULL_NAMES.get(body, body) for body in bodies if re.fullmatch(_BODY, body)]
    return "、".join(dict.fromkeys(named)) or None


def issuers_of_order(lines: Sequence[str]) -> str | None:
    """The ministries of a 令 that names them on lines of their own before `第31号`."""
    for index, line in enumerate(lines):
        if not (_NUMBER_ALONE.fullmatch(line.strip("（）() ")) or re.fullmatch(r"[\u4e00-\u9fff、 　]{4,60}令", line)):
            continue
        above = [one for one in lines[max(0, index - 6) : index + 1] if _MINISTRY.fullmatch(one)]
        bodies = [_tidy(body) for one in above for body in re.split("中华人民共和国|[、 　]", one.removesuffix("令"))]
        return "、".join(dict.fromkeys(body for body in bodies if len(body) >= 3)) or None
    return None


def _act(line: str, dated: Dated, since: int, until: int) -> Act:
    after = line[dated.end : until]
    words = line[dated.start : until].strip(" 　，,（）()；;")
    verb = _ACT.search(re.sub(r"《[^》]*》", lambda m: "　" * len(m[0]), after))
    if verb is None:
        deed = "公布" if _ORDER_NUMBER.search(after) else ""
        by = after
    else:
        deed, by = verb[0], after[: verb.start()]
        # 会议审议批准, 会议第二次修订: the words before the verb are not part of the name.
        by = re.sub(rf"(?:审议|部分|联合|第[{NUMERAL}]+次)$", "", by.strip())
    by = re.sub(r"《[^》]*》", "", by)
    if not _tidy(by) and deed in ADOPTING:
        before = line[since : dated.start].strip(" 　，,（(")
        by = re.sub(r"(?:部分)?(?:修改|修订|修正)$", "", before)
    return Act(dated.day, deed, _tidy(by), words)


def _tidy(words: str) -> str:
    words = re.sub(
        r"[ 　]+", "、" if re.search(r"(?:中央|厅|院|委|部)[ 　]+\S{2}", words.strip()) else "", words.strip(" 　")
    )
    return words.strip("由于经，,。、（）()起自")


def month_and_year(text: str) -> str | None:
    """`2013年3月` -> "2013"; the year of a date without a day."""
    found = MONTH.search(text)
    year = to_int(found[1]) if found else None
    return str(year) if year else None
