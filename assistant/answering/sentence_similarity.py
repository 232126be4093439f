"""How close in meaning single sentences come to a question, and what that says about the passages they stand in."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.answering.sentences import Unit, units, with_above
from knowledge.embeddings import Encoder
from knowledge.embeddings.kept import Kept
from knowledge.embeddings.late_interaction import LateInteraction
from knowledge.model import Hit

#: What the cosine of its closest sentence adds to a passage's fused score (docs/quality.md).
SENTENCE_WEIGHT: Final = 0.8
LONGEST_SENTENCE: Final = 300  # characters; what comes after says little about what a sentence is about
_KEPT: Final = 40_000  # vectors of 384 half-precision numbers: 30 MB
_LEARNT: Final = 30_000  # of them at most those of sentences that nobody has come upon yet

Vector = NDArray[np.float32]
#: Gives the cosine of each of some sentences to one question.
Alike = Callable[[Sequence[str]], list[float]]


class Sentences:
    """Cosines of sentences to questions. Sentences seen before are not encoded again. Safe to share between threads."""

    def __init__(self, encoder: Callable[[], Encoder], room: int = _LEARNT) -> None:
        """`room` is for how many sentences that nobody has come upon yet. `tokens` keeps what the encoder makes of whole passages."""
        self.tokens: Final = LateInteraction(encoder)
        self._room = room
        self._encoder = encoder
        self._vectors: Kept[str, NDArray[np.float16]] = Kept(_KEPT)
        self._asked = -math.inf
        # One question is compared with sentences, with more sentences, and with the subjects of known documents.
        self.vector: Callable[[str], Vector] = lru_cache(maxsize=64)(
            lambda question: self._encoder().embed_query(question)
        )

    def to(self, question: str) -> Alike:
        """A function that gives the cosine of each of some sentences to `question`."""

        def cosines(sentences: Sequence[str]) -> list[float]:
            if not sentences:
                return []
            found: list[float] = (self._rows(sentences) @ self.vector(question)).tolist()
            return found

        return cosines

    def learn(self, sentences: Sequence[str]) -> bool:
        """Encode `sentences` before anybody asks; False, without doing so, when there is no room for more."""
        new = [text for one in sentences if (text := one[:LONGEST_SENTENCE]) not in self._vectors]
        if new and len(self._vectors) >= self._room:
            return False
        self._encode(list(dict.fromkeys(new)))
        return True

    def quiet_for(self) -> float:
        """Seconds since sentences were last compared with a question."""
        return time.monotonic() - self._asked

    def between(self, one: str, other: str) -> float:
        """The cosine of two questions."""
        return float(self.vector(one) @ self.vector(other))

    def _rows(self, sentences: Sequence[str]) -> Vector:
        self._asked = time.monotonic()
        texts = [sentence[:LONGEST_SENTENCE] for sentence in sentences]
        rows = self._vectors.met(texts)
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        rows |= self._encode(new)
        return np.stack([rows[text] for text in texts]).astype(np.float32)

    def _encode(self, new: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """Make and keep the vectors of sentences that have none."""
        made = self._encoder().embed_documents(new).astype(np.float16)
        rows = {text: row.copy() for text, row in zip(new, made, strict=True)}  # a view would keep all of `made` alive
        self._vectors.keep(rows)
        return rows


def in_context(unit: Unit, every: Sequence[Unit]) -> str:
    """A unit with what introduces it."""
    return "".join(one.text for one in with_above(unit, every))


def units_of(hit: Hit) -> list[Unit]:
    """The sentences and items of a passage."""
    return units(hit.passage.text, hit.passage.start)


def by_closest_sentence(
    hits: Sequence[Hit], cosines: Alike, split: Callable[[Hit], list[Unit]] = units_of
) -> list[Hit]:
    """`hits` in order of their score and their closest sentence together, best first; scores say so. `split` takes a
    passage apart.

    A passage is as good as the sentence of it that answers, and its vector is a mean over all of them.
    """
    sentences = [list(_telling(split(hit))) for hit in hits]
    values = iter(cosines([text for texts in sentences for text in texts]))
    closest = [max((next(values) for _ in texts), default=0.0) for texts in sentences]
    scored = (
        replace(hit, score=hit.score + SENTENCE_WEIGHT * cosine, closest=cosine)
        for hit, cosine in zip(hits, closest, strict=True)
    )
    return sorted(scored, key=lambda hit: (-hit.score, hit.passage.id))


def _telling(every: Sequence[Unit]) -> Iterable[str]:
    return (in_context(unit, every) for unit in every if not unit.heading)
