"""What was struck out and what was put in between two wordings of one provision, in pieces that a reader can follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from knowledge.text.quantities import AMOUNT, ARABIC, ITEM_NUMBER, PART

#: What changes as a whole: a reference, the number of an item, a number, a Latin word; every other character alone. White space goes
#: with what it follows: where a line breaks is no matter of wording.
_TOKEN = re.compile(
    rf"(?:{PART}|[（(]{ITEM_NUMBER}[）)]|[{AMOUNT}]{{2,}}|[{ARABIC}]+(?:[.．][{ARABIC}]+)?|[A-Za-z]+|\S)\s*"
)
_ALIKE = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "〔": "[", "〕": "]", "【": "[", "】": "]", "·": "•", "○": "〇", "◯": "〇"}
)
_PUNCTUATION = frozenset("，、。；：,;:")
_SENTENCE_END = frozenset("。；：！？;:!?")
_ISLAND = 3  # words that stay between two changes are shown as changed too when there are so few of them


@dataclass(frozen=True, slots=True)
class Words:
    """Part of a wording; `kept` when the other wording has it too."""

    text: str
    kept: bool


@dataclass(slots=True)
class _Span:
    """Tokens `a1:a2` of the old wording against `b1:b2` of the new one."""

    kept: bool
    a1: int
    a2: int
    b1: int
    b2: int


def same_wording(old: str, new: str) -> bool:
    """Whether two wordings differ in nothing but white space, width and the shape of quotation marks."""
    return tokens(old)[1] == tokens(new)[1]


def compare(old: str, new: str) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """Both wordings in pieces; the pieces of each, put together, are the wording without the space around it.

    >>> compare("享受年休假五天。", "享受年休假八天。")[1]
    (Words(text='享受年休假', kept=True), Words(text='八', kept=False), Words(text='天。', kept=True))
    """
    old_tokens, old_keys = tokens(old)
    new_tokens, new_keys = tokens(new)
    spans = _spans(old_keys, new_keys)
    for _ in range(2):  # before islands are looked for, and again at what they left
        for before, span, after in zip(spans, spans[1:], spans[2:], strict=False):
            if span.a1 == span.a2:
                _slide(before, span, after, new_tokens, new_keys, span.b1, span.b2)
            elif span.b1 == span.b2:
                _slide(before, span, after, old_tokens, old_keys, span.a1, span.a2)
        spans = _without_islands(spans, old_tokens, new_tokens)
    return (
        _words((span.kept, old_tokens[span.a1 : span.a2]) for span in spans),
        _words((span.kept, new_tokens[span.b1 : span.b2]) for span in spans),
    )


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tokens of a wording as written, and as they are compared."""
    written = tuple(_TOKEN.findall(text))
    return written, tuple(folded(token) for token in written)


def folded(text: str) -> str:
    """`text` as it is compared: one width, one shape of quotation marks and brackets, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split())


def _spans(old: Sequence[str], new: Sequence[str]) -> list[_Span]:
    """Kept and changed spans in turns. What both wordings begin and end with is set aside first: it is most of them."""
    shortest = min(len(old), len(new))
    head = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    rest = shortest - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    made = [_Span(True, 0, head, 0, head)]
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        made.append(_Span(tag == "equal", a1 + head, a2 + head, b1 + head, b2 + head))
    made.append(_Span(True, len(old) - tail, len(old), len(new) - tail, len(new)))
    return [span for span in made if span.a1 < span.a2 or span.b1 < span.b2]


def _without_islands(spans: Sequence[_Span], old: Sequence[str], new: Sequence[str]) -> list[_Span]:
    """`spans` where a few kept words between two larger changes belong to the change: 的 alone tells nobody anything."""
    made: list[_Span] = []
    for index, span in enumerate(spans):
        inside = 0 < index < len(spans) - 1
        kept = span.kept and not (inside and _is_island(span, made[-1], spans[index + 1], old, new))
        if made and made[-1].kept == kept:
            made[-1].a2, made[-1].b2 = span.a2, span.b2
        else:
            made.append(replace(span, kept=kept))
    return made


def _is_island(span: _Span, before: _Span, after: _Span, old: Sequence[str], new: Sequence[str]) -> bool:
    words = old[span.a1 : span.a2]
    if any("\n" in word for word in (*words, *new[span.b1 : span.b2])):
        return False  # paragraphs are not thrown together
    length = sum(word.strip() not in _PUNCTUATION for word in words)
    return length < 2 or (length < _ISLAND and length < _longer(before) and length < _longer(after))


def _longer(span: _Span) -> int:
    return max(span.a2 - span.a1, span.b2 - span.b1)


def _slide(
    before: _Span, span: _Span, after: _Span, written: Sequence[str], keys: Sequence[str], low: int, high: int
) -> None:
    """Move words that were only put in or struck out, `low:high`, to where a sentence begins and ends, if the words around
    allow it: in `甲方。` + `甲方签字。` the second sentence is new, not `方。甲`."""
    left = right = 0
    # What is kept between two changes stays at least one word; at both ends of the text it may be used up.
    while left < before.a2 - before.a1 - (before.a1 > 0) and keys[low - left - 1] == keys[high - left - 1]:
        left += 1
    while (
        right < after.a2 - after.a1 - (high + after.a2 - after.a1 < len(keys))
        and keys[low + right] == keys[high + right]
    ):
        right += 1
    shifts = sorted(range(-left, right + 1), key=abs)  # of equally good places the nearest
    best = max(shifts, key=lambda shift: _edge(written, low + shift) + _edge(written, high + shift))
    for one in (before, span):
        one.a2, one.b2 = one.a2 + best, one.b2 + best
    for one in (span, after):
        one.a1, one.b1 = one.a1 + best, one.b1 + best


def _edge(written: Sequence[str], place: int) -> int:
    """How good a place is to begin or end a change: after a line, a sentence, a comma, anywhere."""
    if place == 0 or written[place - 1].endswith("\n"):
        return 3
    last = written[place - 1].strip()
    return 2 if last in _SENTENCE_END else 1 if last in _PUNCTUATION else 0


def _words(parts: Iterable[tuple[bool, Sequence[str]]]) -> tuple[Words, ...]:
    return tuple(Words("".join(written), kept) for kept, written in parts if written)
