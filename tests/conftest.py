"""Over the whole suite: nobody does slow work inside a write transaction, for which all other writers would wait."""

from __future__ import annotations

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
QUIET_PACE = 0.003  # seconds that the task of `pace` takes on an ordinary machine with nothing else to do
OURS = Path(__file__).resolve().parents[1]


def pace() -> float:
    """Seconds of work that a fixed task takes now: on a machine with much to do several times what it takes alone."""
    began = time.thread_time()
    sum(number * number for number in range(50_000))
    return time.thread_time() - began


class Watch:
    """Measures every write transaction of this process, in the time that a quiet machine would need."""

    def __init__(self) -> None:
        self.slow: list[str] = []

    def begin(self, connection: sa.Connection) -> None:
        if is_write(connection):
            connection.info["began"] = time.thread_time()

    def end(self, connection: sa.Connection) -> None:
        began = connection.info.pop("began", None)
        took = time.thread_time() - began if began is not None else 0.0
        if took > LONGEST_WRITE:
            took *= min(1.0, QUIET_PACE / sorted(pace() for _ in range(5))[2])
        if took > LONGEST_WRITE:
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
