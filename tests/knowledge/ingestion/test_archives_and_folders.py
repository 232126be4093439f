"""Archives and folders: each file inside becomes a document, and each that is not taken is named."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from knowledge.errors import EncryptedFile, ReadingError, UnsafeFile
from knowledge.ingestion.sources import arrivals
from knowledge.ingestion.unpacking import unpacked
from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.upload_queue import OPEN, JobState
from knowledge.operations.upload_worker import Intake
from knowledge.parsing.loaders.packages import archive, zipped

READING = regulation("阅览室管理办法", ["借书", "还书"])
PARKING = regulation("停车场管理办法", ["停车", "收费"])


def packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files:
            package.writestr(name, data)
    return made.getvalue()


def packed_by_windows(name: str, data: bytes) -> bytes:
    """A zip file whose one name is written in GBK, without a word about it."""
    written = name.encode("gb18030")
    placeholder = "x" * len(written)
    return packed([(placeholder, data)]).replace(placeholder.encode(), written)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data")
    yield made
    made.close()


def test_each_file_of_an_archive_is_a_document_with_its_place_as_source(library: KnowledgeBase, tmp_path: Path) -> None:
    inner = packed([("停车.md", PARKING.encode())])
    path = tmp_path / "一批.zip"
    path.write_bytes(packed([("规章/阅览.md", READING.encode()), ("套着.zip", inner), ("照片.jpg", b"\xff\xd8\xff")]))
    results = library.add([path])
    assert [(one.path, one.title, one.status) for one in results] == [
        (f"{path}/规章/阅览.md", "阅览室管理办法", "new"),
        (f"{path}/套着.zip/停车.md", "停车场管理办法", "new"),
        (f"{path}/照片.jpg", None, "skipped"),
    ]
    assert results[2].notes == (f"没有读入 {path}/照片.jpg：不支持 .jpg。",)
    assert {one.status for one in library.add([path])} == {"unchanged", "skipped"}


def test_names_that_windows_wrote_in_gbk_are_read(tmp_path: Path) -> None:
    path = tmp_path / "打包.zip"
    path.write_bytes(packed_by_windows("管理办法.md", READING.encode()))
    with zipfile.ZipFile(path) as raw:
        assert raw.namelist() != ["管理办法.md"]
    assert [inner for _, inner in unpacked(path, tmp_path / "out", path.name).files] == ["管理办法.md"]


def test_a_name_that_leads_out_of_the_archive_writes_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "坏.zip"
    path.write_bytes(packed([("../../外面.md", READING.encode()), ("/根.md", PARKING.encode())]))
    out = tmp_path / "deep" / "out"
    files = unpacked(path, out, path.name).files
    assert all(out in file.parents for file, _ in files)
    assert not (tmp_path / "外面.md").exists()


def test_an_archive_within_an_archive_is_opened_and_one_within_that_is_named(tmp_path: Path) -> None:
    innermost = packed([("a.md", READING.encode())])
    path = tmp_path / "外.zip"
    path.write_bytes(packed([("中.zip", packed([("内.zip", innermost)]))]))
    found = unpacked(path, tmp_path / "out", path.name)
    assert found.files == ()
    assert [(one.path, one.reason) for one in found.not_taken] == [("中.zip/内.zip", "压缩包或附件套了 2 层以上")]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.zip"
    path.write_bytes(packed([("大.txt", b"0" * 60_000_000), ("小.md", READING.encode())]))
    found = unpacked(path, tmp_path / "out", path.name)
    assert [inner for _, inner in found.files] == ["小.md"]
    assert "压缩炸弹" in found.not_taken[0].reason


def test_a_size_that_the_directory_hides_is_found_while_reading() -> None:
    package = zipped.Zipped(packed([("大.txt", b"0" * 60_000_000)]), "炸弹.zip")
    with pytest.raises(UnsafeFile, match="压缩炸弹"):
        package.read("大.txt")


def test_too_many_files_are_cut_off_with_a_word(tmp_path: Path) -> None:
    path = tmp_path / "多.zip"
    path.write_bytes(packed([(f"{number}.txt", b"a") for number in range(archive.MAX_FILES + 5)]))
    found = unpacked(path, tmp_path / "out", path.name)
    assert len(found.files) == archive.MAX_FILES
    assert "2000 个文件的上限" in found.not_taken[0].reason


@pytest.mark.parametrize("data", [b"PK\x03\x04 damaged", packed([("a.md", READING.encode())])[:-30]])
def test_a_damaged_archive_is_one_failure_and_stops_nothing(
    library: KnowledgeBase, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "坏.zip").write_bytes(data)
    write(tmp_path / "in", "好.md", READING)
    results = library.add([tmp_path / "in"])
    assert sorted(one.status for one in results) == ["failed", "new"]
    assert "坏.zip" in next(one.error or "" for one in results if one.status == "failed")


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    data = bytearray(packed([("a.md", READING.encode())]))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "密.zip"
    path.write_bytes(bytes(data))
    with pytest.raises(EncryptedFile, match="密码"):
        unpacked(path, tmp_path / "out", path.name)


def test_a_folder_names_each_file_that_it_does_not_take(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "下级", "好.md", READING)
    for name in ("扫描.jpg", "下级/视频.mp4", "没有扩展名", ".隐藏", "~$锁定.docx", "Thumbs.db", "desktop.ini"):
        (folder / name).write_bytes(b"x")
    files, others = arrivals([folder], tmp_path / "downloads", None)
    assert [file.file_name for file in files] == ["好.md"]
    assert [one.path.removeprefix(f"{folder}/") for one in others] == ["下级/视频.mp4", "扫描.jpg", "没有扩展名"]
    assert all(one.notes[0].startswith("没有读入") for one in others)


def test_a_folder_without_any_readable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(b"x")
    files, [failed] = arrivals([tmp_path / "in"], tmp_path / "downloads", None)
    assert files == []
    assert "没有可以读取的文件" in (failed.error or "")


def test_an_uploaded_archive_becomes_a_job_for_each_file(library: KnowledgeBase, tmp_path: Path) -> None:
    intake = Intake(library)
    intake.start()
    try:
        arriving = tmp_path / "upload.tmp"
        arriving.write_bytes(packed([("阅览.md", READING.encode()), ("a.jpg", b"x"), ("空.md", b"")]))
        job = intake.receive(arriving, "b1", "一批.zip", "teacher")
        until = time.monotonic() + 60
        while any(one.state in OPEN for one in intake.jobs.listing(batch="b1")):
            assert time.monotonic() < until
            time.sleep(0.02)
        done = intake.jobs.get(job.id)
        assert done.state is JobState.DONE
        assert "1 个文件已逐个排队" in (done.message or "")
        assert "“a.jpg”不支持 .jpg" in (done.message or "")
        assert "空.md" in (done.message or "")
        [inner] = [one for one in intake.jobs.listing(batch="b1") if one.id != job.id]
        assert (inner.name, inner.state, inner.outcome) == ("一批.zip/阅览.md", JobState.DONE, "new")
        assert library.history(inner.document_id or 0)[0].source == "upload:一批.zip/阅览.md"
    finally:
        intake.close()


def test_an_uploaded_letter_and_its_attachment_become_a_document_each(library: KnowledgeBase, tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["Subject"] = "关于报送名单的通知"
    letter.set_content("请于六月底前报送名单。\n")
    letter.add_attachment(READING.encode(), maintype="text", subtype="markdown", filename="阅览.md")
    arriving = tmp_path / "upload.tmp"
    arriving.write_bytes(letter.as_bytes())
    intake = Intake(library)
    intake.start()
    try:
        intake.receive(arriving, "b1", "来信.eml", "teacher")
        until = time.monotonic() + 60
        while any(one.state in OPEN for one in intake.jobs.listing(batch="b1")):
            assert time.monotonic() < until
            time.sleep(0.02)
        assert [(one.name, one.outcome) for one in intake.jobs.listing(batch="b1")] == [
            ("来信.eml", "new"),
            ("来信.eml/阅览.md", "new"),
        ]
    finally:
        intake.close()


def test_an_uploaded_archive_without_documents_fails_with_a_sentence(library: KnowledgeBase, tmp_path: Path) -> None:
    intake = Intake(library)
    arriving = tmp_path / "upload.tmp"
    arriving.write_bytes(b"no archive")
    with pytest.raises(ReadingError, match="ZIP"):
        intake.receive(arriving, "b1", "假.zip", "teacher")
    assert intake.jobs.listing() == []
