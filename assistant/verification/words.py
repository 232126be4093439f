"""How much of a sentence's wording stands in its sources, and which words stand nowhere in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from assistant.verification.evidence import Evidence, Weights
from knowledge.text.quantities import AMOUNT, written
from knowledge.text.word_lists import WordLists

STRANGE: Final = 0.05  # what each character of a word that the sources do not have takes off the score

_CONTENT = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "words.yaml")
#: Words that carry no claim of their own.
_EMPTY_WORDS = LISTS.words("empty")
_STRETCH = re.compile(r"[,;:。、!?]|以及|或者|及|和")
#: Units that say nothing by themselves; those that name a thing (卷, 块, 厘米) are words as well.
_SILENT_UNITS = written(
    *("年", "个月", "月", "日", "工作日", "小时", "分钟", "人", "次", "倍", "元", "届", "级", "方面", "点"),
    *("项", "类", "种", "条", "款", "票", "家", "字"),
)
_NUMERALS = re.compile(rf"[0-9{AMOUNT}半]+(?:{_SILENT_UNITS}|时|角|成)?")


def score(plain: str, evidence: Evidence, weights: Weights) -> float:
    """The share of the weight of the content characters of `plain` that stand in the evidence beside the same neighbour,
    less something for each character of a word (two together) that does not. 1.0 without any content."""
    known = _known(plain, evidence.bigrams, evidence.plain)
    total = got = 0.0
    strange = run = 0
    for place, character in enumerate(plain):
        if known[place] is None:
            run = 0
            continue
        weight = weights.of(character)
        total += weight
        if known[place]:
            got += weight
            run = 0
        else:
            run += 1
            strange += 2 if run == 2 else run > 2
    return max(0.0, got / total - STRANGE * strange) if total else 1.0


def foreign(plain: str, evidence: Evidence) -> str:
    """The first word of `plain` that stands nowhere in the passages of the evidence: two content characters or more, or
    one that does not stand there even beside other neighbours. "" if none."""
    run = ""
    known = _known(plain, evidence.bigrams_beside, evidence.beside)
    for character, found in zip(f"{plain}。", [*known, None], strict=True):
        if found is False:
            run += character
            if character not in evidence.beside:
                return run
        elif len(run) > 1:
            return run
        else:
            run = ""
    return ""


def weakest(plain: str, evidence: Evidence) -> tuple[float, str]:
    """The share of known content of that stretch of `plain` (an item of a list, a clause) that the evidence knows least,
    and the stretch; (1.0, "") when none says anything."""
    found = (1.0, "")
    for stretch in _STRETCH.split(plain):
        known = [one for one in _known(stretch, evidence.bigrams, evidence.plain) if one is not None]
        if len(known) > 1:
            found = min(found, (sum(known) / len(known), stretch))
    return found


def content(plain: str) -> int:
    """How many characters of `plain` carry a claim."""
    empty = _empty(plain)
    return sum(not empty[match.start()] for match in _CONTENT.finditer(plain))


def share(plain: str, bigrams: frozenset[str], weights: Weights) -> float:
    """The share of the weight of the content characters of `plain` that stand in some text with these bigrams."""
    known = _known(plain, bigrams, "")
    weighed = [
        (weights.of(character), found) for character, found in zip(plain, known, strict=True) if found is not None
    ]
    total = sum(weight for weight, _ in weighed)
    return sum(weight for weight, found in weighed if found) / total if total else 0.0


def _known(plain: str, bigrams: frozenset[str], text: str) -> list[bool | None]:
    """For each character whether a text has it beside the same neighbour; None where it carries no claim."""
    empty = _empty(plain)
    known: list[bool | None] = [None] * len(plain)
    for match in _CONTENT.finditer(plain):
        start, end = match.span()
        if empty[start]:
            continue
        beside = plain[start - 1 : end] in bigrams or plain[start : end + 1] in bigrams
        found = match[0] in text if end - start > 1 else beside
        known[start:end] = [found] * (end - start)
    return known


def _empty(plain: str) -> bytearray:
    empty = bytearray(len(plain))
    for pattern in (_EMPTY_WORDS, _NUMERALS):
        for match in pattern.finditer(plain):
            empty[match.start() : match.end()] = b"\1" * len(match[0])
    return empty
