"""Vectors of texts that come with the program, made once per encoder and kept in the user's cache."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import Encoder


class VectorCache:
    """One folder of the cache. A file's name tells the encoder and the texts, so nothing in it is ever out of date."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        """`folder` holds the folder `name`; by default the user's cache folder for xuesi."""
        self._name = name
        self._folder = folder

    def of(self, encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row per text, in their order; made, and kept, when they are not there yet."""
        path = self._path(encoder.name, texts)
        kept = _read(path, len(texts))
        if kept is None:
            kept = encoder.embed_documents(texts)
            _keep(kept, path)
        return kept

    def _path(self, encoder: str, texts: Sequence[str]) -> Path:
        folder = self._folder
        if folder is None:
            import platformdirs

            folder = Path(platformdirs.user_cache_dir("xuesi", appauthor=False))
        digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
        model = re.sub(r"[^\w.-]", "-", encoder)
        return folder / self._name / f"{model}-{digest}.npy"


def _read(path: Path, count: int) -> NDArray[np.float32] | None:
    try:
        kept = np.load(path, allow_pickle=False)
    except (OSError, ValueError):
        return None
    return kept.astype(np.float32) if kept.ndim == 2 and len(kept) == count else None


def _keep(vectors: NDArray[np.float32], path: Path) -> None:
    """Whole or not at all; a cache that cannot be written costs time, not answers."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{threading.get_ident()}-{path.name}")
        np.save(partial, vectors.astype(np.float16))
        partial.replace(path)
    except OSError:
        return
