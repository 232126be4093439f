"""Puts a finished folder in the place of a data folder in two renames, and ends a replacement that was cut off between.

A note beside the folder says what is going on, so that the next start finds it: it finishes the replacement or takes it
back, says so, and never makes an empty library where there was one.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from knowledge.errors import StorageBusy, StorageError
from knowledge.storage.originals import sync_folder

#: A folder within a data folder that `xuesi move` is filling, until it is complete.
MOVING: Final = ".moving"
_REPLACED: Final = ".replaced-"
_log = logging.getLogger(__name__)


def replace(data: Path, fresh: Path) -> Path | None:
    """Let the folder `fresh`, on the same disk, become `data`; returns where the old content is kept, if there was any.

    To be called while `replacing` holds. Raises OSError.
    """
    kept = None
    if data.is_dir() and any(data.iterdir()):
        kept = data.with_name(f"{data.name}{_REPLACED}{datetime.now():%Y%m%d-%H%M%S-%f}")
    _write(_note(data), json.dumps({"fresh": str(fresh.absolute()), "kept": str(kept.absolute()) if kept else None}))
    if kept:
        os.replace(data, kept)
    elif data.is_dir():
        data.rmdir()
    os.replace(fresh, data)
    sync_folder(data.absolute().parent)
    _note(data).unlink()
    return kept


@contextmanager
def replacing(data: Path) -> Iterator[None]:
    """Nobody else replaces `data` meanwhile. Raises StorageBusy when somebody does."""
    from filelock import FileLock, Timeout

    lock = FileLock(data.absolute().with_name(f".{data.name}.replacing.lock"), timeout=0, is_singleton=False)
    try:
        lock.acquire()
    except Timeout:
        raise StorageBusy(f"数据文件夹“{data}”正在从备份恢复，请等它完成后再试。") from None
    try:
        yield
    finally:
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


def settle(data: Path) -> str | None:
    """End a replacement of `data` that was cut off; returns one sentence that says how, None when there was none.

    Raises StorageError when nothing is left to end it with.
    """
    if not _note(data).is_file():
        return None
    with replacing(data):
        try:
            stated = json.loads(_note(data).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None  # whoever was at it has ended it
        fresh, kept = Path(stated["fresh"]), Path(stated["kept"]) if stated["kept"] else None
        sentence = _ended(data, fresh, kept)
        sync_folder(data.absolute().parent)
        if fresh.parent.name.startswith(f".{data.name}."):  # what was made for this alone
            shutil.rmtree(fresh.parent, ignore_errors=True)
        _note(data).unlink()
    _log.warning(sentence)
    return sentence


def refuse_a_lost_library(data: Path, database: Path) -> None:
    """Raises StorageError when `data` has lost its database: an empty one is made only where there never was one."""
    if database.is_file() and database.stat().st_size:
        return
    if data.is_dir():
        if (data / MOVING).exists():
            raise StorageError(f"搬到“{data}”的内容还没有搬完；请等它完成，中断了就再运行一次同样的 xuesi move。")
        if any((data / name).exists() for name in ("originals", "chroma", f"{database.name}-wal")):
            raise StorageError(
                f"数据文件夹“{data}”里有原件或索引，数据库“{database.name}”却不见了；请用备份恢复（xuesi restore），"
                "要从头开始请换一个空文件夹。"
            )
        if any(data.iterdir()):
            return
    left = sorted(data.absolute().parent.glob(f"{data.name}{_REPLACED}*"))
    if left:
        raise StorageError(
            f"数据文件夹“{data}”不见了，旁边有恢复时换下的“{left[-1].name}”；请把它改回原名，或再恢复一次备份。"
        )


def _ended(data: Path, fresh: Path, kept: Path | None) -> str:
    if data.is_dir() and (kept is None or not kept.exists()) and fresh.is_dir() and any(data.iterdir()):
        return f"上次恢复“{data}”时中断，还没有换入任何内容；原有内容都在，可以再恢复一次。"
    if fresh.is_dir():
        if data.is_dir():
            data.rmdir()
        os.replace(fresh, data)
        return f"上次恢复“{data}”时中断，现已接着做完" + (f"；原有内容留在“{kept.name}”。" if kept else "。")
    if data.is_dir():
        return f"上次恢复“{data}”已经做完" + (f"；原有内容留在“{kept.name}”。" if kept else "。")
    if kept and kept.is_dir():
        os.replace(kept, data)
        return f"上次恢复“{data}”时中断，已经撤回；原有内容都在，可以再恢复一次。"
    raise StorageError(f"上次恢复“{data}”时中断，换入和换下的内容都找不到了；请再恢复一次备份。")


def _note(data: Path) -> Path:
    return data.absolute().with_name(f".{data.name}.replacing.json")


def _write(path: Path, text: str) -> None:
    """On disk before the name appears."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync_folder(path.parent)
