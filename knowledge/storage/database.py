"""Opens `data/xuesi.db`: one SQLite file in WAL mode, brought up to date by migrations, with read and write scopes."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from knowledge.errors import NotInLibrary, StorageBusy, StorageError
from knowledge.storage.replacement import refuse_a_lost_library, settle

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

FILE_NAME = "xuesi.db"
BUSY_SECONDS = 30
BUSY = "数据库正忙，别处正在写入，这一次什么都没有改动；请稍后再试。"
MIGRATIONS = Path(__file__).parent / "migrations"

_WRITES = "xuesi_writes"
_QUEUES: dict[Path, threading.Lock] = {}  # one for each file, whoever in this process opened it
_REVISION = re.compile(r'^revision(?:: str)? = "(\w+)"', re.MULTILINE)


class Database:
    """The SQLite file of one data folder, shared by all threads of a process (and by other processes)."""

    def __init__(self, engine: sa.Engine, path: Path, patience: float = BUSY_SECONDS) -> None:
        self.engine = engine
        self.path = path
        self._patience = patience
        self._queue = _QUEUES.setdefault(path.resolve(), threading.Lock())

    @classmethod
    def open(cls, data: Path, *, patience: float = BUSY_SECONDS) -> Database:
        """Open the database in `data`, making the folder and the tables where there never were any.

        A restore that was cut off is ended first. Only the owner may look into either. `patience` is how many seconds a
        transaction waits for others that write.
        Raises StorageError when the folder cannot be used, or was written by a newer release.
        """
        path = data / FILE_NAME
        try:
            settle(data)
            refuse_a_lost_library(data, path)
            _make_private(data, path)
        except OSError as error:
            raise StorageError(f"数据文件夹“{data}”无法建立：{error.strerror}；请换一个有写权限的位置。") from error
        engine = connect(path, patience)
        try:
            with _translated(path):
                migrate(engine, MIGRATIONS, "knowledge_version")
        except StorageError:
            engine.dispose()
            raise
        return cls(engine, path, patience)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection whose statements all see the same commit. Raises StorageError when the file fails."""
        with _translated(self.path), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction that no other writer interleaves; on an error nothing of it stays.

        Everybody else who writes waits for it: what takes time (hashing, reading files, a model) is done before. Threads of
        this process stand in line, because SQLite lets who waits sleep for up to a tenth of a second at a time.
        Raises StorageError, and StorageBusy when another writer did not let go in time.
        """
        if not self._queue.acquire(timeout=self._patience):
            raise StorageBusy(BUSY)
        try:
            with _translated(self.path), self.engine.execution_options(**{_WRITES: True}).begin() as connection:
                yield connection
        finally:
            self._queue.release()

    def close(self) -> None:
        self.engine.dispose()


def connect(path: Path, patience: float = BUSY_SECONDS) -> sa.Engine:
    """An engine on the SQLite file `path` that leaves BEGIN to us, so that a transaction starts when we say."""
    engine = sa.create_engine(
        f"sqlite:///{path}", connect_args={"timeout": patience, "check_same_thread": False}, pool_size=20
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", partial(_begin, patience=patience))
    return engine


def migrate(engine: sa.Engine, script_location: Path, version_table: str) -> None:
    """Bring the tables that `script_location` (a folder with `versions/`) describes to its newest revision.

    Several packages keep their tables in one file, each with its own `version_table`. Alembic is imported only when
    there is something to do, because a cold start pays for it. Raises StorageError for a database of a newer release.
    """
    revisions = _revisions(script_location)
    with engine.connect() as connection:
        if _revision_of(connection, version_table) == revisions[-1]:
            return
    script = _read_scripts(script_location)  # takes half a second, in which nobody should wait for us
    with engine.execution_options(**{_WRITES: True}).begin() as connection:
        found = _revision_of(connection, version_table)  # another process may have been faster
        if found is not None and found not in revisions:
            raise StorageError("数据文件夹由更新版本的学思写成，本版本读不了；请升级学思后再打开。")
        if found != revisions[-1]:
            _upgrade(connection, script, version_table)


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


def is_write(connection: sa.Connection) -> bool:
    """Whether the transaction of this connection holds up other writers."""
    return bool(connection.get_execution_options().get(_WRITES))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, once."""
    try:
        yield
    except OperationalError as error:
        if _is_busy(error):
            raise StorageBusy(BUSY) from error
        raise StorageError(f"数据库“{path}”用不了：{error.orig}；请检查文件夹的读写权限和磁盘空间。") from error
    except OverflowError as error:  # a number beyond 64 bits, which no id of ours is
        raise NotInLibrary("没有这个编号，请核对后再试。") from error
    except DatabaseError as error:
        if isinstance(error, IntegrityError):
            raise
        raise StorageError(f"数据库“{path}”已损坏或不是学思的数据库；请用备份恢复（xuesi restore）。") from error


def _make_private(data: Path, path: Path) -> None:
    """Make folder and database where they are not, and let nobody but their owner look into them. Raises OSError.

    A folder that held other things before stays as open as it was. On Windows the rights of the folder above count.
    """
    if not data.is_dir():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    elif path.exists() or not any(data.iterdir()):
        _close_to_others(data)
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


def _revisions(script_location: Path) -> list[str]:
    """Revision ids, oldest first: the files are numbered."""
    found = []
    for path in sorted((script_location / "versions").glob("[0-9]*.py")):
        match = _REVISION.search(path.read_text(encoding="utf-8"))
        if match:
            found.append(match[1])
    return found


def _revision_of(connection: sa.Connection, version_table: str) -> str | None:
    present = sa.text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name")
    if connection.execute(present, {"name": version_table}).first() is None:
        return None
    row = connection.exec_driver_sql(f"SELECT version_num FROM {version_table}").first()
    return row[0] if row else None


def _read_scripts(script_location: Path) -> ScriptDirectory:
    import alembic.runtime.environment  # noqa: F401
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(script_location).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    for _ in script.walk_revisions():
        pass  # loads each
    return script


def _upgrade(connection: sa.Connection, script: ScriptDirectory, version_table: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, version_table=version_table)
        environment.run_migrations()


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
