"""What the styles of an OpenDocument text say: hidden or struck words, titles, and the numbers of its lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from knowledge.parsing.loaders.numbering import ordinal
from knowledge.parsing.loaders.packages.zipped import attribute, below, child, local

HIDDEN: Final = "隐藏的文字"
STRUCK: Final = "划掉的文字"
_DEEPEST = 20  # styles that follow from each other
# The first of the numbers by which the format names itself (ODF 1.3 part 3, 20.314), and the formats of Word like it.
_FORMATS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一": "chineseCounting",
    "壹": "chineseLegalSimplified",
    "甲": "ideographTraditional",
    "子": "ideographZodiac",
    "①": "decimalEnclosedCircle",
    "１": "decimalFullWidth",
    "〇": "ideographDigital",
}


class Styles:
    """The styles of both parts of a document, the named ones and those that its paragraphs have for themselves."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._styles: dict[tuple[str, str], Any] = {}
        self.lists: dict[str, dict[int, Level]] = {}
        self.outline: dict[int, Level] = {}
        for root in roots:
            for one in below(root, "style"):
                self._styles[attribute(one, "family") or "", attribute(one, "name") or ""] = one
            for one in below(root, "list-style"):
                self.lists[attribute(one, "name") or ""] = _levels(one)
            for one in below(root, "outline-style"):
                self.outline = _levels(one)

    def gone_as(self, element: Any, family: str) -> str:
        """How words of this style are called that are not shown or struck; "" for text."""
        for properties in self._properties(element, family, "text-properties"):
            if attribute(properties, "display") is not None:
                return HIDDEN if attribute(properties, "display") == "none" else ""
            line = attribute(properties, "text-line-through-style") or attribute(properties, "text-line-through-type")
            if line is not None:
                return "" if line == "none" else STRUCK
        return ""

    def is_title(self, paragraph: Any) -> bool:
        """Whether a paragraph has the style for the title of a document."""
        return any(attribute(one, "name") == "Title" for one in self._line(paragraph, "paragraph"))

    def _properties(self, element: Any, family: str, name: str) -> list[Any]:
        found = (child(one, name) for one in self._line(element, family))
        return [one for one in found if one is not None]

    def _line(self, element: Any, family: str) -> list[Any]:
        """The style of an element and those it follows from, the nearest first."""
        line: list[Any] = []
        style = self._styles.get((family, attribute(element, "style-name") or ""))
        while style is not None and len(line) < _DEEPEST:
            line.append(style)
            style = self._styles.get((family, attribute(style, "parent-style-name") or ""))
        return line


@dataclass(frozen=True, slots=True)
class Level:
    """How the items of one level of a list are numbered; no `style` for bullets."""

    style: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown: int = 1  # levels that the number names
    pattern: str = ""  # `第%1%条`, which newer programs write instead of prefix and suffix


def _levels(style: Any) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for one in style:
        if not local(one).endswith(("-style-number", "-level-style")):
            continue
        shape = attribute(one, "num-format") or ""
        levels[int(attribute(one, "level") or 1)] = Level(
            _FORMATS.get(shape[:1], "decimal") if shape else "",
            attribute(one, "num-prefix") or "",
            attribute(one, "num-suffix") or "",
            int(attribute(one, "start-value") or 1),
            int(attribute(one, "display-levels") or 1),
            attribute(one, "num-list-format") or "",
        )
    return levels


@dataclass(slots=True)
class Counter:
    """The numbers of one list while its items are read; levels count from 1."""

    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)

    def next(self, level: int, start: int | None = None) -> str:
        """The number of the next item, as words; "" for a bullet."""
        shape = self.levels.get(level, Level())
        if start is not None:
            self.counts[level] = start
        else:
            self.counts[level] = self.counts[level] + 1 if level in self.counts else shape.start
        for deeper in [one for one in self.counts if one > level]:
            del self.counts[deeper]
        if not shape.style:
            return ""
        if shape.pattern:
            return re.sub(r"%([0-9]+)%", lambda found: self._written(int(found[1])), shape.pattern)
        named = range(max(1, level - shape.shown + 1), level + 1)
        return shape.prefix + ".".join(self._written(one) for one in named) + shape.suffix

    def _written(self, level: int) -> str:
        shape = self.levels.get(level, Level())
        return ordinal(self.counts.get(level, shape.start), shape.style or "none")
