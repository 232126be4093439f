"""Over the whole suite: nobody does slow work inside a write transaction, for which all other writers would wait."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from knowledge.storage.database import is_write

LONGEST_WRITE = 0.2  # seconds of work by the thread itself: waiting for the disk or for a turn does not count
OURS = Path(__file__).resolve().parents[1]


def longest_write() -> float:
    """On a machine with much to do the same work takes several times as long, because the caches are never warm."""
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 1.0
    return LONGEST_WRITE * max(3.0, waiting)  # a first import or a collection of garbage may fall on anybody


class Watch:
    """Measures every write transaction of this process."""

    def __init__(self) -> None:
        self.slow: list[str] = []

    def begin(self, connection: sa.Connection) -> None:
        if is_write(connection):
            connection.info["began"] = time.thread_time()

    def end(self, connection: sa.Connection) -> None:
        began = connection.info.pop("began", None)
        took = time.thread_time() - began if began is not None else 0.0
        if took > longest_write():
            calls = [call for call in traceback.extract_stack() if call.filename.startswith(str(OURS))]
            if any(call.name == "migrate" for call in calls):
                return  # once for each release, before anybody else is at work
            places = [f"{Path(call.filename).name}:{call.lineno}" for call in calls[-5:-1]]
            self.slow.append(f"{took:.2f} s ({' → '.join(places)})")


@pytest.fixture(scope="session", autouse=True)
def watch() -> Watch:
    watch = Watch()
    for name, heard in (("begin", watch.begin), ("commit", watch.end), ("rollback", watch.end)):
        event.listen(Engine, name, heard)
    return watch


@pytest.fixture(autouse=True)
def _no_slow_write(watch: Watch) -> Iterator[None]:
    watch.slow.clear()
    yield
    assert not watch.slow, f"a write transaction of {', '.join(watch.slow)}: do the work before it"
