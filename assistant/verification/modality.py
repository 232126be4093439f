"""Whether a rule is turned round: 不得 for 可以, 可以 for 应当, a 不 lost or added, an exception made a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from itertools import pairwise
from pathlib import Path
from typing import Final

from knowledge.text.word_lists import WordLists, Words

LIKE: Final = 0.55  # so alike must two clauses be before their polarity is compared
NEARLY: Final = 0.85  # clauses so nearly as alike as the best one are compared as well


class Polarity(Flag):
    """What a clause does with what it speaks of."""

    PLAIN = 0
    NOT = auto()
    BAN = auto()
    MUST = auto()
    MAY = auto()
    WISH = auto()
    EXCEPT = auto()

    @property
    def denies(self) -> bool:
        return bool(self & (Polarity.NOT | Polarity.BAN))

    @property
    def narrows(self) -> bool:
        """Whether it says no, or not to some: `不算在内` and `除外` say the same."""
        return self.denies or Polarity.EXCEPT in self


LISTS: Final = WordLists(Path(__file__).with_name("lists") / "modality.yaml")

#: Words that hold a 不, 非 or 无 and deny nothing; comparisons of numbers are looked at elsewhere.
_NO_DENIAL = LISTS.words("no_denial")
#: Of two that begin at the same place the one later in Polarity counts: 不得 is a ban, no 不.
_TOKEN = Words(lambda: "|".join(f"(?P<{kind.name}>{LISTS[str(kind.name).lower()]})" for kind in reversed(Polarity)))
_CLAUSE = re.compile(r"[^,。;:!?\n]+")
_CONDITION = re.compile(r"((?<=[\u4e00-\u9fff]{3})的)(?=可|应|须|必须|不[得予准许]|要|由|给予)")
_EXCEPTED = re.compile(r"除([^,。;]{2,40}?)(?:以|之)?外|([^,。;]{2,30})(?:除外|例外)")
_OPPOSITES: Final = {
    one: other
    for pair in (
        "前后",
        "内外",
        "上下",
        "增减",
        "升降",
        "高低",
        "多少",
        "长短",
        "早晚",
        "正副",
        "有无",
        "单双",
        "男女",
        "新旧",
        "进出",
        "公私",
        "大小",
        "首末",
        "轻重",
        "快慢",
    )
    for one, other in (pair, reversed(pair))
}
_DENIES: Final = "非|未|无|不|没有|没"
_DENIED_NOUN = re.compile(r"[非未无]([\u4e00-\u9fff]{3})")
_GENERAL = LISTS.words("general")
_RESERVE = LISTS.words("reserve")
AND: Final = re.compile(r"[、和或及与]|以及|或者")
_WORDS = re.compile(r"[\u4e00-\u9fff]+")
_QUOTE_MARK = re.compile(r"[“”‘’\"]")
_ADVERB = Words(lambda: f"^(?:{LISTS['adverb']})*")
_LIGHT = LISTS.words("light")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a plain text between two pauses (or of two together), with the bigrams of what it speaks of."""

    text: str
    bigrams: frozenset[str]
    polarity: Polarity
    heads: tuple[tuple[str, Polarity], ...]  # what is forbidden, ordered, allowed: the first two characters of it


def clauses(plain: str) -> list[Clause]:
    """The clauses of `plain`, and every two neighbours together."""
    alone = [match[0] for match in _CLAUSE.finditer(_CONDITION.sub(r"\1,", plain))]
    pairs = [f"{first},{second}" for first, second in pairwise(alone)]
    return [Clause(text, _bigrams(text), polarity_of(text), tuple(_heads(text))) for text in (*alone, *pairs)]


def turned(said: Sequence[Clause], sources: Sequence[Clause]) -> str:
    """The first clause of `said` that speaks of what a clause of `sources` does but the other way round; "" if none."""
    singles = [one for one in said if "," not in one.text]
    for clause in singles:
        if not all(_head_agrees(head, what, sources) for head, what in clause.heads):
            return clause.text
        if len(clause.bigrams) < 2:
            continue
        likeness = [(_alike(clause, one), one) for one in sources]
        best = max((value for value, _ in likeness), default=0.0)
        if best < LIKE:
            continue
        compared = [one for value, one in likeness if value >= best * NEARLY]
        if not any(_agree(clause.polarity, one.polarity) for one in compared) and not _told_in_two(
            clause, said, compared, best
        ):
            return clause.text
    return _exception_lost(said, sources) or _made_general(said, sources) or _opposite(said, sources)


def _told_in_two(clause: Clause, said: Sequence[Clause], compared: Sequence[Clause], likeness: float) -> bool:
    """Whether a clause and its neighbour together do what one clause of the sources does: `十年内不准入境，自驱逐之日起`."""
    if clause.polarity:
        return False
    pairs = [one for one in said if "," in one.text and clause.text in one.text.split(",")]
    return any(
        _agree(pair.polarity, one.polarity) and _alike(pair, one) >= likeness * NEARLY
        for pair in pairs
        for one in compared
    )


def _head_agrees(head: str, said: Polarity, sources: Sequence[Clause]) -> bool:
    """Whether what is forbidden, ordered or allowed is so in the sources as well, if they speak of it at all."""
    held = [other for one in sources for what, other in one.heads if what == head]
    if held:
        return any(_agree(said, other) for other in held)
    if not said.denies:
        return True
    plainly = [one for one in sources if "," not in one.text and head in one.text]
    return not plainly or any(polarity_of(one.text.partition(head)[0]).denies for one in plainly)


def _exception_lost(said: Sequence[Clause], sources: Sequence[Clause]) -> str:
    """The clause that says of what the sources except the same as of everything else."""
    excepted = {
        term
        for one in sources
        for match in _EXCEPTED.finditer(one.text)
        for term in AND.split(re.sub(r"的$", "", match[1] or match[2] or ""))
        if len(term) > 1
    }
    whole = ",".join(one.text for one in said)
    if Polarity.EXCEPT in (polarity := polarity_of(whole)) or polarity.denies:
        return ""
    return next((term for term in excepted if term in whole), "")


def _made_general(said: Sequence[Clause], sources: Sequence[Clause]) -> str:
    """The word that makes a rule general which the sources give with a reserve; "" if none."""
    whole, source = (",".join(one.text for one in some) for some in (said, sources))
    word = _GENERAL.search(whole)
    return word[0] if word and not _GENERAL.search(source) and _RESERVE.search(source) else ""


def _opposite(said: Sequence[Clause], sources: Sequence[Clause]) -> str:
    """Words of a sentence that stand in the sources with one of them in its opposite: 结束前 for 结束后, 涉密 for 非涉密."""
    whole, source = ("。".join(one.text for one in some if "," not in one.text) for some in (said, sources))
    for place, character in enumerate(whole):
        other = _OPPOSITES.get(character) if whole[max(0, place - 1) : place] != "没" else None
        before, after = whole[max(0, place - 2) : place], whole[place + 1 : place + 3]
        for words, turned_round in (
            (f"{before}{character}", f"{before}{other}"),
            (f"{character}{after}", f"{other}{after}"),
        ):
            if other and len(words) == 3 and _WORDS.fullmatch(words) and words not in source and turned_round in source:
                return words
    for words in {match[1] for match in _DENIED_NOUN.finditer(source)}:
        denied = source.count(words) == len(re.findall(f"(?:{_DENIES}){words}", source))
        if denied and whole.count(words) > len(re.findall(f"(?:{_DENIES}){words}", whole)):
            return words
    return ""


def _agree(said: Polarity, source: Polarity) -> bool:
    """Whether a clause keeps what the source does. A duty may be told plainly (`由馆长批准`), a permission may not."""
    if said.narrows != source.narrows:
        return False
    if said.narrows and not (said | source) & (Polarity.BAN | Polarity.EXCEPT):  # 应当不予 for 可以不予
        both = (said, source), (source, said)
        return not any(Polarity.MUST in one and Polarity.MAY in other & ~one for one, other in both)
    if said.narrows:
        return not any(Polarity.BAN in one and Polarity.MAY in other for one, other in ((said, source), (source, said)))
    if Polarity.MUST in said and Polarity.MUST not in source and Polarity.WISH in source:
        return False
    return (Polarity.MAY in said and Polarity.MUST not in said) == (
        Polarity.MAY in source and Polarity.MUST not in source
    )


def polarity_of(text: str) -> Polarity:
    """Everything that a plain text does with what it speaks of."""
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
            head = _QUOTE_MARK.sub("", _ADVERB.sub("", between, count=1))[:2]
            if _WORDS.fullmatch(head):  # a single character only at the end: 补贴不会扣
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
