"""Answers as people give them: `十日内。`, `不能，……`. They are read together with what was asked, or with what follows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.verification.modality import Polarity, polarity_of
from knowledge.text.word_lists import WordLists, Words

LISTS: Final = WordLists(Path(__file__).with_name("lists") / "short_answers.yaml")

_ASKS = LISTS.words("asks")
_OPENING = Words(
    lambda: rf"(?:(?P<no>{LISTS['denies']})|(?P<yes>{LISTS['agrees']}))(?:[\u4e00-\u9fff]{{0,2}})?的?[,;:]"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A sentence that opens with yes or no. `agrees` tells whether the `rest` is of that sense."""

    opening: str
    rest: str
    agrees: bool


def direct_answer(plain: str) -> Opened | None:
    """The opening of a plain sentence that begins with a direct answer; None when it does not."""
    match = _OPENING.match(plain)
    if match is None or not plain[match.end() :]:
        return None
    rest = plain[match.end() :]
    said = polarity_of(rest)
    if match["no"]:  # `不能，必须执行`
        return Opened(match[0], rest, said.narrows or Polarity.MUST in said)
    allows = match["yes"] in ("可以", "可", "能够", "能", "行", "允许")
    return Opened(match[0], rest, not allows or Polarity.BAN not in said or Polarity.MAY in said)


def topic_of(question: str) -> str:
    """What a plain question is about: the question without the words that ask."""
    return _ASKS.sub("", question)
