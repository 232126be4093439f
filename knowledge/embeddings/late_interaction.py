"""How well a passage answers a question, token by token: for each token of the question the passage's closest one.

Late interaction (Khattab and Zaharia, ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
BERT, 2020) over the token rows that the built-in encoder makes anyway. `late_interaction.npz` holds half-precision arrays:
`projection` (k, d) of token rows before they are compared by cosine; `weight` (d) and `weight_bias`, whose softplus says how much
a token of the question counts; `passage` (d), which favours some tokens of passages; `scale`. Made by
`python -m eval.training.late_interaction`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings.builtin import BuiltinEncoder
from knowledge.embeddings.encoder import Encoder
from knowledge.embeddings.kept import Kept

SHIPPED = Path(__file__).with_name("late_interaction.npz")
QUESTION_TOKENS: Final = 56  # of a text, its first tokens count, as in training
PASSAGE_TOKENS: Final = 224
_KEPT: Final = 8000  # passages, some 16 KB each
_LEARNT: Final = 6000  # of them at most before anybody asks
_STEPS: Final = 127  # a coordinate of a unit row is kept as so many of these parts

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Passage:
    """The unit rows of a passage's tokens in steps of 1/127, and what is added to their cosines."""

    units: NDArray[np.int8]
    added: NDArray[np.float16]


class LateInteraction:
    """Relevance of passages by the tokens of the built-in encoder. Passages read before are not encoded again. Safe to share
    between threads."""

    def __init__(self, encoder: Callable[[], Encoder], path: Path = SHIPPED) -> None:
        self._encoder = encoder
        self._path = path
        self._passages: Kept[bytes, _Passage] = Kept(_KEPT)

    @cached_property
    def _learnt(self) -> Mapping[str, Rows]:
        with np.load(self._path, allow_pickle=False) as stored:
            return {name: stored[name].astype(np.float32) for name in stored.files}

    def relevance(self, question: str, passages: Sequence[str]) -> list[float]:
        """One number for each of `passages`, higher for one that answers better; they compare for one question only.
        `passages` are texts as they are indexed. All are 0 where another encoder is set, for which nothing was learnt."""
        encoder = self._encoder()
        if not passages or not isinstance(encoder, BuiltinEncoder):
            return [0.0] * len(passages)
        learnt = self._learnt
        rows = encoder.query_tokens(question, QUESTION_TOKENS)
        weight = np.logaddexp(0, rows @ learnt["weight"] + learnt["weight_bias"])
        weight *= learnt["scale"] / weight.sum()
        asked = _units(rows @ learnt["projection"].T) / _STEPS
        kept = self._kept(encoder, passages)
        return [float(weight @ (asked @ one.units.T.astype(np.float32) + one.added).max(1)) for one in kept]

    def learn(self, passage: str) -> None:
        """Read a passage before anybody asks, while there is room."""
        encoder = self._encoder()
        if len(self._passages) < _LEARNT and isinstance(encoder, BuiltinEncoder):
            self._kept(encoder, [passage])

    def _kept(self, encoder: BuiltinEncoder, passages: Sequence[str]) -> list[_Passage]:
        keys = [hashlib.sha256(text.encode()).digest() for text in passages]
        found = self._passages.met(keys)
        new = {key: text for key, text in zip(keys, passages, strict=True) if key not in found}
        read = map(self._passage, encoder.passage_tokens(list(new.values()), PASSAGE_TOKENS))
        made = dict(zip(new, read, strict=True))
        self._passages.keep(made)
        found |= made
        return [found[key] for key in keys]

    def _passage(self, rows: Rows) -> _Passage:
        units = _units(rows @ self._learnt["projection"].T) * _STEPS
        return _Passage(np.rint(units).astype(np.int8), (rows @ self._learnt["passage"]).astype(np.float16))


def _units(rows: Rows) -> Rows:
    made: Rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return made
