"""Whether a rule is turned round: 不得 for 可以, 可以 for 应当, a 不 lost or added, an exception made a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from itertools import pairwise
from typing import Final

LIKE: Final = 0.55  # so alike must two clauses be before their polarity is compared
NEARLY: Final = 0.85  # clauses so nearly as alike as the best one are compared as well


class Polarity(Flag):
    """What a clause does with what it speaks of."""

    PLAIN = 0
    NOT = auto()
    MUST = auto()
    MAY = auto()
    EXCEPT = auto()


#: Words that hold a 不, 非 or 无 and deny nothing; comparisons of numbers are looked at elsewhere.
_NO_DENIAL = re.compile(
    r"不(?:仅|但|论|管|断|同|良|当(?!场)|正当|动产|法|端|实|服|得已|可抗力|少于|低于|超过|高于|多于|大于|小于|满|足|得超过|得少于|得低于|"
    r"得高于|得多于|应超过|等|懈|忘|变|利|力|特定|定期|可或缺|可分割|折不扣|平衡|协调|知)|"
    r"非(?:常|法|公|遗|凡|物质)|无(?:论|偿|关|私|线|形)|未(?:来|成年|满|婚)|并非易事|没收|别|难免|免(?:费|疫|税)|否则|是否|能否|可否"
)
_PATTERNS: Final = (
    (
        Polarity.NOT,
        r"不得|不准|不许|不能|不应当?|不可以?|不允许|不宜|不予|不再|禁止|严禁|不|未|没有|没|无需|无须|无|勿|非|免于|免予|免除",
    ),
    (Polarity.MUST, r"应当?|必须|务必|须|需要?|有义务|有责任|要(?!求|件|素|点|害|闻|职|案|情)"),
    (Polarity.MAY, r"可以|可(?!持续|靠|能|行|疑|操作)|有权|允许|准许|得以|能够"),
    (Polarity.EXCEPT, r"除外|除.{1,40}外|例外|不受.{0,12}限制|不在此限|不适用"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind.name}>{words})" for kind, words in reversed(_PATTERNS)))
_CLAUSE = re.compile(r"[^,。;:!?、\n]+")
_WORDS = re.compile(r"[\u4e00-\u9fff]+")
_ADVERB = re.compile(r"^(?:依法|依规|依纪|及时|立即|当场|按时|按期|严格|认真|切实|再|还|也|都|均|一律|同时|全部|另行)*")
_LIGHT = re.compile(
    r"应当?|必须|可以|不得|的|了|在|其|由|对|向|将|把|并|和|与|及|或|者|是|为|也|还|均|都|所|按照|根据|依照|规定"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a plain text between two pauses (or of two together), with the bigrams of what it speaks of."""

    text: str
    bigrams: frozenset[str]
    polarity: Polarity
    heads: tuple[tuple[str, Polarity], ...]  # what is forbidden, ordered, allowed: the first two characters of it


def clauses(plain: str) -> list[Clause]:
    """The clauses of `plain`, and every two neighbours together."""
    alone = [match[0] for match in _CLAUSE.finditer(plain)]
    pairs = [f"{first},{second}" for first, second in pairwise(alone)]
    return [Clause(text, _bigrams(text), _polarity(text), tuple(_heads(text))) for text in (*alone, *pairs)]


def turned(said: Sequence[Clause], sources: Sequence[Clause]) -> str:
    """The first clause of `said` that speaks of what a clause of `sources` does but the other way round; "" if none."""
    heads = [head for one in sources for head in one.heads]
    for clause in said:
        if "," in clause.text:
            continue
        for head, polarity in clause.heads:
            held = [other for what, other in heads if what == head]
            if held and not any(_agree(polarity, other) for other in held):
                return clause.text
        if len(clause.bigrams) < 2:
            continue
        likeness = [(_alike(clause, one), one) for one in sources]
        best = max((value for value, _ in likeness), default=0.0)
        if best < LIKE:
            continue
        compared = [one for value, one in likeness if value >= best * NEARLY]
        if not any(_agree(clause.polarity, one.polarity) for one in compared):
            return clause.text
    return ""


def _agree(said: Polarity, source: Polarity) -> bool:
    """Whether a clause keeps what the source does. A duty may be told plainly (`由馆长批准`), a permission may not."""
    if (Polarity.NOT in said) != (Polarity.NOT in source) or (Polarity.EXCEPT in said) != (Polarity.EXCEPT in source):
        return False
    if Polarity.NOT in said:
        return True
    return (Polarity.MAY in said and Polarity.MUST not in said) == (
        Polarity.MAY in source and Polarity.MUST not in source
    )


def _polarity(text: str) -> Polarity:
    found = Polarity.PLAIN
    for match in _TOKEN.finditer(_NO_DENIAL.sub("+", text)):
        assert match.lastgroup is not None
        found |= Polarity[match.lastgroup]
    return found


def _heads(text: str) -> Iterator[tuple[str, Polarity]]:
    plain = _NO_DENIAL.sub("+", text)
    found = Polarity.PLAIN
    end = -1
    for match in [*_TOKEN.finditer(plain), None]:
        between = plain[end : match.start() if match else len(plain)] if end >= 0 else ""
        if found and not (match and _ADVERB.fullmatch(between)):
            head = _ADVERB.sub("", between, count=1)[:2]
            if _WORDS.fullmatch(head) and len(head) == 2:
                yield head, found
            found = Polarity.PLAIN
        if match:
            assert match.lastgroup is not None
            found |= Polarity[match.lastgroup]
            end = match.end()


def _bigrams(text: str) -> frozenset[str]:
    plain = _LIGHT.sub(" ", _TOKEN.sub(" ", text))
    runs = _WORDS.findall(plain)
    return frozenset(run[place : place + 2] for run in runs for place in range(max(1, len(run) - 1)))


def _alike(one: Clause, other: Clause) -> float:
    """Dice coefficient of the bigrams."""
    both = len(one.bigrams & other.bigrams)
    return 2 * both / (len(one.bigrams) + len(other.bigrams)) if both else 0.0
