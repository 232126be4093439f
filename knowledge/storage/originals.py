"""Keeps the files as they came, under the hash of their bytes, in `data/originals`."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from knowledge.errors import ReadingError, StorageError

FOLDER = "originals"


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(data: Path, path: Path, sha256: str) -> None:
    """Copy `path` to its place, complete and on disk before the name appears. Nothing to do when it is there whole.

    Raises ReadingError when the file is no longer the one whose hash was taken, StorageError when it cannot be kept.
    """
    target = original(data, sha256)
    try:
        if not target.is_file() or sha256_of(target) != sha256:
            _copy(path, target, sha256)
    except OSError as error:
        raise StorageError(
            f"原件“{path.name}”存不进“{target.parent}”：{error.strerror}；请检查磁盘空间和权限。"
        ) from error


def original(data: Path, sha256: str) -> Path:
    """Where the original with that hash is, or would be."""
    return data / FOLDER / sha256


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut; on systems that cannot (Windows), nothing."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _copy(path: Path, target: Path, sha256: str) -> None:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ReadingError(f"“{path}”在读取过程中被改动，请待它保存完毕后再添加一次。")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as copy:
            copy.write(content)
            copy.flush()
            os.fsync(copy.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
