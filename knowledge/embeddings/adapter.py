"""A linear map on the query side that moves a question towards the passages that answer questions like it.

Passage vectors stay as they are, so nothing is embedded again. One matrix is shipped, trained on lay legal questions and the
articles that answer them (`docs/quality.md`); `xuesi kb learn` may replace it by one trained on a library's own questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import KnowledgeError

SHIPPED = Path(__file__).with_name("adapter.npz")
FILE = "adapter.npz"


class BadAdapter(KnowledgeError):
    """A file that holds no query adapter."""


@dataclass(frozen=True, slots=True)
class QueryAdapter:
    """`matrix` W of shape (d, d) for questions encoded by `encoder`. A unit vector q becomes the unit vector along
    (1 − mix) · q + mix · Wq / |Wq|. `fitted_on` tells the pairs it was trained on."""

    matrix: NDArray[np.float32]
    mix: float
    encoder: str
    fitted_on: str

    def __call__(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """`vector` of shape (d,) or (n, d), adapted row by row."""
        moved = np.einsum("...j,ij->...i", vector, self.matrix)  # on this thread: see vector_index.products
        mixed = (1 - self.mix) * vector + self.mix * unit(moved)
        return unit(mixed)

    def save(self, path: Path) -> None:
        """Write to `path`, in half precision, whole or not at all."""
        partial = path.with_name(f"{path.stem}.partial.npz")
        np.savez_compressed(
            partial,
            matrix=self.matrix.astype(np.float16),
            mix=np.float32(self.mix),
            encoder=np.str_(self.encoder),
            fitted_on=np.str_(self.fitted_on),
        )
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> QueryAdapter:
        """Read what `save` wrote. Raises BadAdapter, naming the file."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(
                    stored["matrix"].astype(np.float32),
                    float(stored["mix"]),
                    str(stored["encoder"]),
                    str(stored["fitted_on"]),
                )
        except (OSError, KeyError, ValueError) as error:
            raise BadAdapter(
                f"问题适配矩阵 {path} 读不出来（{error}）；请删去它，或重新运行 xuesi kb learn。"
            ) from None


def adapter_for(encoder: str, data: Path) -> QueryAdapter | None:
    """The adapter for questions encoded by `encoder`: the one learnt in folder `data`, else the shipped one; None when
    neither was trained for this encoder. Raises BadAdapter."""
    for path in (data / FILE, SHIPPED):
        if path.is_file():
            # `kb learn` may write a new one while the server runs.
            adapter = _loaded(path, path.stat().st_mtime_ns)
            if adapter.encoder == encoder:
                return adapter
    return None


@lru_cache(maxsize=8)
def _loaded(path: Path, _written_ns: int) -> QueryAdapter:
    return QueryAdapter.load(path)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """`vectors` divided by their length along the last axis."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = (vectors / np.maximum(lengths, np.float32(1e-12))).astype(np.float32)
    return scaled
