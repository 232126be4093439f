"""Disk full, read-only folder, damaged page, clock set back, index deleted: one sentence, and nothing is lost."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from small_library import TODAY, HashEncoder, open_library, regulation, write

from knowledge.errors import KnowledgeError, StorageError
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Validity
from knowledge.operations.check import check
from knowledge.storage.database import FILE_NAME

SUBJECTS = ["借书", "还书", "赔书"] * 3
NOBODY = 65534


def add(library: KnowledgeBase, folder: Path, number: int, length: int = 1) -> None:
    text = regulation(f"第{number}号规定", [f"{subject}{number}" * length for subject in SUBJECTS], edition="2020")
    [added] = library.add([write(folder / "in", f"{number}.md", text)], publish=True)
    if added.error:
        raise StorageError(added.error)


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """As on a full disk: what is written beyond `size` bytes of any file fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def is_one_sentence(error: BaseException) -> bool:
    return str(error).endswith("。") and "\n" not in str(error)


@pytest.mark.parametrize("size", [0, 4096, 20_000, 60_000])
def test_a_full_disk_is_said_and_leaves_nothing_half(tmp_path: Path, size: int) -> None:
    library = open_library(tmp_path / "data")
    add(library, tmp_path, 1)
    with no_file_grows_beyond(size), pytest.raises(KnowledgeError) as failed:
        add_written(library, tmp_path, 2)
    assert is_one_sentence(failed.value), failed.value
    assert [one.card.title for one in library.documents()] == ["第1号规定"]
    add(library, tmp_path, 3)  # once there is room again
    assert len(library.published()) == 2
    assert [finding for finding in check(library) if finding.wrong] == []
    library.close()


def add_written(library: KnowledgeBase, folder: Path, number: int) -> None:
    """`add` of a file that is longer than the disk has room for; the file itself was there before."""
    path = folder / "in" / f"{number}.md"
    with unlimited():
        text = regulation(f"第{number}号规定", [f"{subject}{number}" * 400 for subject in SUBJECTS], edition="2020")
        path.write_text(text, encoding="utf-8")
    [added] = library.add([path], publish=True)
    if added.error:
        raise StorageError(added.error)


@contextmanager
def unlimited() -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits[1], limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def as_nobody(act: Callable[[], object]) -> str:
    """What `act` raises, or "", when a user without special rights does it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = ""
        try:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            act()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, encoding="utf-8") as result:
        return result.read()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="只有 root 能换成别的用户来试")
@pytest.mark.skipif(
    any(not folder.stat().st_mode & 0o001 for folder in Path(__file__).resolve().parents), reason="别的用户读不到程序"
)
@pytest.mark.parametrize("folder_mode", [0o500, 0o555])
def test_a_read_only_folder_is_said_and_stays_as_it_is(folder_mode: int) -> None:
    root = Path(tempfile.mkdtemp(prefix="xuesi-test-"))
    try:
        root.chmod(0o755)
        data = root / "data"
        library = open_library(data)
        add(library, root, 1)
        library.close()
        for path in [data, *data.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
            path.chmod(folder_mode if path.is_dir() else 0o400)
        said = as_nobody(lambda: open_library(data).add([root / "in" / "1.md"]))
        assert said.startswith("StorageError"), said
        assert said.endswith("。")
        assert "权限" in said
        assert data.stat().st_mode & 0o777 & ~folder_mode == 0
        assert as_nobody(lambda: open_library(data / "new")).startswith("StorageError: 数据文件夹")
    finally:
        shutil.rmtree(root)


def test_a_damaged_page_is_said_by_whatever_needs_it(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data")
    for number in range(5):
        add(library, tmp_path, number)
    library.close()
    database = tmp_path / "data" / FILE_NAME
    with database.open("r+b") as file:
        for place in range(4096 * 3, database.stat().st_size, 4096):
            file.seek(place)
            file.write(b"\xa5" * 3000)
    said = []
    looks: list[Callable[[KnowledgeBase], object]] = [
        lambda library: library.documents(),
        lambda library: library.lexical.search(["借书"], 5),
        lambda library: library.dense.search(HashEncoder().embed_query("借书"), 5),
        lambda library: add(library, tmp_path, 9),
    ]
    for look in looks:
        with pytest.raises(KnowledgeError) as failed:
            look(open_library(tmp_path / "data"))
        said.append(str(failed.value))
        assert is_one_sentence(failed.value), failed.value
    assert any("备份" in one for one in said)


def test_a_clock_that_is_set_back_changes_only_what_depends_on_the_day(tmp_path: Path) -> None:
    day = [TODAY]
    library = open_library(tmp_path / "data", today=lambda: day[0])
    for edition, since in (("2019", "2019-01-01"), ("2026", str(TODAY))):
        text = regulation("阅览规定", SUBJECTS, edition=edition, effective_on=since)
        library.add([write(tmp_path / "in", f"{edition}.md", text)], publish=True)
    said = {one.card.edition: one.validity for one in library.documents()}
    assert said == {"2019": Validity.REVISED, "2026": Validity.IN_FORCE}
    day[0] = TODAY - timedelta(days=1)
    said = {one.card.edition: one.validity for one in library.documents()}
    assert said == {"2019": Validity.IN_FORCE, "2026": Validity.NOT_YET}
    add(library, tmp_path, 3)
    day[0] = TODAY
    assert {one.card.edition: one.validity for one in library.documents()}["2026"] is Validity.IN_FORCE
    assert len(library.published()) == 3
    assert [finding for finding in check(library) if finding.wrong] == []
    library.close()


def test_an_index_that_is_deleted_under_a_running_server_costs_no_answer(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data")
    add(library, tmp_path, 1)
    keeper = library.indexes.keep()
    assert keeper.wait(60)
    query = HashEncoder().embed_query("第1号规定 借书1")
    before = library.dense.search(query, 5)
    shutil.rmtree(tmp_path / "data" / "chroma")
    add(library, tmp_path, 2)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert {one for one, _ in before} <= {one for one, _ in library.dense.search(query, 50)}
        if (tmp_path / "data" / "chroma").is_dir() and keeper.index is not None:
            break
        time.sleep(0.2)
    assert (tmp_path / "data" / "chroma").is_dir(), "the index was not made again"
    assert len(library.dense.search(query, 50)) == 2 * len(SUBJECTS)
    library.close()
    again = open_library(tmp_path / "data")
    assert [finding for finding in check(again) if finding.wrong] == []
    again.close()


def test_tomorrow_is_no_day_of_a_library_that_was_never_opened_then(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data", today=lambda: date(1990, 1, 1))  # a machine whose battery is flat
    add(library, tmp_path, 1)
    assert len(library.published()) == 1
    library.close()
