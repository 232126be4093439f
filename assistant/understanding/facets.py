"""Which side of a matter a question asks about: how long, how many, who, which kinds, in which way."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.text.word_lists import WordLists

LISTS: Final = WordLists(Path(__file__).with_name("lists") / "facets.yaml")


def facets(question: str) -> frozenset[str]:
    """The names of the sides that the words of `question` speak of; none when it says nothing of that kind."""
    return frozenset(name for name, pattern in _patterns() if pattern.search(question))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(words.words)) for name, words in LISTS.lists.items())
