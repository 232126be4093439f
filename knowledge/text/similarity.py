"""How alike two wordings are: bigrams for a sentence or passage, shingles for whole texts."""

from __future__ import annotations

from dataclasses import dataclass
from operator import add

import numpy as np
from numpy.typing import NDArray

from knowledge.text.normalise import searchable

_SHINGLE = 8  # characters; long enough that two texts of one field do not share many by chance
_SKETCH = 256  # smallest hashes kept of a text; the estimate of likeness is good to about .03
_BASE = np.uint64(1099511628211)

Hashes = NDArray[np.uint64]


def shape(text: str) -> frozenset[str]:
    """The character bigrams of `text`, for comparing wordings."""
    plain = searchable(text)
    return frozenset(map(add, plain, plain[1:]))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared elements over all elements, 0..1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared or 1)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`alike` is the share of all shingles that both texts have; `inside` the share of the shorter text's shingles
    that the longer one holds. Both 0..1."""

    alike: float
    inside: float


def shingles(text: str) -> Hashes:
    """Hashes of all stretches of eight characters of the bare wording, each once, ascending."""
    points = np.fromiter((ord(c) for c in searchable(text) if c.isalnum()), dtype=np.uint64)
    count = max(len(points) - _SHINGLE + 1, 0)
    mixed = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for place in range(_SHINGLE):
            mixed = mixed * _BASE + points[place : place + count]
        mixed ^= mixed >> np.uint64(29)  # so that the smallest hashes are a fair sample
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(32)
    return np.unique(mixed)


def sketch(hashes: Hashes) -> Hashes:
    """A small sample of `shingles` that tells by itself whether two texts may be alike."""
    return hashes[:_SKETCH]


def guess(one: Hashes, other: Hashes) -> float:
    """Likeness (share of all shingles) estimated from two sketches."""
    together = np.union1d(one, other)[:_SKETCH]
    if not len(together):
        return 0.0
    common = np.intersect1d(one, other, assume_unique=True)
    return float(np.isin(together, common, assume_unique=True).sum()) / len(together)


def compare(one: Hashes, other: Hashes) -> Likeness:
    """Exact likeness of two texts by their shingles."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    shorter = min(len(one), len(other))
    return Likeness(common / ((len(one) + len(other) - common) or 1), common / (shorter or 1))
