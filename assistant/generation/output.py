"""What comes out of a model before it is checked: thoughts cut away, loops and refusals recognised, marks of layout read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from assistant.model import Role
from knowledge.text.quantities import ITEM, ITEM_NUMBER, NUMERAL, PART
from knowledge.text.word_lists import WordLists

#: What the model writes when the sources do not answer: one constant for the prompts, the code and the tests.
NO_ANSWER = "资料中没有相关内容"

LONGEST_PERIOD = 220  # characters that may come again and again
FEW = 12

_THOUGHT = ("<think>", "</think>")
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "output.yaml", NO_ANSWER=NO_ANSWER)
_REFUSES = LISTS.words("refuses")
_BULLET = re.compile(r"^\s*(?:[-*•·▪◦]\s+|[-•·▪◦](?=\S))")
_NUMBER = re.compile(rf"^\s*(?:[（(]?[0-9{ITEM}]{{1,3}}[）)]|[0-9]{{1,2}}[.、．](?![0-9])|{ITEM_NUMBER}、|[①-⑳])")
_LAYOUT = re.compile(r"\*\*|__|`+|^\s*#{1,6}\s+|^\s*>\s+")


def without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """`pieces` less what stands between `<think>` and `</think>`; half a tag is held back. A thought that never ends
    leaves nothing after it."""
    held = ""
    thinking = False
    for piece in pieces:
        held += piece
        while True:
            tag = _THOUGHT[thinking]
            place = held.find(tag)
            if place < 0:
                break
            if not thinking and place:
                yield held[:place]
            held = held[place + len(tag) :]
            thinking = not thinking
        tag = _THOUGHT[thinking]
        keep = next((n for n in range(len(tag) - 1, 0, -1) if held.endswith(tag[:n])), 0)
        ready, held = held[: len(held) - keep], held[len(held) - keep :]
        if ready and not thinking:
            yield ready
    if held and not thinking:
        yield held


def looping(text: str) -> bool:
    """Whether `text` ends in the same words over and over: ten times when they are few, three times when they are many."""
    for period in range(1, LONGEST_PERIOD + 1):
        times = 10 if period <= FEW else 3
        if len(text) >= period * times and text.endswith(text[-period:] * times):
            return True
    return False


def refuses(sentence: str) -> bool:
    """Whether a sentence is about not being able to answer, rather than about the matter."""
    return _REFUSES.search(sentence) is not None


def unnumbered(text: str) -> str:
    """A sentence without the number that a list gave it."""
    return _NUMBER.sub("", text).strip()


_PLACE = rf"{PART}|第[{NUMERAL}]+(?:段|部分)|[（(]?[{NUMERAL}]+[)）]?"
_NAMED = r"《[^《》]+》(?:[（(][^（）()]*[)）])?|[本该]?(?:条例|规定|办法|细则|准则|规则|通知|意见|方案)(?=第)"
_LABELS = re.compile(rf"(?:{_NAMED})?[\s、，,：:]*(?:{_PLACE}|[\s、，,：:；;。.至到])*?(?:{_PLACE})[\s、，,：:；;。]*")


def only_a_label(text: str) -> bool:
    """Whether `text` is nothing but where something stands (`《某办法》第七条`, `第三章 第一节`, `2`): it says nothing by
    itself."""
    return bool(_LABELS.fullmatch(unnumbered(text)))


def laid_out(text: str) -> tuple[str, Role]:
    """A sentence without Markdown, and how it stands in the answer; the model's own numbering of items, which need not be
    that of the source, is left out."""
    plain = text.strip()
    item = bool(_BULLET.match(plain) or _NUMBER.match(plain))
    plain = _LAYOUT.sub("", _BULLET.sub("", plain)).strip()
    if item:
        return unnumbered(plain), Role.ITEM
    return plain, Role.LEAD if plain.endswith(("：", ":")) else Role.TEXT
