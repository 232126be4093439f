"""What must be exactly right in a sentence: numbers with their units, dates, 文号, articles and quoted words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from knowledge.text.quantities import to_int

_CN = "〇零一二三四五六七八九十百千万亿两"
_NUMERAL = rf"(?:[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?[万亿]?|[{_CN}]+(?:点[{_CN}]+)?)"
_SPACES = "+"

#: Units that say the same thing about a number.
_SAME_UNIT: Final = {
    "天": "日",
    "名": "人",
    "位": "人",
    "个人": "人",
    "个年度": "年",
    "周年": "年",
    "个学年": "学年",
    "星期": "周",
    "个星期": "周",
    "个小时": "小时",
    "回": "次",
    "个工作日": "工作日",
    "个月": "个月",
    "元人民币": "元",
    "遍": "次",
    "周岁": "岁",
}
_UNITS = (
    "个工作日|工作日|个月|个小时|小时|分钟|秒|个学年|学年|学时|学分|个年度|周年|年度|年|月|日|天|个星期|星期|周岁|周(?!年)|季度|"
    "星级|星|等奖|等(?!级)|万元|亿元|元|平方米|公顷|亩|厘米|毫米|公里|千米|米|公斤|千克|吨|人次|个人|名|人|位|次|遍|回|倍|岁|票|级|档|份|册|件|卷|本|页|字|"
    "场|届|类|种|项|条|款|章|编|节|点|分|个|家|处|户|批|轮|期|科|块|枚|张|棵|株|头|只|把|座|栋|幢|趟|句|段|幅|笔|餐|顿|门|台|辆|间|层|套|组|支|方面|环节|阶段"
)
_TIME = frozenset(("工作日", "个月", "小时", "分钟", "秒", "学年", "学时", "年", "月", "日", "周", "季度"))
_MEASURE = re.compile(rf"(?<!第)(?P<number>{_NUMERAL})(?P<more>余|多)?(?P<unit>{_UNITS})?")
_SHARED_UNIT = re.compile(rf"(?:至|到|-|~|—|或者?|、){_NUMERAL}(?P<unit>{_UNITS})")  # 三 in 三至五年
_ORDINAL = re.compile(
    rf"第(?P<number>{_NUMERAL})(?P<unit>条|款|项|章|编|节|届|号|次|批|类|种|档|级|个|季度|年度|期|卷|名)?"
)
_ARTICLE_UNITS = frozenset("条款项章编节")
_PART = re.compile(rf"([{_CN}0-9]+)分之([{_CN}0-9]+(?:点[{_CN}0-9]+)?)")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(%|‰)")
_HALF = re.compile(r"半数|一半|半年|半天|半个月|半个小时|半小时")
_HOUR = r"时(?![间效期候代段])"
_CLOCK = re.compile(
    rf"(?:(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜间)(?P<told>{_NUMERAL})(?:{_HOUR}|点)"
    rf"|(?P<hour>{_NUMERAL})(?:{_HOUR}|点(?=[钟半整]|{_NUMERAL}分)))(?:(?P<half>半)|(?P<minute>{_NUMERAL})分)?"
)
_AFTERNOON = ("下午", "傍晚", "晚上", "晚间", "夜间")
_TENTHS = re.compile(r"([一二三四五六七八九])成(?![立为员绩功果本年熟长分就])")
_COINS = re.compile(rf"({_NUMERAL})角(?![度色落])")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])(?![次届个回项名人册场年岁节])")
_FULL_DATE = re.compile(
    rf"(?P<y>[12][0-9]{{3}}|[{_CN}]{{4}})年(?:(?P<m>{_NUMERAL})月(?:份|(?P<d>{_NUMERAL})[日号]?)?)?(?!度)"
    r"|(?<![0-9.])(?P<y2>[12][0-9]{3})[.\-/](?P<m2>[0-9]{1,2})[.\-/](?P<d2>[0-9]{1,2})(?![0-9])"
)
_DAY = re.compile(rf"(?P<m>{_NUMERAL})月(?P<d>{_NUMERAL})[日号]")
_MONTH = re.compile(rf"(?<!个)(?P<m>{_NUMERAL})月(?!内|以|的期)")
_REFERENCE = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff]{1,12})[〔\[(【](?P<year>[12][0-9]{3})[〕\])】]第?(?P<number>[0-9]+)号"
)
_QUOTED = re.compile(r"“([^“”]{2,80})”|‘([^‘’]{2,80})’|\"([^\"]{2,80})\"|「([^「」]{2,80})」|『([^『』]{2,80})』")
_TITLE = re.compile(r"《([^《》]{2,80})》")
_LABEL = re.compile(
    r"^[\s>#*\-•·]*(?:[0-9]{1,2}[.、)](?![0-9])|\([0-9一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|[①-⑳]|"
    r"第[一二三四五六七八九十][,，、:：]|[一二三四五六七八九十]是(?=[\u4e00-\u9fff]))?",
    re.MULTILINE,
)
#: Words that hold the character of a number and count nothing.
_NO_NUMBER = re.compile(
    r"一(?:般|律|定|致|切|些|旦|并|经|直|起|同|贯|体|线|面|方面|边|样|带|次性|手|道|时|向|再|概|应|系列|时间|把手|票否决|岗双责|刀切|揽子)"
    r"|统一|唯一|之一|单一|任一|同一|逐一|第一(?:责任人|时间|线|把手|位)|进一步|万一|三令五申|千方百计|百分之百|(?<![一二三四五六七八九百零0-9加扣满得计记减])十分(?![钟之以])|百姓|"
    r"[一二三四五六七八九十]方面(?:是|来)|两者|二者|三者|一者|两家|双方|两边|五险一金|四舍五入|不一|一线|三农|一国两制|二维码|八小时以外"
)


class FactKind(StrEnum):
    """What a fact is; the value is for programs."""

    NUMBER = "number"
    DATE = "date"
    ARTICLE = "article"
    REFERENCE = "reference"
    QUOTE = "quote"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `start:end` of the plain text. `unit` is written one way; "" when there is none."""

    value: Fraction
    unit: str
    start: int
    end: int
    ordinal: bool = False

    @property
    def article(self) -> bool:
        return self.ordinal and self.unit in _ARTICLE_UNITS

    def says(self, other: Number) -> bool:
        """Whether both are the same figure: 半年 and 六个月, 3万元 and 30000元."""
        if self.ordinal != other.ordinal and self.unit != "届":  # 二十届四中全会
            return False
        if self.value == other.value and self.unit in ("", other.unit):
            return True
        return not self.ordinal and _in_base(self) == _in_base(other) is not None


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, perhaps without year, month or day, at `start:end` of the plain text."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    def within(self, other: Dated) -> bool:
        """Whether `other` says everything that this date says."""
        return all(
            mine is None or mine == theirs
            for mine, theirs in ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """A 文号. `issuer` may begin with words that stood before it."""

    issuer: str
    year: int
    number: int

    def says(self, other: Reference) -> bool:
        if (self.year, self.number) != (other.year, other.number):
            return False
        return self.issuer.endswith(other.issuer[-2:]) or other.issuer.endswith(self.issuer[-2:])


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one plain text (see `plain`)."""

    numbers: tuple[Number, ...]
    dates: tuple[Dated, ...]
    references: tuple[Reference, ...]
    quotes: tuple[str, ...]
    titles: tuple[str, ...]


def facts(plain: str) -> Facts:
    """The facts of `plain`, a text in half width without spaces between Chinese characters (`searchable`)."""
    references = tuple(
        Reference(match["issuer"], int(match["year"]), int(match["number"])) for match in _REFERENCE.finditer(plain)
    )
    text = _REFERENCE.sub(_blank, plain)
    text = _LABEL.sub(_blank, text)
    quotes = tuple(next(filter(None, match.groups())) for match in _QUOTED.finditer(text))
    titles = tuple(match[1] for match in _TITLE.finditer(text))
    dates = tuple(_dates(text))
    for date in dates:
        text = text[: date.start] + _SPACES * (date.end - date.start) + text[date.end :]
    return Facts(tuple(_numbers(text)), dates, references, quotes, titles)


def _dates(text: str) -> Iterator[Dated]:
    taken = [False] * len(text)
    for pattern in (_FULL_DATE, _DAY, _MONTH):
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            groups = match.groupdict()
            year, month, day = (
                to_int(value) if value else None
                for value in (groups.get(name) or groups.get(f"{name}2") for name in ("y", "m", "d"))
            )
            if year is not None and not 1000 <= year < 3000:
                continue
            if not (1 <= (month or 1) <= 12 and 1 <= (day or 1) <= 31):
                continue
            taken[match.start() : match.end()] = [True] * (match.end() - match.start())
            yield Dated(year, month, day, match.start(), match.end())


def _numbers(text: str) -> Iterator[Number]:
    for match in _PART.finditer(text):
        below, above = match.groups()
        value = _value(above)
        denominator = {"百": Fraction(100), "千": Fraction(1000)}.get(below) or _value(below)
        if value is not None and denominator:
            yield Number(value / denominator, "份额", match.start(), match.end())
    text = _PART.sub(_blank, text)
    for match in _PERCENT.finditer(text):
        yield Number(Fraction(match[1]) / (100 if match[2] == "%" else 1000), "份额", match.start(), match.end())
    text = _PERCENT.sub(_blank, text)
    for match in _HALF.finditer(text):
        unit = {"半数": "份额", "一半": "份额", "半年": "年", "半天": "日", "半个月": "个月"}.get(match[0], "小时")
        yield Number(Fraction(1, 2), unit, match.start(), match.end())
    for match in _CLOCK.finditer(text):
        if (hour := _value(match["told"] or match["hour"])) is not None:
            hour += 12 if match["part"] in _AFTERNOON and hour < 12 else 0
            minute = Fraction(30) if match["half"] else _value(match["minute"] or "0") or 0
            yield Number(hour + Fraction(minute, 60), "时", match.start(), match.end())
    text = _CLOCK.sub(_blank, text)
    for match in _TENTHS.finditer(text):
        yield Number(Fraction(to_int(match[1]) or 0, 10), "份额", match.start(), match.end())
    text = _TENTHS.sub(_blank, text)
    for match in _COINS.finditer(text):
        if (coins := _value(match[1])) is not None:
            yield Number(coins / 10, "元", match.start(), match.end())
    text = _COINS.sub(_blank, text)
    for match in _WEEKDAY.finditer(text):
        yield Number(Fraction(to_int(match[1]) or 7), "星期几", match.start(), match.end())
    text = _WEEKDAY.sub(_blank, text)
    text = _NO_NUMBER.sub(_blank, _HALF.sub(_blank, text))
    for match in _ORDINAL.finditer(text):
        if (ordinal := _value(match["number"])) is not None and match["unit"]:
            yield Number(ordinal, match["unit"], match.start(), match.end(), ordinal=True)
    text = _ORDINAL.sub(_blank, text)
    for match in _MEASURE.finditer(text):
        number, unit = match["number"], match["unit"] or ""
        if not unit and (shared := _SHARED_UNIT.match(text, match.end())):
            unit = shared["unit"]
        value = _value(number)
        if value is None or (not unit and not _counts(number)):
            continue
        if unit in ("万元", "亿元"):
            value, unit = value * (10_000 if unit == "万元" else 100_000_000), "元"
        yield Number(value, _SAME_UNIT.get(unit, unit), match.start(), match.end())


def _value(numeral: str) -> Fraction | None:
    compact = numeral.replace(",", "")
    if compact[0].isdigit() and compact[0].isascii():
        scale = {"万": 10_000, "亿": 100_000_000}.get(compact[-1], 1)
        digits = compact.rstrip("万亿")
        try:
            return Fraction(digits) * scale
        except ValueError:  # digits and Chinese numerals mixed
            whole = to_int(compact)
            return None if whole is None else Fraction(whole)
    before, _, after = compact.partition("点")
    whole = to_int(before)
    if whole is None:
        return None
    places = "".join(str(to_int(digit) or 0) for digit in after)
    return Fraction(whole) + (Fraction(int(places), 10 ** len(places)) if places else 0)


def _counts(numeral: str) -> bool:
    """Whether a numeral without a unit is a figure: `三百二十`, `12`, but not the `一` of `一边`."""
    return numeral[0].isascii() or (len(numeral) > 1 and not all(character in "万千百亿" for character in numeral))


def _in_base(number: Number) -> tuple[str, Fraction] | None:
    scale = {
        "年": ("月数", 12),
        "个月": ("月数", 1),
        "周": ("日数", 7),
        "日": ("日数", 1),
        "小时": ("分钟数", 60),
        "分钟": ("分钟数", 1),
    }.get(number.unit)
    return (scale[0], number.value * scale[1]) if scale else None


def uncounted(plain: str, found: Facts) -> str:
    """`plain` without its facts' numbers and dates (`found`) and the words that only look like one; as long as before."""
    for start, end in [(one.start, one.end) for one in found.numbers] + [(one.start, one.end) for one in found.dates]:
        plain = plain[:start] + _SPACES * (end - start) + plain[end:]
    return _NO_NUMBER.sub(_blank, _LABEL.sub(_blank, plain))


def is_time(unit: str) -> bool:
    """Whether a unit measures time, so that even `一` with it is a figure (一年, not 一个)."""
    return unit in _TIME


def _blank(match: re.Match[str]) -> str:
    return _SPACES * len(match[0])
