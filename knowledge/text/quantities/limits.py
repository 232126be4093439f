"""How a text compares something with a figure: `不超过五日`, `二百元以上`, `不满三年`, `3月1日前`."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

REACH: Final = 22  # characters before a figure in which its comparison may be told


class Limit(StrEnum):
    """NONE when a figure stands for itself."""

    NONE = ""
    AT_MOST = "at most"
    AT_LEAST = "at least"
    MORE = "more"
    LESS = "less"
    BEFORE = "before"
    AFTER = "after"


_NO = r"(?:不得?|不应当?|不能|不可|未|没有)"
#: What tells a limit before a figure, and how many characters may stand between (`不得高于中央和国家机关标准的130%`).
_BEFORE_FIGURE: Final = (
    (Limit.AT_MOST, REACH, rf"{_NO}(?:超过|高于|多于|大于|晚于|迟于|长于)|最多|至多|最长|最高|最大|最迟|上限[为是]?"),
    (
        Limit.AT_LEAST,
        REACH,
        rf"{_NO}(?:少于|低于|小于|短于|早于)|至少|最少|最低|最短|最小|起码|下限[为是]?|(?<![未没])(?<!没有)达到",
    ),
    (Limit.MORE, 7, r"超过|多于|高于|大于|长于|逾"),
    (Limit.LESS, 7, r"不满|不足|未满|少于|低于|小于|短于|未达到?|不到"),
)
_AFTER_FIGURE: Final = (
    (Limit.AT_MOST, r"(?:及|或者?)?以下|(?:以|之)?内|为限|(?:的)?(?:限额|额度|标准|范围)(?:以|之)?内"),
    (Limit.AT_LEAST, r"(?:及|或者?)?以上|起(?!草)"),
    (Limit.BEFORE, r"(?:以|之)?前"),
    (Limit.AFTER, r"(?:以|之)?后"),
)
#: The words that tell a limit before a figure, as a pattern.
LIMITING: Final = "|".join(words for _, _, words in _BEFORE_FIGURE)

_TOLD_BEFORE: Final = tuple(
    (kind, re.compile(rf"(?:{words})[\u4e00-\u9fff]{{0,{reach}}}$")) for kind, reach, words in _BEFORE_FIGURE
)
_TOLD_AFTER: Final = tuple((kind, re.compile(words)) for kind, words in _AFTER_FIGURE)
_FULL = re.compile(r"(?<![不未期届任])满$")
_PAUSE = re.compile(r"[,。;、]")


def limit_of(plain: str, start: int, end: int, *, day: bool = False) -> Limit:
    """The limit that a searchable text sets with the figure at `start:end`; a `day` with 起 after it only begins something."""
    before, after = plain[max(0, start - 14 - REACH) : start], plain[end : end + 4]
    before = _PAUSE.split(before)[-1]
    for kind, pattern in _TOLD_BEFORE:
        if pattern.search(before):
            return kind
    if _FULL.search(before):
        return Limit.AT_LEAST
    if day and after.startswith("起"):
        return Limit.NONE
    return next((kind for kind, pattern in _TOLD_AFTER if pattern.match(after)), Limit.NONE)
