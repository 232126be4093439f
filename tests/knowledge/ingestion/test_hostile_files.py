"""A hundred hostile files, one after the other: each ends in time with at most one sentence, and the next one is read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hostile_documents import DOCUMENTS
from hostile_packages import PACKAGES
from hostile_texts import TEXTS

from knowledge.ingestion.ingest import sentence_for
from knowledge.ingestion.reading.prepare import Incoming
from knowledge.ingestion.reading.process import ReadingProcess
from knowledge.parsing.loaders.packages.archive import carries

SECONDS: Final = 0.5  # instead of 60: what takes longer is given up all the same
BUSY: Final = 120.0  # a new process takes a second, and many on a busy machine


@pytest.fixture(scope="module")
def reading() -> Iterator[ReadingProcess]:
    process = ReadingProcess(seconds=SECONDS)
    yield process
    process.close()


def said(reading: ReadingProcess, path: Path, folder: Path) -> list[str]:
    """What a trainer is told of a file, and of the files in it: that it was read, or why it was not."""
    told, files = [], [path]
    try:
        if carries(path.name):
            contents = reading.unpacked(path, folder, path.name)
            told += [f"没有读入 {left.path}：{left.reason}。" for left in contents.not_taken]
            files = [file for file, _ in contents.files][:3] + [path] * contents.is_document
        for file in files:
            reading.understood(Incoming(file, file.name, str(file)), "a" * 64)
            told.append("已读入。")
    except Exception as error:
        told.append(sentence_for(path.name, error))
    return told


@pytest.mark.slow
def test_each_hostile_file_ends_in_time_with_one_sentence_and_the_next_one_is_read(
    reading: ReadingProcess, tmp_path: Path
) -> None:
    good = tmp_path / "办法.txt"
    good.write_text("渡口办法\n第一条 渡口由区管理。\n第二条 学生过渡免费。\n", encoding="utf-8")
    for name, made in (*PACKAGES, *TEXTS, *DOCUMENTS):
        path = tmp_path / name
        path.write_bytes(made())
        started = time.monotonic()
        told = said(reading, path, tmp_path / "out")
        assert time.monotonic() - started < 5 * SECONDS + BUSY, name
        assert told, f"{name} went without a word"
        for sentence in told:
            assert sentence.endswith("。"), (name, sentence)
            assert sentence.count("。") == 1, (name, sentence)
            assert "\n" not in sentence, name
            assert "意外错误" not in sentence, (name, sentence)
        path.unlink()
    assert reading.understood(Incoming(good, good.name, str(good)), "a" * 64).outline.articles == 2


def test_an_archive_is_opened_within_the_limits_too(tmp_path: Path) -> None:
    reading = ReadingProcess(seconds=SECONDS, memory=40 << 20)
    packed = tmp_path / "炸弹.zip"
    packed.write_bytes(dict(PACKAGES)["一摞炸弹.zip"]())
    told = said(reading, packed, tmp_path / "out")
    reading.close()
    assert told
    assert "一摞炸弹.zip" in told[-1] or "炸弹.zip" in told[-1]


def test_a_link_in_an_archive_is_not_followed_and_named(tmp_path: Path) -> None:
    reading = ReadingProcess()
    packed = tmp_path / "链接.zip"
    packed.write_bytes(dict(PACKAGES)[packed.name]())
    told = said(reading, packed, tmp_path / "out")
    reading.close()
    assert told == ["没有读入 链接.txt：是指向别处的链接，不是文件。"]
