"""Which known documents a question is close to in meaning: the phrases that describe each document, as vectors.

`Register.belongs` finds words; this finds what was said with other words. The vectors are made once per encoder and register
and kept in the user's cache.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import Encoder
from knowledge.embeddings.vector_cache import VectorCache
from knowledge.metadata.register import Entry, Register
from knowledge.metadata.validity import series_key

Vectors = NDArray[np.float32]


class SubjectVectors:
    """Phrases of the register's documents as unit vectors. Safe to share between threads."""

    def __init__(self, register: Register, encoder: Callable[[], Encoder], cache: Path | None = None) -> None:
        """`cache` is the folder that keeps the vectors, by default the user's cache folder for xuesi."""
        self._encoder = encoder
        self._cache = VectorCache("subjects", cache)
        self._entries: dict[str, Entry] = {}  # by series, in the order of their phrases
        self._starts: list[int] = []
        self._phrases: list[str] = []
        for entry in register.entries:
            name = entry.short[0] if entry.short else entry.title
            phrases = dict.fromkeys(f"{name} {phrase}" for phrase in (*entry.subjects, *entry.terms))
            if phrases and series_key(entry.title) not in self._entries:
                self._entries[series_key(entry.title)] = entry
                self._starts.append(len(self._phrases))
                self._phrases += phrases
        self._vectors: Vectors | None = None
        self._lock = threading.Lock()

    def closest(self, vector: Vectors) -> Mapping[str, tuple[Entry, float]]:
        """By series a document and the cosine of the unit vector of a question to its closest phrase."""
        if not self._phrases:
            return {}
        cosines = self.ready() @ vector
        best = np.maximum.reduceat(cosines, self._starts).tolist()
        return {series: (entry, cosine) for (series, entry), cosine in zip(self._entries.items(), best, strict=True)}

    def ready(self) -> Vectors:
        """The vectors, in the order of the phrases; made when they are not kept yet, which takes some seconds."""
        with self._lock:
            if self._vectors is None:
                self._vectors = self._cache.of(self._encoder(), self._phrases)
            return self._vectors
