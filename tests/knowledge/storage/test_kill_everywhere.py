"""`kill -9` a hundred times, in the middle of everything that changes a data folder: what was said to be done is done,
and of the rest nothing can be seen."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from small_library import open_library, regulation, write
from test_kill import assert_everything_is_whole

from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Status
from knowledge.operations.backup import backup, restore
from knowledge.operations.backup_file import read
from knowledge.operations.exchange import export, import_folder

Say = Callable[[str], None]
Act = Callable[[Path, Say], None]
DOCUMENTS = 12


def text(number: int, edition: str = "2020") -> str:
    subjects = [f"第{number}类图书的{matter}" for matter in ("借阅", "归还", "赔偿", "清点", "剔旧")]
    return regulation(f"第{number}号书库管理规定", subjects, edition=edition)


def prepared(root: Path) -> None:
    """A library of published documents in `data`, files that are not in it yet, a backup and an export."""
    data = root / "data"
    library = open_library(data)
    for number in range(DOCUMENTS):
        write(root / "in", f"{number:02}.md", text(number))
        write(root / "more", f"{number + 50}.md", text(number + 50))
    library.add([root / "in"], publish=True)
    export(library, root / "export")
    library.close()
    backup(data, root / "saved.zip")


# Each says what it has done only when it is done.


def add(root: Path, say: Say) -> None:
    library = open_library(root / "data")
    library.add(
        [root / "more"],
        publish=True,
        on_progress=lambda step: say(f"published {step.added.document_id}"),
    )


def new_versions(root: Path, say: Say) -> None:
    library = open_library(root / "data")
    for path in sorted((root / "in").iterdir()):
        changed = path.read_text("utf-8").replace("五个工作日", "十个工作日")
        path.write_text(changed, "utf-8")
        [added] = library.add([path])
        say(f"changed {added.document_id}")


def remove(root: Path, say: Say) -> None:
    library = open_library(root / "data")
    for document in library.documents():
        library.remove(document.id)
        say(f"removed {document.id}")


def withdraw_and_publish(root: Path, say: Say) -> None:
    library = open_library(root / "data")
    for document in library.documents():
        library.withdraw(document.id)
        say(f"withdrawn {document.id}")
        library.publish(document.id)
        say(f"published {document.id}")


def save(root: Path, say: Say) -> None:
    for _ in range(3):
        backup(root / "data", root / "saved.zip")
        say("saved 1")


def bring_back(root: Path, say: Say) -> None:
    for _ in range(3):
        restore(root / "saved.zip", root / "data", overwrite=True)
        say("restored 1")


def carry_in(root: Path, say: Say) -> None:
    import_folder(open_library(root / "other"), root / "export")
    say("imported 1")


KILLS: dict[Act, int] = {
    add: 15,
    new_versions: 15,
    remove: 15,
    withdraw_and_publish: 15,
    save: 15,
    bring_back: 15,
    carry_in: 10,
}


def run(act: Act, root: Path, seconds: float | None) -> tuple[list[tuple[str, int]], bool]:
    """Let a process of its own `act`, and kill it after some seconds; what it said, and whether it was killed inside."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act(root, lambda said: os.write(writing, f"{said}\n".encode()) and None)
            os.write(writing, b"done 0\n")
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        lines = [line.split() for line in pipe.read().splitlines()]
    _, status = os.waitpid(child, 0)
    assert seconds is not None or status == 0, "it failed by itself"
    said = [(line[0], int(line[1])) for line in lines]
    return said, ("done", 0) not in said


def assert_it_is_true(library: KnowledgeBase, said: list[tuple[str, int]]) -> None:
    """What was said last about each document holds, or the next step after it, which may not have been told."""
    held = {document.id: document for document in library.documents()}
    for what, number in said:
        if what == "removed":
            assert number not in held
        elif what == "changed":
            assert "十个工作日" in library.text(held[number].version_id)
        elif what == "published" and ("withdrawn", number) not in said:
            assert held[number].status is Status.PUBLISHED
    toggled = [number for what, number in said if what == "withdrawn"]
    for number in toggled[:-1]:  # the last one may have been killed before it was published again
        assert held[number].status is Status.PUBLISHED


@pytest.mark.slow
@pytest.mark.parametrize("act", list(KILLS), ids=lambda act: act.__name__)
def test_killing_loses_nothing_that_was_done_and_shows_nothing_half(
    act: Act, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    generator = random.Random(act.__name__)
    prepared(tmp_path / "before")
    shutil.copytree(tmp_path / "before", tmp_path / "whole")
    began = time.monotonic()
    run(act, tmp_path / "whole", None)
    latest = time.monotonic() - began
    inside = 0
    for turn in range(KILLS[act]):
        root = tmp_path / str(turn)
        shutil.copytree(tmp_path / "before", root)
        said, killed = run(act, root, generator.uniform(0.0, latest))
        inside += killed
        if not killed:  # the run that was timed had to wait for something: aim earlier
            latest *= 0.7
        library = open_library(root / "data")  # which ends a restore that was cut off
        assert_everything_is_whole(library)
        assert_it_is_true(library, said)
        titles = {document.card.title for document in library.documents()}
        if act is not remove:
            assert {f"第{number}号书库管理规定" for number in range(DOCUMENTS)} <= titles
        library.close()
        assert read(root / "saved.zip")[1] == DOCUMENTS
        if act is carry_in:
            other = open_library(root / "other")
            assert_everything_is_whole(other)
            assert [added.error for added in import_folder(other, root / "export") if added.error] == []
            assert len(other.published()) == DOCUMENTS
            other.close()
    record_property("killed_inside", inside)
    print(f"{act.__name__}: {inside} of {KILLS[act]} kills landed inside")
    assert inside >= KILLS[act] // 3, "too few kills came in time to prove anything"
