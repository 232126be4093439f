"""Two processes on one PostgreSQL: what one does the other sees, nothing is done twice, and the death of one is noticed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgresql_server import PostgresServer
from small_library import open_library, regulation, write

from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.upload_queue import JobKind, Jobs, JobState
from knowledge.text.tokenizer import tokenize

HERE = Path(__file__).parent
ROOT = HERE.parent
PASSWORD = "长江黄河泰山长城二〇二六"
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def url(postgresql: PostgresServer) -> Iterator[str]:
    with postgresql.fresh("migrated") as made:
        yield made


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, url: str) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path_factory.mktemp("shared") / "data", url=url)
    yield made
    made.close()


@pytest.fixture
def start(library: KnowledgeBase, url: str) -> Iterator[Start]:
    """Starts another process; it is killed afterwards."""
    running: list[subprocess.Popen[str]] = []

    def begin(*what: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(HERE / "another_process.py"), str(library.data), url, *what]
        paths = f"{ROOT}:{HERE / 'knowledge'}"
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": paths, "PATH": ""}
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_what_one_publishes_the_other_answers_from_within_two_seconds(
    library: KnowledgeBase, start: Start, tmp_path: Path
) -> None:
    [added] = library.add([write(tmp_path, "a.md", regulation("阅览室管理办法", ["借书", "还书"]))])
    assert library.lexical.search(tokenize("还书"), 5) == []
    assert heard(start("publish", str(added.document_id))) == "done"
    published = time.monotonic()
    while not library.search("还书由谁登记"):
        time.sleep(0.02)
    assert time.monotonic() - published < 2.0
    assert library.lexical.search(tokenize("还书"), 5)


def test_who_signs_out_of_one_is_out_of_the_other(library: KnowledgeBase, url: str, start: Start) -> None:
    accounts = Accounts.open(library.data, url)
    accounts.add_first("root1", PASSWORD)
    _, token = accounts.log_in("root1", PASSWORD)
    assert accounts.whose(token)
    assert heard(start("sign-out", token)) == "done"
    assert accounts.whose(token) is None
    accounts.close()


def test_a_job_is_taken_once(library: KnowledgeBase, start: Start) -> None:
    jobs = Jobs(library.database)
    ids = [jobs.add("b1", JobKind.FILE, f"{number}.md", 1, "teacher").id for number in range(60)]
    workers = [start("take") for _ in range(2)]
    assert [heard(worker) for worker in workers] == ["ready", "ready"]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    taken = [heard(worker).split() for worker in workers]
    assert sorted(int(one) for some in taken for one in some) == ids
    assert jobs.recover() == 0  # both are alive
    workers[0].kill()
    workers[0].wait()
    until = time.monotonic() + 10
    while not jobs.recover() and time.monotonic() < until:
        time.sleep(0.05)
    again = {str(job.id) for job in jobs.listing() if job.state is JobState.QUEUED}
    assert again == set(taken[0])


def test_an_answer_whose_process_was_killed_is_marked_and_can_be_asked_again(
    library: KnowledgeBase, url: str, start: Start
) -> None:
    conversations = Conversations.open(library.data, url)
    process = start("ask")
    turn_id = heard(process)
    assert conversations.recover() == 0  # as at the start of a process beside one that is answering
    assert conversations.turn("甲", turn_id).state is TurnState.ANSWERING
    process.kill()
    process.wait()
    until = time.monotonic() + 10
    while not conversations.mark_cut_off() and time.monotonic() < until:
        time.sleep(0.05)
    assert conversations.turn("甲", turn_id).state is TurnState.INTERRUPTED
    assert conversations.ask_again("甲", turn_id).state is TurnState.ANSWERING
    conversations.close()
