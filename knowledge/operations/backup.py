"""One file that holds a whole data folder, taken while the server runs, and back again.

Both ways everything is checked before it takes the place of anything: a backup of a damaged library is none.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.errors import ReadingError, StorageError
from knowledge.index.chroma import LOCK
from knowledge.operations.backup_file import SETTINGS, OnStep, read, write
from knowledge.storage.database import FILE_NAME, Database
from knowledge.storage.database.replacement import replace, replacing, settle
from knowledge.storage.database.sqlite import damage
from knowledge.storage.originals import FOLDER as ORIGINALS
from knowledge.storage.originals import sync_folder

_BACKING_UP: Final = ".xuesi-backup-"
_RESTORING: Final = ".restoring-"
#: How the names of our folders among the system's temporary ones begin.
_TEMPORARY: Final = ("xuesi-take-", "xuesi-read-", "xuesi-office-", "xuesi-export-", "xuesi-bench-")
_IN_USE_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup file holds. `bytes` is the size of the file for a backup, of the content for a restore."""

    file: Path
    data: Path
    originals: int
    bytes: int


def backup(data: Path, file: Path, on_step: OnStep | None = None) -> Saved:
    """Write the data folder `data` into `file` (a zip archive), complete or not at all.

    An older `file` and the one before it are kept as `.1` and `.2`. Safe while others read and write. Raises StorageError
    when there is no library in `data`, when it is damaged, or when `file` cannot be written.
    """
    settle(data)
    database = data / FILE_NAME
    if not database.is_file():
        raise StorageError(f"数据文件夹“{data}”里没有可以备份的内容，请用 --data 指定数据文件夹。")
    if file.is_dir():
        raise StorageError(f"“{file}”是文件夹，请写出备份文件的名字，例如 {file / 'xuesi-备份.zip'}。")
    try:
        clear_leftovers(data, file.absolute().parent)
        with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=_BACKING_UP) as beside:
            copy, archive = Path(beside, FILE_NAME), Path(beside, "archive.zip")
            _copy_database(database, copy)
            # Originals are stored before the commit that names them, so this list is never short of one.
            originals = sorted(path for path in (data / ORIGINALS).glob("[0-9a-f]*") if path.is_file())
            settings = sorted(path for path in data.iterdir() if path.is_file() and path.suffix in SETTINGS)
            members = [
                (FILE_NAME, copy),
                *((path.name, path) for path in settings),
                *((f"{ORIGINALS}/{path.name}", path) for path in originals),
            ]
            write(archive, members, on_step)
            read(archive)  # what cannot be read back replaces nothing
            archive.chmod(0o600)
            _keep_older(file)
            os.replace(archive, file)
            sync_folder(file.absolute().parent)
    except ReadingError as error:
        raise StorageError(f"备份没有写好（{error}）原有的备份没有动，请检查磁盘后再试。") from error
    except OSError as error:
        raise StorageError(f"备份写不进“{file}”：{error.strerror}；请检查位置、磁盘空间和权限。") from error
    return Saved(file, data, len(originals), file.stat().st_size)


def restore(file: Path, data: Path, *, overwrite: bool = False, on_step: OnStep | None = None) -> Saved:
    """Fill the data folder `data` from a backup, complete or not at all.

    A folder that holds something is refused unless `overwrite`; then what it held is kept beside it, under the same
    name with `.replaced-` and the time. Raises ReadingError for a file that is no sound backup, StorageError.
    """
    if not file.is_file():
        raise ReadingError(f"找不到备份文件“{file}”，请检查路径。")
    if data.exists() and not data.is_dir():
        raise StorageError(f"“{data}”不是文件夹，请用 --data 指定要恢复到的文件夹。")
    occupied = data.is_dir() and any(data.iterdir())
    if occupied and not overwrite:
        raise StorageError(
            f"数据文件夹“{data}”里已有内容；请指定一个空文件夹，或加上 --overwrite 换掉它（原内容会改名保留）。"
        )
    try:
        data.absolute().parent.mkdir(parents=True, exist_ok=True)
        settle(data)
        with (
            replacing(data),
            tempfile.TemporaryDirectory(
                dir=data.absolute().parent, prefix=f".{data.name}{_RESTORING}", ignore_cleanup_errors=True
            ) as beside,
        ):
            _refuse_while_served(data)
            fresh = Path(beside, "data")
            size, originals = read(file, fresh, on_step)
            if found := damage(fresh / FILE_NAME):
                raise ReadingError(f"备份“{file}”里的数据库已损坏（{found}），没有恢复；请换一份备份。")
            Database.open(fresh).close()  # not newer than this release, and brought up to date
            _refuse_while_served(data)
            replace(data, fresh)
            sync_folder(data.absolute().parent)
    except OSError as error:
        raise StorageError(f"备份恢复不到“{data}”：{error.strerror}；请检查磁盘空间和权限。") from error
    return Saved(file, data, originals, size)


def clear_leftovers(data: Path, *folders: Path) -> int:
    """Delete what earlier runs of ours that were killed left in `folders`, beside `data`, in it, and in the system's
    folder for temporary files; returns how many there were. What may still be in use (younger than a day) stays."""
    parent, system = data.absolute().parent, Path(tempfile.gettempdir())
    found = [
        *(path for folder in {*folders, parent} for path in folder.glob(f"{_BACKING_UP}*")),
        *parent.glob(f".{data.name}{_RESTORING}*"),
        *parent.glob(".xuesi-restore-*"),  # of earlier releases
        *(path for prefix in _TEMPORARY for path in system.glob(f"{prefix}*")),
        *(data / ORIGINALS).glob(".new-*"),
        *data.glob(".new-*"),
    ]
    cleared = 0
    for path in found:
        with contextlib.suppress(OSError):  # somebody else's, or gone meanwhile
            if path.stat().st_mtime > time.time() - _IN_USE_SECONDS:
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            cleared += 1
    return cleared


def _keep_older(file: Path) -> None:
    """Before `file` is replaced: it and the one before it stay as `.1` and `.2`. At no moment is there none."""
    first, second = (file.with_name(f"{file.stem}.{number}{file.suffix}") for number in (1, 2))
    if not file.is_file():
        return
    if first.is_file():
        os.replace(first, second)
    try:
        os.link(file, first)
    except OSError:  # a disk without links
        shutil.copyfile(file, first)
        first.chmod(0o600)


def _copy_database(database: Path, copy: Path) -> None:
    """SQLite's own backup: one moment of the database, while others go on writing."""
    try:
        with (
            contextlib.closing(sqlite3.connect(database)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        found = damage(copy)
    except sqlite3.Error as error:
        found = str(error)
    if found:
        raise StorageError(
            f"数据库“{database}”已损坏（{found}），没有备份，原有的备份没有动；请用好的备份恢复（xuesi restore）。"
        )


def _refuse_while_served(data: Path) -> None:
    """Raises StorageError while a server works on the folder."""
    from filelock import FileLock, Timeout

    if not data.is_dir():
        return
    lock = FileLock(data / LOCK, timeout=0, is_singleton=False)
    try:
        lock.acquire()
    except Timeout:
        raise StorageError(f"学思正在使用数据文件夹“{data}”，请先停止服务再恢复。") from None
    lock.release()
    (data / LOCK).unlink(missing_ok=True)
