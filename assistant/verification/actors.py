"""Who does it: offices and persons of a text, and whether they act or are acted upon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from assistant.verification.bindings import around_actor, mixed_up
from assistant.verification.modality import AND
from knowledge.text.word_lists import WordLists, Words

LISTS: Final = WordLists(Path(__file__).with_name("lists") / "actors.yaml")

#: What names of offices and persons end in.
_ENDING = LISTS.words("ending")
_FUNCTION = "按即若果这那到先听因再允找任由向经报告和与及或、对被是的给同在将把送知求让使令为,。;:!?(“《+\n当应须可要得并且其各该本每"
_PERSON = re.compile(r"(.*?)(人员|本人|个人|人|者|员)")
_CLEAR = "由向经被对,。;:\n"
_LEVEL = re.compile(r"上一级|上级|下一级|下级|同级|本级|派出|派驻|所在")
_ORDER = re.compile(r"先[^。;]*?(?:再|然后|最后|才|之后)")
_ACTED_UPON = Words(lambda: f"(?:{LISTS['acted_upon']})$")
_ACTS_AFTER = LISTS.words("acts_after")
_ACTS_BEFORE = re.compile(r"(?:由|经|被|[,。;:\n]|^)$")


class Part(StrEnum):
    """What an actor does in a clause."""

    ACTS = "acts"
    ACTED_UPON = "acted upon"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Mention:
    """One actor in a text. `name` is as much of it as stands before its ending without a function word, at most eight
    characters; `tail` its last two or three, which other texts must share to mean the same. `clean` when a pause or a word
    like 由 stands before it, so that the name begins where it seems to."""

    name: str
    tail: str
    part: Part
    start: int
    end: int
    clean: bool = False

    def same(self, other: Mention) -> bool:
        """Whether both may be the same: 工作人员 and 接待工作人员, 大型机构 and 大型养老机构, but not 镇级河长 and 村级河长."""
        short, long = sorted((self.name, other.name), key=len)
        left = iter(long)
        return short[-2:] == long[-2:] and all(character in left for character in short)


def mentions(plain: str) -> list[Mention]:
    """The actors of a plain text in reading order."""
    found = list(_mentions(plain))
    return [one for one in found if not any(other.start <= one.start and one.end < other.end for other in found)]


def stranger(said: Sequence[Mention], source: str, places: str) -> str:
    """The first actor of a sentence whom neither the source nor the `places` (titles and addresses) know; "" if none."""
    for one in said:
        person = _PERSON.fullmatch(one.name)
        if person and _of(person[1], source) and (person[2] in source or (person[1] and person[2] in ("本人", "个人"))):
            continue  # 休养人员, where the source says 参加休养的人员; 公民个人
        if one.tail not in source and one.tail not in places:
            return one.name
        begins = one.name[:-2] if one.clean else ""  # 乡镇 in 乡镇领导班子
        known = f"{source}\n{places}"
        if len(begins) > 1 and not any(begins[place : place + 2] in known for place in range(len(begins) - 1)):
            return one.name
    return ""


def another_level(plain: str, known: str) -> str:
    """The first word of rank or place of a sentence that the sources do not use: 上一级 where they name none; "" if none."""
    return next((match[0] for match in _LEVEL.finditer(plain) if match[0] not in known), "")


def changed_sides(said: Sequence[Mention], sources: Sequence[Mention]) -> str:
    """The first actor who acts where in the sources he is only acted upon, or the other way round; "" if none."""
    for one in said:
        parts = {other.part for other in sources if one.same(other)}
        if one.part is not Part.UNCLEAR and parts and Part.UNCLEAR not in parts and one.part not in parts:
            return one.name
    return ""


def mixed_up_with(plain: str, said: Sequence[Mention], source: str, sources: Sequence[Mention]) -> str:
    """The first actor who does what another actor does in the source; "" if none."""
    acting = [
        one.start for one in sources if one.part is Part.ACTS and (not one.start or source[one.start - 1] in ",。;\n")
    ]
    for one in said:
        if plain[max(0, one.start - 1) : one.start] == "的":
            continue  # 打击报复信访人的工作人员 is who did it, whatever stands before
        same = [other for other in sources if one.same(other)]
        others = [
            around_actor(source, other)
            for other in sources
            if other not in same
            and not _joined(source, same, other)
            and {one.part, other.part} != {Part.ACTS, Part.ACTED_UPON}
        ]
        right = [
            around_actor(source, other, next((start for start in acting if start > other.start), len(source)))
            for other in same
        ]
        if same and others and mixed_up(around_actor(plain, one), right, others, by_side=True):
            return one.name
    return ""


def out_of_order(plain: str, said: Sequence[Mention], sources: Sequence[Mention]) -> str:
    """The first actor whom a sentence with `先……再……` puts before another who comes first in the sources; "" if none."""
    order = _ORDER.search(plain)
    if order is None:
        return ""
    early = [one for one in said if order.start() <= one.start < order.end()]
    late = [one for one in said if one.start >= order.end()]
    for one in early:
        for other in late:
            first = [place.start for place in sources if one.same(place) and not other.same(place)]
            then = [place.start for place in sources if other.same(place) and not one.same(place)]
            if first and then and min(first) > max(then):
                return one.name
    return ""


def _joined(text: str, some: Sequence[Mention], other: Mention) -> bool:
    """Whether `other` stands beside one of `some` with nothing but `或者` or the like between them: they do the same."""
    spans = [text[min(one.end, other.end) : max(one.start, other.start)] for one in some]
    return any(AND.fullmatch(span) for span in spans)


def _of(name: str, source: str) -> bool:
    return all(name[place : place + 2] in source for place in range(max(1, len(name) - 1)))


def _mentions(plain: str) -> Iterator[Mention]:
    for match in _ENDING.finditer(plain):
        start = match.start()
        while start > 0 and match.end() - start < 8 and not _ends_before(plain, start):
            start -= 1
        name = plain[start : match.end()]
        before, after = plain[max(0, start - 4) : start], plain[match.end() : match.end() + 3]
        part = Part.UNCLEAR
        if _ACTED_UPON.search(before):
            part = Part.ACTED_UPON
        elif _ACTS_BEFORE.search(before) or _ACTS_AFTER.match(after):
            part = Part.ACTS
        yield Mention(
            name,
            name[-3:] if len(match[0]) > 1 else name[-2:],
            part,
            start,
            match.end(),
            not before or before[-1] in _CLEAR,
        )


def _ends_before(plain: str, start: int) -> bool:
    """Whether a name cannot go further back than `start`; 有 belongs to 国有, else to a verb."""
    character = plain[start - 1]
    if character == "有":
        return plain[max(0, start - 2)] not in "国所"
    return character in _FUNCTION or not _hanzi(character)


def _hanzi(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
