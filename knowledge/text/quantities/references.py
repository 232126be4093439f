"""References: 文号 (`中发〔2015〕31号`) and places in a text (`第五十九条`, `第十条之一`, `第三条第二款第（一）项`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.text.quantities.numerals import NUMERAL, to_chinese, to_int

#: The brackets around the year of a 文号.
OPENING: Final = r"[〔\[［（(【]"
CLOSING: Final = r"[〕\]］）)】]"
_GAP: Final = "[ 　]*"
#: A 文号 from the bracket on; the groups are the year and the number. Before it stands the code of who issued it.
DOC_NO: Final = (
    rf"{_GAP}{OPENING}{_GAP}(?P<year>[12][0-9]{{3}}){_GAP}{CLOSING}{_GAP}第?{_GAP}(?P<number>[0-9]{{1,5}}){_GAP}号"
)
#: What joins the two ends of a range: 三至五年, 第八条到第十条.
TO: Final = r"(?:至|到|[-~—－]+)"

#: The number of an article at the start of its text, with its 之一.
ARTICLE_LABEL: Final = rf"第[{NUMERAL}]+条(?:之[{NUMERAL}]+)?"
#: A numbered part of a text, of any level.
PART: Final = rf"第[{NUMERAL}]+[编章节条款项]"

_ONE: Final = rf"[{NUMERAL}]{{1,7}}"
_SMALL: Final = rf"[{NUMERAL}]{{1,3}}"
_PLACE = re.compile(
    rf"(?P<mark>第)?(?P<number>{_ONE})条(?!例|件|款规定的全)(?:之(?P<sub>{_SMALL})(?![{NUMERAL}]|[种类个]))?"
    rf"(?:的?第?(?P<paragraph>{_SMALL})款)?(?:的?第?[(]?(?P<item>{_SMALL})[)]?项)?"
)
_RANGE = re.compile(rf"第?({_ONE})条?{TO}第?({_ONE})条")
_DOC_NO = re.compile(rf"(?P<code>[\u4e00-\u9fff]{{1,12}}){DOC_NO}")
WIDEST_RANGE: Final = 20  # articles


@dataclass(frozen=True, slots=True)
class Reference:
    """A 文号 at `start:end`. `issuer` may begin with words that stood before it."""

    issuer: str
    year: int
    number: int
    start: int
    end: int

    def says(self, other: Reference) -> bool:
        """Whether both are the same, whatever words stand before."""
        if (self.year, self.number) != (other.year, other.number):
            return False
        return self.issuer.endswith(other.issuer[-2:]) or other.issuer.endswith(self.issuer[-2:])


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """第`number`条之`sub`第`paragraph`款第（`item`）项; a part that is not named is None."""

    number: int
    paragraph: int | None = None
    item: int | None = None
    sub: int | None = None

    def __str__(self) -> str:
        """`第五十九条第二款第（一）项` as official documents write it."""
        text = f"第{to_chinese(self.number)}条"
        if self.sub:
            text += f"之{to_chinese(self.sub)}"
        if self.paragraph:
            text += f"第{to_chinese(self.paragraph)}款"
        if self.item:
            text += f"第（{to_chinese(self.item)}）项"
        return text


@dataclass(frozen=True, slots=True)
class Place:
    """An article named at `start` of a text; `marked` when 第 stands before its number, else it may count articles."""

    ref: ArticleRef
    start: int
    marked: bool


def doc_nos(text: str) -> Iterator[Reference]:
    """The 文号 of a text in reading order."""
    for match in _DOC_NO.finditer(text):
        yield Reference(match["code"], int(match["year"]), int(match["number"]), *match.span())


def article_ranges(plain: str) -> Iterator[ArticleRef]:
    """Every article of the ranges that a searchable text names: 八 to 十 of `第八至十条`; none of more than twenty articles."""
    for first, last in _RANGE.findall(plain):
        low, high = to_int(first), to_int(last)
        if low and high and low < high <= low + WIDEST_RANGE:
            yield from (ArticleRef(number) for number in range(low, high + 1))


def places(plain: str) -> Iterator[Place]:
    """The articles that a searchable text names one by one, in reading order."""
    for match in _PLACE.finditer(plain):
        if number := to_int(match["number"]):
            paragraph, item, sub = (to_int(match[name] or "") or None for name in ("paragraph", "item", "sub"))
            yield Place(ArticleRef(number, paragraph, item, sub), match.start(), bool(match["mark"]))


def article_number(label: str) -> tuple[int, int] | None:
    """The number of an article's label and of its 之: `第五十九条` -> (59, 0), `第十条之一` -> (10, 1)."""
    match = re.fullmatch(rf"第([{NUMERAL} 　]+)条(?:之([{NUMERAL}]+))?", label)
    number = to_int(match[1]) if match else None
    return None if match is None or number is None else (number, to_int(match[2] or "") or 0)
