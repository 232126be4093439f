"""Does a sentence say only what its sources say? A score in 0..1, and what is wrong with it if anything is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from assistant.generation import polarity
from assistant.generation.facts import Dated, Facts, Number, facts, is_time
from assistant.generation.sources import Source
from knowledge.normalise import searchable

ENOUGH: Final = 0.72  # of the weight of a sentence's characters must stand in its sources (see docs/verifier.md)
REACH: Final = 14  # characters before a number that tell what it counts


class Fault(StrEnum):
    """What is wrong with a sentence; the value is for programs."""

    NUMBER = "number"
    DATE = "date"
    ARTICLE = "article"
    REFERENCE = "reference"  # 文号
    COMPARATOR = "comparator"  # 以上 for 以下
    QUOTE = "quote"
    TITLE = "title"
    FORMULATION = "formulation"  # a 固定表述 cut short or changed
    POLARITY = "polarity"
    SUBJECT = "subject"
    WORDS = "words"
    UNCITED = "uncited"


#: Faults that make a sentence false in a figure. What differs so is removed by default.
OF_FIGURES: Final = frozenset({Fault.NUMBER, Fault.DATE, Fault.ARTICLE, Fault.REFERENCE, Fault.COMPARATOR})


@dataclass(frozen=True, slots=True)
class Finding:
    """`score` is the share of the sentence's content that its sources hold; with a `fault` they do not support it. `what`
    are the words at fault."""

    score: float
    fault: Fault | None = None
    what: str = ""


class Evidence:
    """One or more sources read for what they say."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.plain = "\n".join(searchable(source.text) for source in sources)
        self.titles = frozenset(searchable(source.document) for source in sources)
        self.editions = frozenset(int(one.edition) for one in sources if one.edition and one.edition.isdecimal())
        self._places = " ".join(searchable(f"{source.document} {source.address}") for source in sources)

    @cached_property
    def facts(self) -> Facts:
        return facts(self.plain)

    @cached_property
    def of_place(self) -> Facts:
        """The article and title that stand in the address."""
        return facts(self._places)

    @cached_property
    def clauses(self) -> list[polarity.Clause]:
        return polarity.clauses(self.plain)

    @cached_property
    def bigrams(self) -> frozenset[str]:
        return frozenset(_bigrams(f"{self.plain}\n{self._places}"))

    @cached_property
    def squeezed(self) -> str:
        return _squeeze(self.plain)


class Weights:
    """How much a character's being there or not says: rare ones more. Learnt from the sources of one answer."""

    def __init__(self, sources: Iterable[Source]) -> None:
        every = [set(searchable(source.text)) for source in sources]
        self._count = len(every)
        self._frequency = Counter(character for characters in every for character in characters)

    def of(self, character: str) -> float:
        """The inverse document frequency, at least .3."""
        return max(0.3, math.log((self._count + 1) / (self._frequency[character] + 0.5)))


def judge(text: str, evidence: Evidence, weights: Weights, formulations: Sequence[str] = ()) -> Finding:
    """How far `evidence` supports the sentence `text`. `formulations` are 固定表述 that must be kept whole."""
    plain = searchable(text)
    said = facts(plain)
    found = (
        _wrong_figure(plain, said, evidence)
        or _wrong_words(plain, said, evidence, formulations)
        or _turned(plain, evidence)
    )
    score = covered(plain, evidence, weights)
    if found:
        return Finding(score, *found)
    return Finding(score) if score >= ENOUGH else Finding(score, Fault.WORDS, text)


def _wrong_figure(plain: str, said: Facts, evidence: Evidence) -> tuple[Fault, str] | None:
    held, place = evidence.facts, evidence.of_place
    for date in said.dates:
        if not any(date.within(other) for other in held.dates) and not _of_edition(date, evidence):
            return Fault.DATE, plain[date.start : date.end]
    for reference in said.references:
        if not any(reference.says(other) for other in held.references):
            return Fault.REFERENCE, f"{reference.issuer}{reference.year}-{reference.number}"
    for number in said.numbers:
        words = plain[number.start : number.end]
        if number.article:
            if not any(number.says(other) for other in (*held.numbers, *place.numbers)):
                return Fault.ARTICLE, words
            continue
        same = [other for other in held.numbers if number.says(other)]
        if not same and not _vague(number, held):
            return Fault.NUMBER, words
        if same and _of_something_else(plain, number, said, evidence):
            return Fault.NUMBER, words
        if same and (compared := _compared(plain, number)) is not None:
            others = {_compared(evidence.plain, other) for other in same}
            if not any(_same_comparison(compared, other) for other in others if other is not None):
                return Fault.COMPARATOR, words
    return None


def _wrong_words(plain: str, said: Facts, evidence: Evidence, formulations: Sequence[str]) -> tuple[Fault, str] | None:
    for quote in said.quotes:
        if _squeeze(quote) not in evidence.squeezed:
            return Fault.QUOTE, quote
    for title in said.titles:
        if title not in evidence.titles and title not in evidence.plain:
            return Fault.TITLE, title
    squeezed = _squeeze(plain)
    for formulation in formulations:
        if cut := _cut_short(squeezed, _squeeze(searchable(formulation)), evidence.squeezed):
            return Fault.FORMULATION, cut
    return None


def _turned(plain: str, evidence: Evidence) -> tuple[Fault, str] | None:
    if clause := polarity.turned(polarity.clauses(plain), evidence.clauses):
        return Fault.POLARITY, clause
    return None


# ------------------------------------------------------------------ words

_SQUEEZED = re.compile(r"[^0-9a-z\u3400-\u9fff%]")
_CONTENT = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
#: Words that carry no claim of their own.
_EMPTY = re.compile(
    r"根据|依据|按照|依照|遵照|规定|明确|指出|提出|其中|此外|同时|另外|因此|所以|具体|主要|包括|如下|以下|以上|"
    r"以及|或者|并且|如果|的话|对于|关于|有关|相关|应当|可以|必须|不得|这些|那些|这|那|其|的|了|在|和|与|及|是|为|等|并|也|还|"
    r"(?:不得?|不应|不能)?(?:超过|高于|低于|少于|多于)|最[多少高低长短迟]|至[多少]|文件|"
    r"将|把|就|而|则|即|都|均|于|或|要|应|须|需|可|由|对|向|到|时|上|中|内|后|前|一|个|有|且|当"
)
_NUMERALS = re.compile(r"[0-9〇零一二三四五六七八九十百千万亿两]+")


def covered(plain: str, evidence: Evidence, weights: Weights) -> float:
    """The share of the weight of the content characters of `plain` that stand in the evidence beside the same
    neighbour. 1.0 when there is no content at all."""
    bigrams = evidence.bigrams
    empty = bytearray(len(plain))
    for pattern in (_EMPTY, _NUMERALS):
        for match in pattern.finditer(plain):
            empty[match.start() : match.end()] = b"\1" * len(match[0])
    total = got = 0.0
    for match in _CONTENT.finditer(plain):
        start, end = match.span()
        if empty[start]:
            continue
        weight = weights.of(plain[start])
        total += weight
        if end - start > 1:
            got += weight * (match[0] in evidence.plain)
        elif plain[start - 1 : end] in bigrams or plain[start : end + 1] in bigrams:
            got += weight
    return got / total if total else 1.0


def _bigrams(text: str) -> Iterable[str]:
    return (text[place : place + 2] for place in range(len(text) - 1))


def _squeeze(text: str) -> str:
    return _SQUEEZED.sub("", text)


def _cut_short(said: str, formulation: str, source: str) -> str:
    """What `said` makes of a formulation it does not hold whole: most of it, in words that the source has nowhere else."""
    if len(formulation) < 4 or formulation in said:
        return ""
    shortest = max(4, math.ceil(len(formulation) * 0.6))
    for length in range(len(formulation) - 1, shortest - 1, -1):
        for start in range(len(formulation) - length + 1):
            piece = formulation[start : start + length]
            if piece in said and piece not in source.replace(formulation, "+"):
                return piece
    return ""


# ------------------------------------------------------------------ figures


def _of_edition(date: Dated, evidence: Evidence) -> bool:
    return date.month is None and date.year in evidence.editions


def _vague(number: Number, held: Facts) -> bool:
    """`一个` and the like are no figure, unless the source counts the same things otherwise."""
    if number.value != 1 or number.ordinal or is_time(number.unit) or number.unit in ("", "份额", "元", "倍", "次"):
        return False
    return not any(other.unit == number.unit and not other.ordinal for other in held.numbers)


def _of_something_else(plain: str, number: Number, said: Facts, evidence: Evidence) -> bool:
    """Whether the words beside the number stand in the source beside another number of the same unit."""
    rivals = [other for other in evidence.facts.numbers if other.unit == number.unit and not other.ordinal]
    if number.ordinal or len({other.value for other in rivals}) < 2:
        return False
    mine = _beside(plain, number, said.numbers)
    shared = [(number.says(one), len(mine & _beside(evidence.plain, one, evidence.facts.numbers))) for one in rivals]
    same = max((size for equal, size in shared if equal), default=0)
    other = max((size for equal, size in shared if not equal), default=0)
    return other > same + 1


def _beside(text: str, number: Number, every: Sequence[Number]) -> frozenset[str]:
    """Bigrams of the words before a number back to the last figure or full stop, and of the few after it."""
    start = max(0, number.start - REACH)
    for other in every:
        if other.end <= number.start and other.unit == number.unit:
            start = max(start, other.end)
    before = re.split(r"[。;\n]", text[start : number.start])[-1]
    after = re.split(r"[。;,、\n]", text[number.end : number.end + 6])[0]
    return frozenset(pair for part in (before, after) for pair in _bigrams(_SQUEEZED.sub("", part)))


_AT_MOST, _AT_LEAST, _MORE, _LESS, _BEFORE, _AFTER = "at most", "at least", "more", "less", "before", "after"
_BEFORE_NUMBER = (
    (_AT_MOST, r"(?:不得?|不应|不能|未)(?:超过|高于|多于|大于|晚于|迟于)|最多|至多|最长|最高|最大|最迟|上限[为是]?"),
    (_AT_LEAST, r"(?:不得?|不应|不能)(?:少于|低于|小于|短于)|至少|最少|最低|最短|起码|下限[为是]?|满"),
    (_MORE, r"超过|多于|高于|大于|逾"),
    (_LESS, r"(?:不满|不足|未满|少于|低于|小于|未达到?|不到)"),
)
_AFTER_NUMBER = (
    (_AT_MOST, r"(?:及|或者?)?以下|(?:以|之)?内|为限"),
    (_AT_LEAST, r"(?:及|或者?)?以上|起(?!草)"),
    (_BEFORE, r"(?:以|之)?前"),
    (_AFTER, r"(?:以|之)?后"),
)


def _compared(text: str, number: Number) -> str | None:
    """How the text compares something with the number; "" when it does not, None for what cannot be compared."""
    if number.ordinal:
        return None
    before, after = text[max(0, number.start - 6) : number.start], text[number.end : number.end + 4]
    kinds = [kind for kind, words in _BEFORE_NUMBER if re.search(rf"(?:{words})[为是了]?$", before)][:1]
    kinds += [kind for kind, words in _AFTER_NUMBER if re.match(words, after)]
    return kinds[0] if kinds else ""


def _same_comparison(said: str, source: str) -> bool:
    """A limit may be told as a figure (十五日内 as 十五日); 五年以上 not as 五年."""
    return said == source or (not said and source == _AT_MOST)
