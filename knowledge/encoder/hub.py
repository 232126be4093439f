"""Any sentence-transformers model, from a folder or from a model hub, with the prompts it was trained with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")
_EDGE_BYTES = 1 << 16


class ModelEncoder:
    """A loaded sentence-transformers model. See `Encoder`."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model
        self.name = name
        self.dimension: int = model.get_embedding_dimension() or model.encode_query("维数").shape[-1]
        # encode_document takes "document" even when the model left it empty and gave a "passage" prompt instead.
        self._prompt = next((key for key in _DOCUMENT_PROMPTS if model.prompts.get(key)), None)

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = self._model.encode_document(
            list(texts), prompt_name=self._prompt, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(rows, dtype=np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        row = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(row, dtype=np.float32)


def open_model(spec: str) -> ModelEncoder:
    """Load the model in the folder `spec`, or of the hub id `spec`. HF_HUB_OFFLINE=1 keeps it to what is on this machine.

    Raises EncoderError.
    """
    path = Path(spec).expanduser()
    if path.is_dir():
        return ModelEncoder(
            _load(str(path), f"文件夹 {spec} 里没有可用的 sentence-transformers 模型"), _folder_name(path)
        )
    if path.exists() or not _HUB_ID.fullmatch(spec):
        raise EncoderError(
            f"编码模型“{spec}”既不是文件夹，也不是模型库编号，请把 XUESI_ENCODER 改为模型文件夹、模型库编号或 builtin。"
        )
    model = _load(spec, f"编码模型“{spec}”在本机没有，也无法从模型库取得")
    revision = getattr(getattr(model.transformers_model, "config", None), "_commit_hash", None)
    return ModelEncoder(model, f"{spec}@{revision[:8]}" if revision else spec)


def _load(spec: str, failure: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(spec)
    except Exception as error:  # loading runs four libraries, whose errors have no common class
        raise EncoderError(
            f"{failure}（{type(error).__name__}），请把 XUESI_ENCODER 改为完整的模型文件夹，或改回 builtin。"
        ) from error


def _folder_name(path: Path) -> str:
    """The folder's name with a hash of what is in it. Of large files the size and both ends are enough to tell a
    retrained model, and do not cost seconds at every start."""
    digest = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        size = file.stat().st_size
        digest.update(f"{file.relative_to(path).as_posix()}\n{size}\n".encode())
        with file.open("rb") as stream:
            digest.update(stream.read(_EDGE_BYTES))
            stream.seek(max(0, size - _EDGE_BYTES))
            digest.update(stream.read(_EDGE_BYTES))
    return f"{path.resolve().name}@{digest.hexdigest()[:8]}"
