"""What a search needs of a library."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings.encoder import Encoder
from knowledge.index.exact import VectorIndex
from knowledge.index.indexes import Indexes
from knowledge.index.lexical import LexicalIndex
from knowledge.model import Document, Passage, Validity
from knowledge.parsing.outline import Outline


class Library(Protocol):
    """What a search needs of a library; KnowledgeBase is one, and imports this module for its `search`."""

    @property
    def encoder(self) -> Encoder: ...

    @property
    def generation(self) -> int: ...

    @property
    def lexical(self) -> LexicalIndex: ...

    @property
    def dense(self) -> VectorIndex: ...

    @property
    def indexes(self) -> Indexes: ...

    @property
    def whole(self) -> bool:
        """Whether `published` is all that the indexes hold."""
        ...

    def published(self) -> tuple[Document, ...]: ...

    def validities_on(self, day: date) -> dict[int, Validity]: ...

    def get_passages(self, passage_ids: Iterable[int]) -> dict[int, tuple[Passage, Document]]: ...

    def query_vector(self, question: str) -> NDArray[np.float32]: ...

    def passages(self, version_id: int) -> list[Passage]: ...

    def text(self, version_id: int) -> str: ...

    def outline(self, version_id: int) -> Outline: ...
