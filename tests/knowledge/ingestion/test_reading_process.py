"""Each file is read in a process of its own: a hostile one ends within its limits with one sentence, and the next is read."""

from __future__ import annotations

import os
import signal
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import EmptyFile, ReadingError, UnsafeFile
from knowledge.ingestion.reading.prepare import Incoming, understood
from knowledge.ingestion.reading.process import ReadingProcess, Stopped, shared

GOOD = "渡口办法\n第一条 渡口由区管理。\n第二条 学生过渡免费。\n"


@pytest.fixture
def reading() -> Iterator[ReadingProcess]:
    process = ReadingProcess(seconds=5, memory=150 << 20)
    yield process
    process.close()


def incoming(folder: Path, name: str, data: bytes) -> Incoming:
    path = folder / name
    path.write_bytes(data)
    return Incoming(path, name, str(path))


def inflating_pdf(megabytes: int) -> bytes:
    """A small PDF whose page unpacks to many megabytes of drawing."""
    packing = zlib.compressobj(1)
    piece = (b"BT /F 14 Tf (a) Tj ET\n" * 47_662)[: 1 << 20]
    packed = b"".join(packing.compress(piece) for _ in range(megabytes)) + packing.flush()
    packed = zlib.compress(zlib.compress(packed, 9), 9)
    font = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    return b"".join(
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R" + font + b">>endobj\n",
            f"4 0 obj<</Length {len(packed)}/Filter[/FlateDecode/FlateDecode/FlateDecode]>>stream\n".encode(),
            packed + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        )
    )


def test_a_file_is_understood_as_it_is_in_this_process(reading: ReadingProcess, tmp_path: Path) -> None:
    file = incoming(tmp_path, "办法.txt", GOOD.encode())
    assert reading.understood(file, "a" * 64) == understood(file, "a" * 64)


def test_an_error_comes_back_as_it_was_raised(reading: ReadingProcess, tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="空文件"):
        reading.understood(incoming(tmp_path, "空.txt", b""), "a" * 64)


def test_a_file_that_unpacks_beyond_the_limit_of_memory_is_refused_and_the_next_one_is_read(
    reading: ReadingProcess, tmp_path: Path
) -> None:
    hostile = incoming(tmp_path, "弹.pdf", inflating_pdf(400))
    assert hostile.path.stat().st_size < 20_000
    with pytest.raises(ReadingError) as raised:
        reading.understood(hostile, "a" * 64)
    assert "弹.pdf" in str(raised.value)
    assert str(raised.value).count("。") == 1
    good = incoming(tmp_path, "办法.txt", GOOD.encode())
    assert reading.understood(good, "b" * 64).outline.articles == 2


def test_a_file_that_does_not_end_is_given_up_in_time_and_the_next_one_is_read(tmp_path: Path) -> None:
    reading = ReadingProcess(seconds=1)
    slow = incoming(tmp_path, "慢.md", _slow_markdown())
    started = time.monotonic()
    with pytest.raises(UnsafeFile, match="1 秒还没有读完"):
        reading.understood(slow, "a" * 64)
    assert time.monotonic() - started < 30
    good = incoming(tmp_path, "办法.txt", GOOD.encode())
    assert reading.understood(good, "b" * 64).outline.articles == 2
    reading.close()


def test_reading_stops_as_soon_as_somebody_wants_it_to(tmp_path: Path) -> None:
    reading = ReadingProcess(seconds=60)
    wanted = threading.Event()
    timer = threading.Timer(1.0, wanted.set)
    timer.start()
    with pytest.raises(Stopped):
        reading.understood(incoming(tmp_path, "慢.md", _slow_markdown()), "a" * 64, wanted.is_set)
    timer.join()
    reading.close()


def test_two_threads_read_at_the_same_time(reading: ReadingProcess, tmp_path: Path) -> None:
    files = [incoming(tmp_path, f"办法{number}.txt", GOOD.encode()) for number in range(4)]
    found: list[int | None] = []
    threads = [
        threading.Thread(target=lambda file=file: found.append(reading.understood(file, "a" * 64).outline.articles))
        for file in files
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2, 2, 2, 2]


def children() -> set[int]:
    """The processes that this one has started and that run."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(number) for task in tasks for number in task.read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for the processes")
def test_a_file_is_read_though_the_process_that_waited_for_it_was_ended(
    reading: ReadingProcess, tmp_path: Path
) -> None:
    before = children()
    file = incoming(tmp_path, "办法.txt", GOOD.encode())
    reading.understood(file, "a" * 64)
    [waiting] = children() - before
    os.kill(waiting, signal.SIGSTOP)  # it lives and takes nothing
    end = threading.Timer(0.5, os.kill, (waiting, signal.SIGKILL))
    end.start()
    assert reading.understood(file, "a" * 64).outline.articles == 2
    end.join()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_leaves_the_reading_process_of_its_parent_alone(tmp_path: Path) -> None:
    file = incoming(tmp_path, "办法.txt", GOOD.encode())
    before = children()
    shared().understood(file, "a" * 64)
    mine = children() - before
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if shared().understood(file, "a" * 64).outline.articles == 2 else 1
            shared().close()
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert shared().understood(file, "a" * 64).outline.articles == 2
    assert mine <= children(), "it was replaced"


def _slow_markdown() -> bytes:
    """Many paragraphs: seconds of honest work on any machine."""
    return "\n\n".join(
        f"第{number}条 渡口{number}由区管理，（一）甲；（二）乙。" for number in range(1, 150_000)
    ).encode()


def test_a_text_of_more_provisions_than_any_page_could_show_is_refused(tmp_path: Path) -> None:
    file = incoming(tmp_path, "拼凑.txt", ("（一）甲；\n" * 60_000).encode())
    with pytest.raises(UnsafeFile, match="个条、款、项"):
        understood(file, "a" * 64)
