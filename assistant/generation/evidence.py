"""Sources read for what they say: their words, figures, clauses and who does what, each worked out when first asked for."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from assistant.generation import actors, polarity
from assistant.generation.facts import Facts, facts
from assistant.generation.sources import Source
from knowledge.normalise import searchable

_SQUEEZED = re.compile(r"[^0-9a-z\u3400-\u9fff%]")


class Evidence:
    """One or more sources as one text."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.plain = "\n".join(searchable(source.text) for source in sources)
        self.titles = frozenset(searchable(source.document) for source in sources)
        self.editions = frozenset(int(one.edition) for one in sources if one.edition and one.edition.isdecimal())
        self.places = " ".join(searchable(f"{source.document} {source.address}") for source in sources)

    @cached_property
    def facts(self) -> Facts:
        return facts(self.plain)

    @cached_property
    def of_place(self) -> Facts:
        """The article that stands in the address."""
        return facts(self.places)

    @cached_property
    def clauses(self) -> list[polarity.Clause]:
        return polarity.clauses(self.plain)

    @cached_property
    def actors(self) -> list[actors.Mention]:
        return actors.mentions(self.plain)

    @cached_property
    def bigrams(self) -> frozenset[str]:
        return frozenset(bigrams(f"{self.plain}\n{self.places}"))

    @cached_property
    def squeezed(self) -> str:
        return squeeze(self.plain)


class Weights:
    """How much a character's being there or not says: rare ones more. Learnt from the sources of one answer."""

    def __init__(self, sources: Iterable[Source]) -> None:
        every = [set(searchable(source.text)) for source in sources]
        self._count = len(every)
        self._frequency = Counter(character for characters in every for character in characters)

    def of(self, character: str) -> float:
        """The inverse document frequency, at least .3."""
        return max(0.3, math.log((self._count + 1) / (self._frequency[character] + 0.5)))


def bigrams(text: str) -> Iterable[str]:
    """Every two neighbouring characters."""
    return (text[place : place + 2] for place in range(len(text) - 1))


def squeeze(text: str) -> str:
    """A plain text without punctuation and spaces."""
    return _SQUEEZED.sub("", text)
