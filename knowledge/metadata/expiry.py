"""Until when a text says it counts: `有效期至2026年3月31日`, `有效期五年`, `试行期一年`, `自…起至…止`, with the words that say so.

Only what a text says of itself is read. The 有效期 of a certificate, the term of a procedure or of a payment, and the term of
another text in 《》 are not its own: the word before 有效期 tells, and whether the sentence speaks of 本办法 and its 施行.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from knowledge.text.quantities import DATE, ITEM, NUMERAL, YEAR, to_int

#: What a text calls itself.
SELF: Final = (
    r"本(?:条例|规定|办法|规则|细则|准则|法|决定|意见|通知|标准|方案|章程|制度|规程|公告|通告|措施|政策|规范|指引|指南|计划"
    r"|若干措施|若干政策|实施意见|实施方案|实施细则|实施办法|管理办法|建设标准|文件)"
    r"|本(?![市县区省州乡镇村单部人地])[\u4e00-\u9fff]{2,4}(?:政策|措施|办法|规定|方案)|以上规定"
)
_YEAR_MONTH = rf"(?P<y>{YEAR})[ 　]*年度?(?:[ 　]*(?P<m>[{NUMERAL}]{{1,3}})[ 　]*月(?:份)?)?[ 　]*(?:年?底|末|终)?"
_PLAN = rf"[“\"]?(?P<plan>十[{ITEM}])五[”\"]?(?:规划)?(?:时期|期)?(?:末|底|期末|结束)"  # “十四五”末
_LAST = rf"(?P<last>{DATE.pattern}|{_YEAR_MONTH}|{_PLAN})"
_PERIOD = rf"(?:(?P<n>[{NUMERAL}]{{1,3}})[ 　]*(?:个)?(?P<unit>年|周年|月)(?P<and>半)?|半年)"
_NAMED = r"(?:有效(?:期限|期|时间)|(?:执行|实施|施行|试行|暂行|实行)(?:有效)?(?:期限|时间|期|周期))"  # what the term is called
_TO = r"(?:延长|延续|顺延|暂定|截止|截至|届满|日期|时间|限|日|为|是|到|至|：|:|，| |　|】)*"
_ACT = r"(?:施行|实行|实施|执行|生效|试行|暂行)"
_MONTH_DAY = rf"(?P<sm>[{NUMERAL}]{{1,3}})[ 　]*月(?P<sd>[{NUMERAL}]{{1,3}})[ 　]*日"
_TILL = r"(?:至|到|—+|-+|－|~|～|–)"
_FROM = rf"{DATE.pattern}|{YEAR}年(?:度|[{NUMERAL}]{{1,3}}月)?|{YEAR}(?={_TILL}{YEAR}年)"
_START = rf"(?:自|从|于)?(?P<from>{_FROM})[ 　]*(?:零时)?(?:起|开始)?(?:正式)?{_ACT}?[，,]?[ 　]*{_TILL}[ 　]*"

#: The ways in which a clause says it, the most particular first; each is looked for inside one clause of the text's own.
_RANGE: Final = re.compile(rf"{_NAMED}{_TO}(?:从|自)?{_START}(?:{_LAST}|{_MONTH_DAY})")
_UNTIL: Final = re.compile(rf"{_NAMED}{_TO}{_LAST}")
_FOR: Final = re.compile(rf"{_NAMED}{_TO}(?:暂定)?{_PERIOD}")
_TRIED: Final = re.compile(rf"(?<![在先地])(?:试行|暂行|施行|实施|执行|有效)(?:期)?{_PERIOD}(?![以之]?[内后前])")
_FROM_TO: Final = re.compile(rf"^[^。；]{{0,12}}?{_START}(?:{_LAST}|{_MONTH_DAY})[ 　]*(?:止|有效)")
_ACT_TO: Final = re.compile(
    rf"(?:{_ACT}|{SELF}|有效|起|^)[，,]?[ 　]*(?:有效)?(?:截止|截至|至|到){_LAST}[ 　]*(?:止|有效|失效|结束|$|[，。；])"
)
_ENDS: Final = re.compile(
    rf"(?:于|自|到|至)?{_LAST}[ 　]*(?:起)?(?:自动|自行|到期)?[后]?(?:自动|自行)?"
    r"(?P<how>失效|废止|终止|不再执行|停止执行|停止施行|到期)"
)
_WITH_PLAN: Final = re.compile(
    rf"有效期限?(?:与|同|随)[^，。；]{{0,30}}?(?P<plan>十[{ITEM}])五[”\"]?[^，。；]{{0,30}}(?:一致|相同|同步)"
)
_BY_THEN: Final = ("失效", "废止", "终止", "停止执行", "停止施行", "不再执行")  # 自7月1日起: the last day is 30 June
_FIRST_PLAN: Final = 1955  # 十四五 ended with 2025
_COVERS: Final = re.compile(rf"(?:{SELF})[^，。；]{{0,6}}适用于(?:自)?{_START}{_LAST}")
_LASTS: Final = re.compile(rf"为期{_PERIOD}(?![的内])")
_COUNTED: Final = re.compile(rf"自(?P<from>{_FROM})[ 　]*起(?:计算|算起|算|计)")  # 有效期五年，自…起计算
_WITHIN: Final = re.compile(rf"(?P<last>(?P<y>{YEAR})年(?:度)?)内有效")

_NUMBER = rf"(?:第[{NUMERAL}]{{1,4}}条|[{NUMERAL}]{{1,3}}[、.．]|[（(][{NUMERAL}]{{1,3}}[)）])"  # of a line
_SPEAKS = re.compile(rf"{SELF}|(?:自|从|于)[^，。；]{{2,24}}?起?(?:正式)?{_ACT}")
_LABEL = re.compile(rf"^(?:{_NUMBER}|【|\[)?[ 　]*(?:政策|文件|本)?{_NAMED}")
#: What may stand in one clause before the name of a term without making it the term of something else.
_OWN = re.compile(rf"(?:^|{SELF}|政策|文件|[自从于].*|其中|同时|暂定|规定|的|【|\[|{_NUMBER})[ 　]*$")
#: Another text, with what a bracket behind its name says of it.
_OTHER = re.compile(r"《[^》]*》(?:（[^）]*）)?")
#: A notice that only prolongs an older text speaks of that one's term as its own.
_PROLONGS = re.compile(r"延续|延长|顺延|继续(?:实施|执行|施行)")
_OLDER = re.compile(r"原(?=(?:办法|规定|政策|通知|方案|措施|意见|细则))")
_SHORT = re.compile(
    r"《(?:通知|办法|意见|措施|细则|规定|方案|政策)》(?:规定的|明确的|所列)?(?:各项|有关|相关)?(?:政策|措施)?"
)
_UNTIL_ENDED = r"(?:在)?(?:重新)?(?:修订|修改|废止)(?:之)?前(?:持续|一直|继续|长期)?有效"
_FOR_GOOD = re.compile(rf"(?:^|[，,；]|{SELF})(?P<words>长期(?:有效|执行|施行)|{_UNTIL_ENDED}|持续有效)")
_TIED = re.compile(rf"(?:^|[，,；。]|{SELF})(?P<words>有效期限?(?:与|同|随|到|至)(?![ 　]*{YEAR})[^，。；]{{2,30}})")
_ASKS = re.compile(r"[？?]|什么时候|申报|申请|受理|报名|征集|公示|兑付|补贴期|补助期|过渡期|任期|聘期")
_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_HEADING = re.compile(rf"^(?:{_NUMBER}|【)?[ 　]*(?:政策|文件)?(?:的)?{_NAMED}[】：:]?$")


@dataclass(frozen=True, slots=True)
class Expiry:
    """What a text says of its own end: `last` is the last day on which it counts, None while a period (`months`) waits for
    the day from which it runs; `first` is the day from which a range runs. `start:end` are the words in the text."""

    last: date | None
    months: int | None
    first: date | None
    words: str
    start: int
    end: int

    def until(self, begins: date | None) -> date | None:
        """The last day that counts for a text in force from `begins`; a year from 1 April ends with 31 March."""
        if self.last is not None or self.months is None:
            return self.last
        first = self.first or begins
        return _later(first, self.months) - timedelta(days=1) if first else None


def expiry(text: str, title: str = "", start: int = 0, end: int | None = None) -> Expiry | None:
    """The last word of `text` between `start` and `end` on its own end; None when it says nothing of it."""
    found: Expiry | None = None
    position, under = start, False
    for line in text[start:end].split("\n"):
        said = _in_line(line, position, title, under=under)
        # A term that was extended later in the text counts; a period said twice counts once.
        if said is not None and (found is None or said.last is not None or found.last is None):
            found = said
        under = _HEADING.match(line.strip(" 　")) is not None
        position += len(line) + 1
    return found


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """What a text says of its end without naming a day: `for_good` when it counts until somebody ends it (长期有效), else it
    hangs on another text (有效期与规划一致). `words` are its own."""

    words: str
    for_good: bool


def open_term(text: str) -> OpenTerm | None:
    """The last word of `text` on its own end that names no day; None when there is none."""
    found: OpenTerm | None = None
    for line in text.split("\n"):
        spoken = False
        for sentence in _SENTENCE.finditer(line):
            words = _masked(sentence[0], "")
            spoken = spoken or _SPEAKS.search(words) is not None
            for pattern in (_FOR_GOOD, _TIED) if spoken else ():
                if said := pattern.search(words):
                    found = OpenTerm(said["words"], pattern is _FOR_GOOD)
    return found


def for_good(words: str) -> bool:
    """Whether the words on a card say that a text counts until somebody ends it."""
    said = open_term(f"本办法自发布之日起施行，{words}") if words else None
    return said is not None and said.for_good


def reread(words: str, begins: date | None) -> date | None:
    """The last day of the term that `words`, the evidence of a card, state for a text in force from `begins`."""
    found = expiry(words) or expiry(f"本办法自发布之日起施行，{words}")
    return found.until(begins) if found else None


def _in_line(line: str, position: int, title: str, *, under: bool) -> Expiry | None:
    spoken = under
    found: Expiry | None = None
    for sentence in _SENTENCE.finditer(line):
        words = _masked(sentence[0], title)
        spoken = spoken or _SPEAKS.search(words) is not None
        label = _LABEL.match(words.strip(" 　")) is not None
        if spoken or label:
            said = _stated(words, own=under or label or _SPEAKS.search(words) is not None)
            said = said or _with_plan(sentence[0])
            if said is not None:
                last, months, first, start, end = said
                here = position + sentence.start()
                found = Expiry(last, months, first, sentence[0][start:end].strip(" 　，。；"), here + start, here + end)
        # 本办法自…起施行。有效期五年。: the next sentence of the paragraph still speaks of this text, one after it no more.
        spoken = _SPEAKS.search(words) is not None or under
    return found


def _stated(words: str, *, own: bool) -> tuple[date | None, int | None, date | None, int, int] | None:
    for pattern in (_RANGE, _COVERS, _UNTIL, _WITHIN, _FOR, _FROM_TO, _ACT_TO, _ENDS, _LASTS, _TRIED):
        named = pattern in (_RANGE, _UNTIL, _FOR)
        if not named and not own:
            continue
        for match in pattern.finditer(words):
            if named and not _is_own(words, match.start()):
                continue
            clause = words[_clause_start(words, match.start()) : match.end()]
            if not named and _ASKS.search(clause):
                continue
            if pattern is _ENDS and "》" in clause:
                continue
            groups = match.groupdict()
            first = _first_day(groups["from"]) if groups.get("from") else None
            if groups.get("last") or groups.get("sm"):
                last = _last_day(groups, first)
                if last is not None:
                    if pattern is _ENDS and "起" in match[0] and match["how"] in _BY_THEN:
                        last -= timedelta(days=1)  # 自7月1日起废止: the last day is 30 June
                    return last, None, first, match.start(), match.end()
            elif months := _months(groups, match[0]):
                if counted := _COUNTED.search(words, match.end()):
                    return None, months, _first_day(counted["from"]), match.start(), counted.end()
                return None, months, first, match.start(), match.end()
    return None


def _with_plan(words: str) -> tuple[date | None, int | None, date | None, int, int] | None:
    """有效期与《…“十四五”…规划》规划期一致: the plan ends with its fifth year, whatever its title is."""
    found = _WITH_PLAN.search(words)
    number = to_int(found["plan"]) if found else None
    return (
        (date(_FIRST_PLAN + 5 * number, 12, 31), None, None, found.start(), found.end()) if found and number else None
    )


def _is_own(words: str, start: int) -> bool:
    before = words[_clause_start(words, start) : start]
    return _ASKS.search(before) is None and _OWN.search(before) is not None and "《" not in before.replace("《　", "")


def _clause_start(words: str, place: int) -> int:
    return max(words.rfind(mark, 0, place) for mark in "，,。；;：:、\n") + 1


def _masked(sentence: str, title: str) -> str:
    """`sentence` with the names of other texts blanked, so that their terms are not taken for this one's."""

    def blank(found: re.Match[str]) -> str:
        same = bool(title) and title in found[0]
        return "本办法".ljust(len(found[0]), "　") if same else "《" + "书" * (len(found[0]) - 2) + "》"

    words = sentence
    if _PROLONGS.search(title):  # 《通知》规定的执行期限延长至…: what it prolongs, called by its kind alone
        words = _OLDER.sub("本", _SHORT.sub(lambda found: "本办法".ljust(len(found[0]), "　"), words))
    return _OTHER.sub(blank, words)


def _day(words: str) -> date | None:
    found = DATE.match(words)
    if not found:
        return None
    year, month, day = (to_int(part) for part in found.groups() if part)
    return _date(year, month, day)


def _first_day(words: str) -> date | None:
    """The day, or the first one of a month or year."""
    if (day := _day(words)) is not None:
        return day
    year, _, rest = words.partition("年")
    month = rest.rstrip("月度")
    return _date(to_int(year), to_int(month) if month else 1, 1)


def _last_day(groups: dict[str, str | None], first: date | None) -> date | None:
    if groups.get("sm"):
        return _date(first.year, to_int(groups["sm"] or ""), to_int(groups["sd"] or "")) if first else None
    words = groups["last"] or ""
    if (day := _day(words)) is not None:
        return day
    if plan := to_int(groups.get("plan") or ""):
        return date(_FIRST_PLAN + 5 * plan, 12, 31)
    year = to_int(groups.get("y") or "")
    month = to_int(groups["m"] or "") if groups.get("m") else 12
    if not year or not month or not 1 <= month <= 12:
        return None
    return _date(year, month, calendar.monthrange(year, month)[1])


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


def _months(groups: dict[str, str | None], words: str) -> int | None:
    if groups.get("n") is None:
        return 6 if "半年" in words else None
    count = to_int(groups["n"] or "")
    if not count or count > 600:
        return None
    if groups["unit"] == "月":
        return count
    return count * 12 + (6 if groups.get("and") else 0) if count <= 50 else None


def _later(day: date, months: int) -> date:
    """The same day so many months on; 31 January and a month is the day after February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if day.day > last:
        return date(year, month + 1, last) + timedelta(days=1)
    return date(year, month + 1, day.day)
