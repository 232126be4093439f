"""`kill -9` of `xuesi move` at ten points on the way to PostgreSQL, and at ten on the way back: the source stays as it was,
the target is empty or complete, and the same command run again carries everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgresql_server import PostgresServer
from small_library import open_library, regulation, write

from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from knowledge.errors import StorageError
from knowledge.storage.database import Database, postgresql

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
KILLS = 10
DOCUMENTS, TURNS = 60, 400
Held = dict[str, int]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with documents, questions and an account: enough for a kill to land inside."""
    folder = tmp_path_factory.mktemp("killed-moving")
    library = open_library(folder / "data")
    for number in range(DOCUMENTS):
        subjects = [f"第{number}类图书的{matter}" for matter in ("借阅", "归还", "赔偿", "清点", "剔旧")]
        write(folder / "in", f"{number:02}.md", regulation(f"第{number}号书库管理规定", subjects))
    library.add([folder / "in"], publish=True)
    library.close()
    accounts = Accounts.open(folder / "data")
    accounts.add_first("root1", "长江黄河泰山长城二〇二六")
    accounts.close()
    conversations = Conversations.open(folder / "data")
    for number in range(TURNS):
        conversations.ask(f"读者{number % 7}", f"第{number}问")
    conversations.close()
    return folder / "data"


def started(data: Path, to: str, url: str | None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("XUESI_DATABASE_URL", None)
    if url:
        environment["XUESI_DATABASE_URL"] = url
    command = [sys.executable, str(ROOT / "app.py"), "move", "--to", to, "--data", str(data)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def completed(data: Path, to: str, url: str | None) -> None:
    process = started(data, to, url)
    _, told = process.communicate()
    assert process.returncode == 0, told.decode()


def held(data: Path, url: str | None = None) -> Held:
    """How many rows each table has; none of them in a database that has no tables yet."""
    database = Database.open(data, url)
    with database.read() as connection:
        names = [name for name in sa.inspect(connection).get_table_names() if not name.startswith("passage_")]
        counts = {name: connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}
    database.close()
    own = ("meta", "outbox", "sqlite_sequence")
    return {name: count for name, count in counts.items() if name not in own and not name.endswith("_version")}


def seconds_until(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> float:
    """How long after the start of `process` the condition holds."""
    began = time.monotonic()
    while not condition() and process.poll() is None:
        time.sleep(0.01)
    return time.monotonic() - began


def is_opened(url: str) -> bool:
    """Whether somebody has begun to make our tables in the database at `url`."""
    engine = postgresql.connect(url, 10)
    with engine.begin() as connection:
        begun = postgresql.is_prepared(connection)
    engine.dispose()
    return begun


class Kills:
    """Kills one move after the other, each a little later after it has opened its target. What is left of a move then was
    timed first, and is taken to be less when one came to its end: the machine may have become quicker."""

    def __init__(self, process: subprocess.Popen[bytes], opened: Callable[[], bool]) -> None:
        seconds_until(opened, process)
        self._left = seconds_until(lambda: False, process)
        process.communicate()
        self.inside = 0

    def kill(self, process: subprocess.Popen[bytes], opened: Callable[[], bool], turn: int) -> bool:
        """Whether it was killed before its end."""
        seconds_until(opened, process)
        try:
            process.wait(self._left * (turn % KILLS + 0.5) / KILLS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        killed = process.returncode == -signal.SIGKILL
        self.inside += killed
        self._left *= 1.0 if killed else 0.8
        return killed


@pytest.fixture
def fresh(postgresql: PostgresServer) -> Iterator[Callable[[], str]]:
    """Makes empty databases, which are dropped afterwards."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(postgresql.fresh())


def test_a_move_to_postgresql_that_was_killed_has_carried_all_or_nothing(
    data: Path, fresh: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = held(data)
    first = fresh()
    kills = Kills(started(data, first, None), lambda: is_opened(first))
    for turn in range(KILLS):
        url = fresh()
        killed = kills.kill(started(data, url, None), partial(is_opened, url), turn)
        there = held(data, url)
        assert there == wanted or not any(there.values())
        assert there == wanted or killed
        if there != wanted:
            completed(data, url, None)
        assert held(data, url) == wanted == held(data)
        library = open_library(data, url=url)
        assert len(library.published()) == DOCUMENTS
        library.close()
    with capsys.disabled():
        print(f"\nxuesi move to PostgreSQL: {kills.inside} of {KILLS} kills landed inside")
    assert kills.inside >= KILLS // 3, "too few kills came in time to prove anything"


def test_a_move_into_a_folder_that_was_killed_is_no_library_and_can_be_repeated(
    data: Path, fresh: Callable[[], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted, url = held(data), fresh()
    completed(data, url, None)
    kills = Kills(started(data, str(tmp_path / "first"), url), (tmp_path / "first").exists)
    refused = 0
    for turn in range(KILLS):
        target = tmp_path / str(turn)
        killed = kills.kill(started(data, str(target), url), target.exists, turn)
        complete = (target / "xuesi.db").is_file()
        if killed and not complete and target.exists() and any(target.iterdir()):
            with pytest.raises(StorageError, match=r"xuesi move|数据库“xuesi.db”却不见了"):
                Database.open(target)
            refused += 1
        if not complete:
            assert killed
            completed(data, str(target), url)
        assert held(target) == wanted == held(data, url)
        assert {one.name for one in (target / "originals").iterdir()} == {
            one.name for one in (data / "originals").iterdir()
        }
        assert not list(target.glob(".moving*")) or complete
    with capsys.disabled():
        print(
            f"\nxuesi move into a folder: {kills.inside} of {KILLS} kills landed inside, {refused} left half a folder"
        )
    assert kills.inside >= KILLS // 3, "too few kills came in time to prove anything"
