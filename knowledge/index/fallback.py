"""Searches one index and, when it fails, another: what goes wrong with a rebuildable index costs no reader an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import StorageError
from knowledge.index.exact import VectorIndex

_log = logging.getLogger(__name__)


class FallbackIndex:
    """`first` as long as it can be searched, else `second`; `failed` is told when it could not."""

    def __init__(self, first: VectorIndex, second: VectorIndex, failed: Callable[[], None]) -> None:
        self.first = first
        self._second = second
        self._failed = failed

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        *,
        current_only: bool = False,
        document_ids: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:
        try:
            return self.first.search(vector, k, current_only=current_only, document_ids=document_ids)
        except StorageError:  # the database itself, which both need
            raise
        except Exception:  # Chroma raises whatever its Rust side hands up
            _log.exception("向量索引读不了，先用库里的向量逐条比较，并重建索引")
            self._failed()
            return self._second.search(vector, k, current_only=current_only, document_ids=document_ids)

    def refresh(self) -> None:
        self.first.refresh()
