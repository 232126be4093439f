"""Over the whole suite: nobody does slow work inside a write transaction, for which all other writers would wait."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from knowledge.storage.database import is_write

LONGEST_WRITE = (
    0.2  # seconds of work by the thread itself; a busy machine does not count, nor does waiting for the disk
)


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
        if took > LONGEST_WRITE:
            self.slow.append(f"{took:.2f} s")


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
