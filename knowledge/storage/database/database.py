"""Opens the database of a data folder, `data/xuesi.db` or PostgreSQL, brought up to date by migrations; reads and writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from knowledge.errors import NotInLibrary, StorageBusy, StorageError
from knowledge.storage.database import postgresql, sqlite
from knowledge.storage.database.facts import generation_of
from knowledge.storage.database.latest import Latest
from knowledge.storage.database.migration import migrate
from knowledge.storage.database.presence import Presence
from knowledge.storage.database.replacement import refuse_a_lost_library, settle
from knowledge.storage.database.writes import ALONE, BESIDE, BUSY

FILE_NAME = "xuesi.db"
BUSY_SECONDS = 30
MIGRATIONS = Path(__file__).parents[1] / "migrations"

_QUEUES: dict[str, threading.Lock] = {}  # one for each database, whoever in this process opened it


class Database:
    """The database of one data folder, shared by all threads of a process (and by other processes)."""

    def __init__(self, engine: sa.Engine, name: str, patience: float = BUSY_SECONDS) -> None:
        """`name` is what messages call it."""
        self.engine = engine
        self.name = name
        self.is_file = engine.dialect.name == sqlite.NAME
        self.presence = Presence(None if self.is_file else engine)
        self._latest = Latest(name, self._generation) if self.is_file else None
        self._patience = patience
        self._queue = _QUEUES.setdefault(str(Path(name).resolve() if self.is_file else engine.url), threading.Lock())
        self._reading = engine if self.is_file else engine.execution_options(**postgresql.READING)

    @classmethod
    def open(cls, data: Path, url: str | None = None, *, patience: float = BUSY_SECONDS) -> Database:
        """Open the database in the folder `data`, or that at `url` (PostgreSQL), making the folder and the tables where
        there never were any.

        A restore that was cut off is ended first. Only the owner may look into either. `patience` is how many seconds a
        transaction waits for others that write.
        Raises StorageError when the folder or the server cannot be used, or was written by a newer release.
        """
        path = data / FILE_NAME
        try:
            settle(data)
            if url is None:
                refuse_a_lost_library(data, path)
            sqlite.make_private(data, path if url is None else None)
        except OSError as error:
            raise StorageError(f"数据文件夹“{data}”无法建立：{error.strerror}；请换一个有写权限的位置。") from error
        engine = sqlite.connect(path, patience) if url is None else postgresql.connect(url, patience)
        name = str(path) if url is None else f"{engine.url.host or 'localhost'}/{engine.url.database}"
        database = cls(engine, name, patience)
        try:
            if url is not None:
                with database.read() as connection:
                    postgresql.check(connection, name)
                    prepared = postgresql.is_prepared(connection)
                if not prepared:
                    with database.write() as connection:
                        postgresql.prepare(connection)
            with database.translated():
                migrate(engine, MIGRATIONS, "knowledge_version")
        except StorageError:
            engine.dispose()
            raise
        return database

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection whose statements all see the same commit. Raises StorageError when the database fails."""
        with self.translated(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction that no other `write` interleaves; on an error nothing of it stays.

        Everybody else who writes waits for it: what takes time (hashing, reading files, a model) is done before. Threads of
        this process stand in line, because SQLite lets who waits sleep for up to a tenth of a second at a time.
        Raises StorageError, and StorageBusy when another writer did not let go in time.
        """
        with self._in_line(), self.translated(), self.engine.execution_options(**ALONE).begin() as connection:
            yield connection

    @contextmanager
    def write_rows(self) -> Iterator[sa.Connection]:
        """A transaction that changes rows which it has locked itself (`with_for_update`); where the database locks rows,
        others write meanwhile. Raises as `write` does."""
        if self.is_file:
            with self.write() as connection:
                yield connection
            return
        with self.translated(), self.engine.execution_options(**BESIDE).begin() as connection:
            yield connection

    def generation(self) -> int:
        """The number of commits that changed the library, counted by all processes. Raises StorageError."""
        return self._latest.generation() if self._latest else self._generation()

    def _generation(self) -> int:
        with self.read() as connection:
            return generation_of(connection)

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        if not self._queue.acquire(timeout=self._patience):
            raise StorageBusy(BUSY)
        try:
            yield
        finally:
            self._queue.release()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn the errors of the database into ours, once."""
        try:
            yield
        except OverflowError as error:  # a number beyond 64 bits, which no id of ours is
            raise NotInLibrary("没有这个编号，请核对后再试。") from error
        except DatabaseError as error:
            if isinstance(error, IntegrityError):
                raise
            raise (sqlite if self.is_file else postgresql).explained(error, self.name) from error

    def close(self) -> None:
        self.presence.close()
        if self._latest:
            self._latest.close()
        self.engine.dispose()
