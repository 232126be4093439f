"""What a question is about: its content tokens weighed by how rare they are, and how much of them a text holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from assistant.understanding.named_documents import Named
from knowledge.text.normalise import searchable
from knowledge.text.tokenizer import tokenize
from knowledge.text.word_lists import WordLists

LISTS: Final = WordLists(Path(__file__).with_name("lists") / "focus.yaml")
_ASKING = LISTS.words("asking")


@dataclass(frozen=True, slots=True)
class Focus:
    """Content tokens of a question with their idf. `core` is the question without the words that ask and the
    names of documents; `kinds_asked` when it asks for kinds (`有哪几种`)."""

    core: str
    weights: Mapping[str, float]
    kinds_asked: bool = False

    def coverage(self, *texts: str) -> float:
        """Share (0..1) of the question's idf mass whose tokens stand in one of `texts`; 0 when there is no focus."""
        return self.held(frozenset[str]().union(*map(_tokens, texts)))

    def held(self, there: Set[str]) -> float:
        """The same share for tokens that are at hand already."""
        total = sum(self.weights.values())
        return sum(weight for token, weight in self.weights.items() if token in there) / total if total else 0.0

    def missing(self, there: Set[str]) -> float:
        """The largest idf among focus tokens that are not there; 0 when all are."""
        return max((weight for token, weight in self.weights.items() if token not in there), default=0.0)


@lru_cache(maxsize=1024)  # an answer asks for the tokens of a sentence twice
def _tokens(text: str) -> frozenset[str]:
    return frozenset(tokenize(text))


def focus(question: str, named: Sequence[Named], idf: Callable[[Iterable[str]], Mapping[str, float]]) -> Focus:
    """The focus of a standalone `question`; `idf` gives the weight of tokens in the library's index."""
    plain = searchable(question)
    for one in sorted(named, key=lambda one: one.start, reverse=True):
        plain = f"{plain[: one.start].rstrip('《')}|{plain[one.end :].lstrip('》')}"
    core = " ".join(part for part in _ASKING.sub("|", plain).split("|") if part.strip())
    return Focus(core, dict(idf(tokenize(_apart(core)))), kinds_asked=bool(re.search("几[种类]|种类", plain)))


def _apart(core: str) -> str:
    """Keep parts apart, so that no bigram spans a word that was taken out."""
    return core.replace(" ", "，")
