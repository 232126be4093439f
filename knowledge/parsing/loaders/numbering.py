"""Automatic numbers as words: `第三条`, `（二）`, `iv`, the way Word and browsers show them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from knowledge.text.quantities import to_chinese, to_financial, to_positional

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def ordinal(number: int, style: str) -> str:
    """A number in one of Word's number formats (ST_NumberFormat, ECMA-376 part 1, 17.18.59); "" for bullets."""
    if style in ("bullet", "none"):
        return ""
    write = _STYLES.get(style)
    return write(number) if write is not None and 0 < number < 100_000_000 else str(number)


def _letters(number: int) -> str:
    """1 a, 26 z, 27 aa, 28 bb: Word repeats the letter."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, numeral in (*_ROMAN, *_ROMAN_ONES):
        text += numeral * (number // value)
        number %= value
    return text


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if number <= 20 else str(number)


def _full_width(number: int) -> str:
    return str(number).translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})


_STYLES: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "chineseCounting": to_chinese,
    "chineseCountingThousand": to_chinese,
    "taiwaneseCounting": to_chinese,
    "taiwaneseCountingThousand": to_chinese,
    "japaneseCounting": to_chinese,
    "ideographDigital": to_positional,
    "japaneseDigitalTenThousand": to_positional,
    "taiwaneseDigital": to_positional,
    "chineseLegalSimplified": to_financial,
    "ideographLegalTraditional": to_financial,
    "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
    "ideographZodiac": lambda number: _BRANCHES[(number - 1) % 12],
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


@dataclass(slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None  # the level (1-based) after which this one starts again; 0 for never
    paragraph_style: str = ""  # the style whose paragraphs stand on this level


@dataclass(slots=True)
class WordNumbering:
    """Counters of a .docx while its paragraphs are read from first to last."""

    _lists: dict[str, tuple[str, dict[int, _Level]]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)
    _overridden: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any) -> WordNumbering:
        """Read the `w:numbering` element; None gives a document without lists."""
        numbering = cls()
        if root is None:
            return numbering
        abstract = {one.get(f"{_W}abstractNumId"): one for one in root.findall(f"{_W}abstractNum")}
        by_style = {
            link.get(f"{_W}val"): one for one in abstract.values() if (link := one.find(f"{_W}styleLink")) is not None
        }
        for num in root.findall(f"{_W}num"):
            reference = num.find(f"{_W}abstractNumId")
            definition = abstract.get(reference.get(f"{_W}val")) if reference is not None else None
            if definition is None:
                continue
            linked = definition.find(f"{_W}numStyleLink")
            if linked is not None:
                definition = by_style.get(linked.get(f"{_W}val"), definition)
            levels = {int(one.get(f"{_W}ilvl")): _level(one) for one in definition.findall(f"{_W}lvl")}
            num_id = num.get(f"{_W}numId")
            for override in num.findall(f"{_W}lvlOverride"):
                index = int(override.get(f"{_W}ilvl"))
                if (own := override.find(f"{_W}lvl")) is not None:
                    levels[index] = _level(own)
                if (start := override.find(f"{_W}startOverride")) is not None:
                    numbering._overridden.setdefault(num_id, {})[index] = int(start.get(f"{_W}val"))
            numbering._lists[num_id] = (definition.get(f"{_W}abstractNumId"), levels)
        return numbering

    def level_of_style(self, num_id: str, style: str) -> int:
        """The level of a list that belongs to a paragraph style, the outermost when none does."""
        _, levels = self._lists.get(num_id, ("", {}))
        return next((index for index, level in levels.items() if style and level.paragraph_style == style), 0)

    def next(self, num_id: str, index: int) -> str:
        """Number of the next paragraph at level `index` (0 the outermost) of a list, as words; "" for bullets."""
        if num_id not in self._lists:
            return ""
        group, levels = self._lists[num_id]
        level = levels.get(index)
        if level is None:
            return ""
        counts = self._counts.setdefault(group, {})
        override = self._overridden.get(num_id, {}).get(index)
        if override is not None and (num_id, index) not in self._started:
            counts[index] = override
        else:
            counts[index] = counts[index] + 1 if index in counts else level.start
        self._started.add((num_id, index))
        for deeper in [one for one in counts if one > index]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or index < restart:
                del counts[deeper]
        return re.sub(r"%([1-9])", lambda match: self._written(int(match[1]) - 1, counts, levels, level), level.text)

    @staticmethod
    def _written(index: int, counts: dict[int, int], levels: dict[int, _Level], at: _Level) -> str:
        level = levels.get(index, _Level())
        style = "decimal" if at.legal else level.style
        return ordinal(counts.get(index, level.start), style)


def _level(element: Any) -> _Level:
    def value(tag: str) -> str | None:
        child = element.find(f"{_W}{tag}")
        return None if child is None else child.get(f"{_W}val", "")

    style = value("numFmt") or "decimal"
    restart = value("lvlRestart")
    return _Level(
        start=int(value("start") or 1),
        style=style,
        text="" if style in ("bullet", "none") and "%" not in (value("lvlText") or "") else value("lvlText") or "",
        legal=element.find(f"{_W}isLgl") is not None,
        restart=int(restart) if restart else None,
        paragraph_style=value("pStyle") or "",
    )
