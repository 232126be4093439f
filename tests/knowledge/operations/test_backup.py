"""Backups: one moment of a library in use, whole or not at all, and nothing dangerous on the way back."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from knowledge.errors import KnowledgeError, ReadingError, StorageError
from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.backup import backup, restore
from knowledge.operations.check import check
from knowledge.text.tokenizer import tokenize


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data")
    for number in range(3):
        text = regulation(f"第{number}号规定", ["借书", "还书"], edition="2020")
        made.add([write(tmp_path / "in", f"{number}.md", text)], publish=True)
    yield made
    made.close()


def test_a_restored_library_is_the_one_that_was_saved(library: KnowledgeBase, tmp_path: Path) -> None:
    write(tmp_path / "data", "lexicon.yaml", "abbreviations: {}\n")
    saved = backup(tmp_path / "data", tmp_path / "saved.zip")
    assert saved.originals == 3
    restore(tmp_path / "saved.zip", tmp_path / "again")
    again = open_library(tmp_path / "again")
    assert again.documents() == library.documents()
    tokens = tokenize("借书")
    assert again.lexical.search(tokens, 9) == library.lexical.search(tokens, 9)
    assert [finding for finding in check(again) if finding.wrong] == []
    assert (tmp_path / "again" / "lexicon.yaml").is_file()
    again.close()


def test_the_chroma_index_stays_out_and_is_made_again(library: KnowledgeBase, tmp_path: Path) -> None:
    library.indexes.update()
    backup(tmp_path / "data", tmp_path / "saved.zip")
    assert not [name for name in zipfile.ZipFile(tmp_path / "saved.zip").namelist() if "chroma" in name]
    restore(tmp_path / "saved.zip", tmp_path / "again")
    again = open_library(tmp_path / "again")
    index = again.indexes.open_chroma()
    assert index is not None
    assert len(index.search(again.encoder.embed_query("借书"), 99)) == 6
    index.close()
    again.close()


def test_a_backup_taken_while_documents_come_in_is_whole(library: KnowledgeBase, tmp_path: Path) -> None:
    stop = threading.Event()

    def keep_adding() -> None:
        for number in range(100, 400):
            if stop.is_set():
                return
            library.add([write(tmp_path / "more", f"{number}.md", regulation(f"第{number}号规定", ["借书", "还书"]))])

    thread = threading.Thread(target=keep_adding)
    thread.start()
    try:
        for turn in range(3):
            backup(tmp_path / "data", tmp_path / f"{turn}.zip")
    finally:
        stop.set()
        thread.join()
    for turn in range(3):
        restore(tmp_path / f"{turn}.zip", tmp_path / str(turn))
        again = open_library(tmp_path / str(turn))
        assert len(again.documents()) >= 3
        assert [finding for finding in check(again) if finding.wrong] == []
        again.close()


def test_a_backup_replaces_an_older_file_only_when_it_is_complete(library: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "saved.zip").write_text("an older backup")
    library.close()
    (tmp_path / "data" / "xuesi.db").write_text("rubbish, not a database" * 1000)
    with pytest.raises(StorageError):
        backup(tmp_path / "data", tmp_path / "saved.zip")
    assert (tmp_path / "saved.zip").read_text() == "an older backup"
    assert not list(tmp_path.glob(".xuesi-*"))


def test_a_folder_without_a_library_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="empty"):
        backup(tmp_path / "empty", tmp_path / "saved.zip")


def test_a_folder_in_use_is_not_filled_unless_asked_and_then_kept_aside(library: KnowledgeBase, tmp_path: Path) -> None:
    backup(tmp_path / "data", tmp_path / "saved.zip")
    write(tmp_path / "other", "precious.txt", "keep me")
    with pytest.raises(StorageError, match="已有内容"):
        restore(tmp_path / "saved.zip", tmp_path / "other")
    restore(tmp_path / "saved.zip", tmp_path / "other", overwrite=True)
    [kept] = tmp_path.glob("other.replaced-*")
    assert (kept / "precious.txt").read_text() == "keep me"
    assert (tmp_path / "other" / "xuesi.db").is_file()


def test_a_folder_that_a_server_uses_is_left_alone(library: KnowledgeBase, tmp_path: Path) -> None:
    backup(tmp_path / "data", tmp_path / "saved.zip")
    index = library.indexes.open_chroma()
    assert index is not None
    with pytest.raises(StorageError, match="正在使用"):
        restore(tmp_path / "saved.zip", tmp_path / "data", overwrite=True)
    index.close()


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "saved.zip").write_text("hello")
    with pytest.raises(ReadingError, match=r"saved\.zip"):
        restore(tmp_path / "saved.zip", tmp_path / "again")
    with pytest.raises(ReadingError, match="找不到"):
        restore(tmp_path / "missing.zip", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def _forged(library: KnowledgeBase, folder: Path, name: str, content: bytes, listed: str | None) -> Path:
    """A backup with one more member."""
    backup(library.data, folder / "good.zip")
    with zipfile.ZipFile(folder / "good.zip") as good, zipfile.ZipFile(folder / "bad.zip", "w") as bad:
        manifest = json.loads(good.read("manifest.json"))
        for member in good.namelist():
            if member != "manifest.json":
                bad.writestr(member, good.read(member))
        if listed:
            manifest["files"][name] = listed
        bad.writestr(name, content)
        bad.writestr("manifest.json", json.dumps(manifest))
    return folder / "bad.zip"


@pytest.mark.parametrize(
    "name", ["../evil.yaml", "/tmp/evil.yaml", "originals/../../evil", "originals/evil.sh", "run.sh", "a/b/c"]
)
def test_a_name_that_leads_elsewhere_is_refused(library: KnowledgeBase, tmp_path: Path, name: str) -> None:
    with pytest.raises(ReadingError):
        restore(_forged(library, tmp_path, name, b"x", "0" * 64), tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.rglob("*evil*"))


def test_a_damaged_original_is_noticed(library: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="受损"):
        restore(_forged(library, tmp_path, f"originals/{'a' * 64}", b"changed", "a" * 64), tmp_path / "again")


def test_a_backup_of_a_newer_release_is_refused(library: KnowledgeBase, tmp_path: Path) -> None:
    with library.database.write() as connection:
        connection.exec_driver_sql("UPDATE knowledge_version SET version_num = '9999'")
    backup(tmp_path / "data", tmp_path / "saved.zip")
    with pytest.raises(KnowledgeError, match="更新版本"):
        restore(tmp_path / "saved.zip", tmp_path / "again")
    assert not (tmp_path / "again").exists()
