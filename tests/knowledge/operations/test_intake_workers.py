"""Processes that do nothing but read the files that are brought in, beside one that takes them in from the browser."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_library import regulation, write

from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.upload_queue import Job, JobState
from knowledge.operations.upload_worker import Intake

HERE = Path(__file__).parent
PATHS = f"{HERE.parents[2]}:{HERE.parent}"
PATIENCE = 60.0
Worker = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def intake(library: KnowledgeBase) -> Iterator[Intake]:
    """As `xuesi serve --no-intake` has it."""
    made = Intake(library)
    made.start(works=False)
    yield made
    made.close()


@pytest.fixture
def worker(library: KnowledgeBase, database_url: str | None) -> Iterator[Worker]:
    running: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, str(HERE / "intake_process.py"), str(library.data), database_url or ""]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": PATHS, "PATH": "/usr/bin:/bin"}
        )
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def bring(intake: Intake, folder: Path, name: str, text: str) -> Job:
    return intake.receive(write(folder / "arriving", "upload.tmp", text), "b1", name, "teacher")


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_a_process_without_intake_leaves_the_files_to_the_worker(
    intake: Intake, library: KnowledgeBase, worker: Worker, tmp_path: Path
) -> None:
    job = bring(intake, tmp_path, "甲.md", regulation("阅览室管理办法", ["借书", "还书"]))
    time.sleep(1.2)  # twice as long as a worker would let it wait
    assert intake.jobs.get(job.id).state is JobState.QUEUED
    worker()
    until(lambda: intake.jobs.get(job.id).state is JobState.DONE)
    assert [one.card.title for one in library.documents()] == ["阅览室管理办法"]


def test_two_workers_take_each_job_once(intake: Intake, library: KnowledgeBase, worker: Worker, tmp_path: Path) -> None:
    jobs = [
        bring(intake, tmp_path, f"{n}.md", regulation(f"第{n}阅览室管理办法", ["借书", f"第{n}种还书"]))
        for n in range(8)
    ]
    worker(), worker()
    until(lambda: all(intake.jobs.get(job.id).state is JobState.DONE for job in jobs))
    ended = [intake.jobs.get(job.id) for job in jobs]
    assert [(job.outcome, job.attempts) for job in ended] == [("new", 1)] * 8
    assert len(library.documents()) == 8


def test_what_a_killed_worker_was_at_another_takes_up(
    intake: Intake, library: KnowledgeBase, worker: Worker, tmp_path: Path
) -> None:
    text = "# 书目\n\n" + "\n\n".join(f"第{n}条　第{n}类图书由阅览室登记。" for n in range(1, 300))
    job = bring(intake, tmp_path, "长.md", text)
    first = worker()
    until(lambda: intake.jobs.get(job.id).done >= 8)
    worker()
    first.kill()
    first.wait()
    assert intake.jobs.get(job.id).state is JobState.RUNNING, "killed too late to prove anything"
    until(lambda: intake.jobs.get(job.id).state is JobState.DONE)
    taken_up = intake.jobs.get(job.id)
    assert (taken_up.outcome, taken_up.attempts) == ("new", 2)
    [document] = library.documents()
    assert len(library.outline(document.version_id).sections) >= 299
