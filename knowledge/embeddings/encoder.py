"""Texts in, unit vectors out: the built-in model by default, any sentence-transformers model by setting.

Opening `builtin` needs onnxruntime and tokenizers only; torch and sentence_transformers are imported when a model that the
setting names is loaded, or when the built-in model is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

BUILTIN = "builtin"


class Encoder(Protocol):
    """A model that turns texts into unit vectors, whose product is the cosine.

    `name` tells the model and its revision: vectors of two names are never compared. `dimension` is d.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row per text, in the order of `texts`; shape (n, d), also for n = 0."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a question, shape (d,)."""
        ...


def open_encoder(spec: str = BUILTIN, cache: Path | None = None) -> Encoder:
    """The encoder that the setting names: `builtin`, a folder, or a model id of a hub.

    A folder may be a copy of the built-in model's folder. The built-in model is never made or fetched here.
    Raises EncoderError when the model is missing, damaged, or cannot be reached.
    """
    from knowledge.embeddings import builtin

    if spec == BUILTIN:
        return builtin.open_folder(builtin.folder(cache))
    if builtin.is_folder(Path(spec).expanduser()):
        return builtin.open_folder(Path(spec).expanduser())
    from knowledge.embeddings.hub import open_model

    return open_model(spec)


def made_once(make: Callable[[], Encoder]) -> Callable[[], Encoder]:
    """`make`, called when the encoder is first asked for and never again, by whichever thread."""
    lock = threading.RLock()
    made: list[Encoder] = []

    def encoder() -> Encoder:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return encoder


def ensure_builtin(cache: Path | None = None, on_step: Callable[[str], None] | None = None) -> Path:
    """Make the built-in model in the user cache unless it is there and whole; return its folder.

    `on_step` is told each step as a short Chinese phrase; it is not called when there is nothing to do.
    Raises EncoderError.
    """
    from knowledge.embeddings import builtin

    return builtin.ensure(cache, on_step or (lambda _step: None))
