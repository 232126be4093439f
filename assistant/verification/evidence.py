"""Sources read for what they say: their words, figures, clauses and who does what, each worked out when first asked for."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from assistant.verification import actors, modality
from assistant.verification.facts import Facts, facts, uncounted
from assistant.verification.sources import Source
from knowledge.text.normalise import searchable

#: Long names of bodies and what everybody calls them, so that either may stand for the other; longer ones first.
_CALLED: Final = (
    ("全国人民代表大会", "全国人大"),
    ("人民代表大会", "人大"),
    ("常务委员会", "常委会"),
    ("纪律检查委员会", "纪委"),
    ("人民政治协商会议", "政协"),
    ("国家监察委员会", "国家监委"),
    ("监察委员会", "监委"),
    ("中华人民共和国", "我国"),
    ("党支部", "支部"),
    ("支部委员会", "支委会"),
    ("支部党员大会", "支部大会"),
)
_SQUEEZED = re.compile(r"[^0-9a-z\u3400-\u9fff%]")


def comparable(text: str) -> str:
    """`searchable` with the names of bodies in their short form: what sentences and sources are compared in."""
    plain = searchable(text)
    for name, short in _CALLED:
        plain = plain.replace(name, short)
    return plain


class Evidence:
    """One or more sources as one text. `question` is what was asked, and `beside` the other sentences of their passages,
    both comparable."""

    def __init__(self, sources: Sequence[Source], question: str = "", beside: str = "") -> None:
        self.plain = "\n".join(comparable(source.text) for source in sources)
        self.titles = frozenset(comparable(source.document) for source in sources)
        self.editions = frozenset(int(one.edition) for one in sources if one.edition and one.edition.isdecimal())
        self.places = " ".join(
            comparable(f"{source.document} {source.address} {source.edition or ''}年版 {source.validity}")
            for source in sources
        )
        self.list_sizes = frozenset(source.list_size for source in sources)
        self.question = question
        self.beside = f"{self.plain}\n{self.places}\n{beside}"

    @cached_property
    def facts(self) -> Facts:
        return facts(self.plain)

    @cached_property
    def uncounted(self) -> str:
        return uncounted(self.plain, self.facts)

    @cached_property
    def of_place(self) -> Facts:
        """The article that stands in the address."""
        return facts(self.places)

    @cached_property
    def clauses(self) -> list[modality.Clause]:
        return modality.clauses(self.plain)

    @cached_property
    def actors(self) -> list[actors.Mention]:
        return actors.mentions(self.plain)

    @cached_property
    def bigrams(self) -> frozenset[str]:
        return frozenset(bigrams(f"{self.plain}\n{self.places}"))

    @cached_property
    def own_bigrams(self) -> frozenset[str]:
        """Those of the text itself, without title and address."""
        return frozenset(bigrams(self.plain))

    @cached_property
    def bigrams_beside(self) -> frozenset[str]:
        return frozenset(bigrams(self.beside))

    @cached_property
    def squeezed(self) -> str:
        return squeeze(self.plain)


class Weights:
    """How much a character's being there or not says: rare ones more. Learnt from the sources of one answer."""

    def __init__(self, sources: Iterable[Source]) -> None:
        every = [set(comparable(source.text)) for source in sources]
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
