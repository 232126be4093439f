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
_HUB_SECONDS = 8.0


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
    """Load the model in the folder `spec`, or of the hub id `spec`.

    A hub's model that is on this machine is used as it is, without asking the hub; HF_HUB_OFFLINE=1 forbids to ask at all.
    Raises EncoderError.
    """
    path = Path(spec).expanduser()
    if spec and path.is_dir():
        try:
            return ModelEncoder(_load(str(path), local=True), _folder_name(path))
        except Exception as error:  # loading runs four libraries, whose errors have no common class
            raise EncoderError(
                f"文件夹 {spec} 里没有可用的 sentence-transformers 模型（{type(error).__name__}），"
                "请把 XUESI_ENCODER 改为完整的模型文件夹，或改回 builtin。"
            ) from error
    if path.exists() or not _HUB_ID.fullmatch(spec):
        raise EncoderError(
            f"编码模型“{spec}”既不是文件夹，也不是模型库编号，请把 XUESI_ENCODER 改为模型文件夹、模型库编号或 builtin。"
        )
    model = _from_hub(spec)
    revision = getattr(getattr(model.transformers_model, "config", None), "_commit_hash", None)
    return ModelEncoder(model, f"{spec}@{revision[:8]}" if revision else spec)


def _from_hub(spec: str) -> SentenceTransformer:
    try:
        return _load(spec, local=True)
    except Exception as missing:  # as above
        obstacle = _obstacle()
        if obstacle:
            raise EncoderError(
                f"编码模型“{spec}”不在本机，{obstacle}，请先在能联网的机器上下载并把 XUESI_ENCODER 改为它的文件夹，或改回 builtin。"
            ) from missing
    try:
        return _load(spec, local=False)
    except Exception as error:  # as above
        raise EncoderError(
            f"编码模型“{spec}”无法从模型库取得（{type(error).__name__}），请核对编号，或把 XUESI_ENCODER 改回 builtin。"
        ) from error


def _obstacle() -> str | None:
    """Why the hub cannot be asked. Found with one request, as the hub's own client tries each file for half a minute."""
    import httpx
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return "而 HF_HUB_OFFLINE 禁止联网下载"
    try:
        httpx.head(constants.ENDPOINT, timeout=_HUB_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return f"模型库 {constants.ENDPOINT} 又连接不上"
    return None


def _load(spec: str, *, local: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(spec, local_files_only=local)


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
