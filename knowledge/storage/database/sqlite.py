"""SQLite: one file in WAL mode in the data folder, closed to others, with transactions that begin when we say."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError

from knowledge.errors import StorageBusy, StorageError
from knowledge.storage.database.writes import BUSY, is_write

NAME: Final = "sqlite"


def connect(path: Path, patience: float) -> sa.Engine:
    """An engine on the file `path` that leaves BEGIN to us, so that a transaction starts when we say."""
    engine = sa.create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": patience, "check_same_thread": False},
        pool_size=20,
        hide_parameters=True,  # a log never holds what somebody asked
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", partial(_begin, patience=patience))
    return engine


def explained(error: DatabaseError, path: str) -> StorageError:
    """What to tell of an error of SQLite."""
    if isinstance(error, OperationalError):
        if _is_busy(error):
            return StorageBusy(BUSY)
        return StorageError(f"数据库“{path}”用不了：{error.orig}；请检查文件夹的读写权限和磁盘空间。")
    return StorageError(f"数据库“{path}”已损坏或不是学思的数据库；请用备份恢复（xuesi restore）。")


def damage(path: Path) -> str | None:
    """What SQLite finds wrong with the file `path`, in its own words; None for a sound one."""
    try:
        with closing(sqlite3.connect(path)) as raw:
            said = [str(row[0]) for row in raw.execute("PRAGMA integrity_check(3)")]
            loose = raw.execute("PRAGMA foreign_key_check").fetchmany(3)
    except sqlite3.DatabaseError as error:
        return str(error)
    problems = [line for line in said if line != "ok"] + [f"{row[0]}: foreign key" for row in loose]
    return "; ".join(problems).replace("\n", " ")[:200] or None


def make_private(data: Path, path: Path | None = None) -> None:
    """Make the folder `data` and the database `path` where they are not, and let nobody but their owner look into them.
    Raises OSError.

    A folder that held other things before stays as open as it was. On Windows the rights of the folder above count.
    """
    if not data.is_dir():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    elif (path and path.exists()) or not any(data.iterdir()):
        _close_to_others(data)
    if path is None:
        return
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for suffix in ("", "-wal", "-shm"):
        _close_to_others(path.with_name(path.name + suffix))


def _close_to_others(path: Path) -> None:
    """Does nothing where somebody else owns it, who alone can do so, nor where there is nothing."""
    if os.name != "posix" or not path.exists():
        return
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077 and found.st_uid == os.geteuid():
        path.chmod(stat.S_IMODE(found.st_mode) & 0o700)


def _prepare(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # the driver's own BEGIN comes too late for DDL and for reads
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        raw.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection, patience: float) -> None:
    """Begin, trying again for as long as others may write: in a few states of its log SQLite does not wait itself."""
    writes = is_write(connection)
    until = time.monotonic() + patience
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
            return
        except OperationalError as error:
            if not _is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.02, 0.1))


def _is_busy(error: OperationalError) -> bool:
    """Whether another connection holds what was wanted: SQLITE_BUSY or SQLITE_LOCKED, with any of their details."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
