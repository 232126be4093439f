"""Over the whole suite: nobody does slow work inside a write transaction, for which all other writers would wait; and no
test waits for the disk, for a password or for the encoder.

What is kept in a database is kept in each that there is: tests that take `database_url` run over both.
"""

from __future__ import annotations

import gc
import os
import ssl
import threading
import time
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from postgresql_server import NoServer, PostgresServer, server
from sqlalchemy import event
from sqlalchemy.engine import Engine

from assistant.accounts import passwords
from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from knowledge.metadata.register import Register
from knowledge.storage.database import sqlite
from knowledge.storage.database.writes import is_write

LONGEST_WRITE = 0.2  # seconds of work by the thread itself: waiting for the disk or for a turn does not count
COSTLY = passwords._hasher
OURS = Path(__file__).resolve().parents[1]


def longest_write() -> float:
    """On a machine with much to do the same work takes several times as long, because the caches are never warm."""
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 1.0
    return LONGEST_WRITE * max(3.0, waiting)  # a first import may fall on anybody


class Watch:
    """Measures every write transaction of this process."""

    def __init__(self) -> None:
        self.slow: list[str] = []
        self._collecting = (
            threading.local()
        )  # what the garbage collector took of this thread, and since when it takes more

    def collected(self, phase: str, _info: dict[str, int]) -> None:
        """The heap of a thousand tests takes over a second to go through; that is no work of the transaction it falls on."""
        if phase == "start":
            self._collecting.since = time.thread_time()
        elif hasattr(self._collecting, "since"):
            self._collecting.taken = (
                getattr(self._collecting, "taken", 0.0) + time.thread_time() - self._collecting.since
            )

    def _worked(self) -> float:
        """Seconds that this thread has worked, less what collecting garbage took of them."""
        return time.thread_time() - getattr(self._collecting, "taken", 0.0)

    def begin(self, connection: sa.Connection) -> None:
        if is_write(connection):
            connection.info["began"] = self._worked()

    def end(self, connection: sa.Connection) -> None:
        began = connection.info.pop("began", None)
        took = self._worked() - began if began is not None else 0.0
        if took > longest_write():
            calls = [call for call in traceback.extract_stack() if call.filename.startswith(str(OURS))]
            if any(call.name == "migrate" for call in calls):
                return  # once for each release, before anybody else is at work
            places = [f"{Path(call.filename).name}:{call.lineno}" for call in calls[-5:-1]]
            self.slow.append(f"{took:.2f} s ({' → '.join(places)})")


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Only a power cut would tell what has reached the disk from what the system still holds, and no test makes one.

    Each wait takes milliseconds, seconds when others write too, and there are thousands.
    """
    prepare = sqlite._prepare

    def prepare_unsynced(raw: Any, record: object) -> None:
        for step in (lambda: None, lambda: prepare(raw, record)):  # before too: the file is made in the log's mode
            step()
            raw.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "_prepare", prepare_unsynced)
        patch.setattr(os, "fsync", lambda _file: None)
        yield


def pytest_configure() -> None:
    """Garbage is looked for in the heap of a thousand tests; as often as Python does by itself, that is a fifth of all
    their time."""
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first, those with slow tests and the pages: the worker that began one last would end
    alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, "web" not in item.path.parts))


@pytest.fixture(scope="session", autouse=True)
def _loaded_once() -> Iterator[None]:
    """The model of the user cache, the packaged register and the certificates of the world's authorities, which every
    client of HTTP reads anew, are loaded once: nothing of them changes."""
    from knowledge.embeddings import builtin

    usual, load = builtin.folder(), builtin.open_folder
    loaded = cache(load)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtin, "open_folder", lambda path: loaded(path) if path == usual else load(path))
        patch.setattr(Register, "load", cache(Register.load))
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A hash that is meant to take its time takes none: there are hundreds, of a sixth of a second each."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: quick)
        yield


@pytest.fixture
def costly_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take as long as for users."""
    monkeypatch.setattr(passwords, "_hasher", COSTLY)


@pytest.fixture(scope="session", autouse=True)
def watch() -> Watch:
    watch = Watch()
    for name, heard in (("begin", watch.begin), ("commit", watch.end), ("rollback", watch.end)):
        event.listen(Engine, name, heard)
    gc.callbacks.append(watch.collected)
    return watch


@pytest.fixture(autouse=True)
def _no_slow_write(watch: Watch) -> Iterator[None]:
    watch.slow.clear()
    yield
    assert not watch.slow, f"a write transaction of {', '.join(watch.slow)}: do the work before it"


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL with a database `migrated`, which has all tables and nothing in them."""
    try:
        with server() as running:
            running.execute("CREATE DATABASE migrated TEMPLATE template0")
            folder, url = tmp_path_factory.mktemp("migrated"), running.url("migrated")
            Accounts.open(folder, url).close()
            Conversations.open(folder, url).close()
            yield running
    except NoServer as error:
        if os.environ.get("XUESI_TESTS_NEED_POSTGRESQL"):  # as CI does, where nobody would notice that they are skipped
            raise
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Where the database of a test is: None for in its data folder, else an empty one of PostgreSQL."""
    if request.param == "sqlite":
        yield None
        return
    running: PostgresServer = request.getfixturevalue("postgresql")
    with running.fresh("migrated") as url:
        yield url
