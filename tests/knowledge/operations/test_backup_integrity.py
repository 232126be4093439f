"""A damaged library is neither saved nor restored, three backups are kept, and a restore that was cut off is ended."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from knowledge.errors import KnowledgeError, ReadingError, StorageBusy, StorageError
from knowledge.operations.backup import backup, clear_leftovers, restore
from knowledge.storage.database import FILE_NAME, Database, replacement
from knowledge.storage.database.sqlite import damage

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made = open_library(tmp_path / "data")
    for number in range(3):
        text = regulation(f"第{number}号规定", ["借书", "还书", "赔书"] * 3, edition="2020")
        made.add([write(tmp_path / "in", f"{number}.md", text)], publish=True)
    made.close()
    return tmp_path / "data"


def titles(data: Path) -> list[str]:
    library = open_library(data)
    found = [document.card.title for document in library.documents()]
    library.close()
    return found


def damage_a_page(database: Path) -> None:
    """Overwrite the middle of a page that holds rows, as a bad block of the disk would."""
    size = database.stat().st_size
    with database.open("r+b") as file:
        for place in range(4096 * 6, size, 4096 * 5):
            file.seek(place)
            file.write(os.urandom(1500))


def test_a_damaged_database_is_not_saved_and_the_old_backup_stays(data: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.zip"
    backup(data, saved)
    before = saved.read_bytes()
    damage_a_page(data / FILE_NAME)
    assert damage(data / FILE_NAME)
    with pytest.raises(StorageError, match=r"已损坏.*没有备份，原有的备份没有动"):
        backup(data, saved)
    assert saved.read_bytes() == before
    assert [path.name for path in tmp_path.glob("saved*")] == ["saved.zip"]


def test_a_damaged_original_is_not_saved(data: Path, tmp_path: Path) -> None:
    original = next((data / "originals").iterdir())
    original.write_text("something else")
    with pytest.raises(StorageError, match=f"{original.name}.*已受损"):
        backup(data, tmp_path / "saved.zip")
    assert not (tmp_path / "saved.zip").exists()


def test_a_backup_that_holds_a_damaged_database_is_not_restored(data: Path, tmp_path: Path) -> None:
    """As an earlier release made it, with a manifest that agrees with it."""
    backup(data, tmp_path / "good.zip")
    with zipfile.ZipFile(tmp_path / "good.zip") as good, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        (tmp_path / "x.db").write_bytes(good.read(FILE_NAME))
        damage_a_page(tmp_path / "x.db")
        manifest = json.loads(good.read("manifest.json"))
        manifest["files"][FILE_NAME] = sha256((tmp_path / "x.db").read_bytes()).hexdigest()
        for name in manifest["files"]:
            bad.writestr(name, good.read(name) if name != FILE_NAME else (tmp_path / "x.db").read_bytes())
        bad.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(ReadingError, match=r"数据库已损坏.*没有恢复"):
        restore(tmp_path / "bad.zip", data, overwrite=True)
    assert len(titles(data)) == 3
    assert not list(tmp_path.glob("data.replaced-*"))


def test_three_backups_are_kept_and_only_their_owner_reads_them(data: Path, tmp_path: Path) -> None:
    made = []
    for number in range(5):
        write(data, "note.yaml", f"n: {number}\n")
        backup(data, tmp_path / "saved.zip")
        made.append((tmp_path / "saved.zip").read_bytes())
    kept = [tmp_path / name for name in ("saved.zip", "saved.1.zip", "saved.2.zip")]
    assert sorted(tmp_path.glob("saved*")) == sorted(kept)
    assert [path.read_bytes() for path in kept] == [made[4], made[3], made[2]]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    for path in kept:
        restore(path, tmp_path / path.stem)


def test_nobody_else_looks_into_the_data_folder(data: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / FILE_NAME).stat().st_mode) == 0o600
    data.chmod(0o755)  # as earlier releases left it
    (data / FILE_NAME).chmod(0o644)
    library = open_library(data)
    library.add([write(tmp_path / "in", "9.md", regulation("第九号规定", ["借书"], edition="2020"))])
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in data.glob("xuesi.db*")} == {0o600}
    library.close()


def test_a_folder_with_other_things_in_it_stays_as_open_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "shared", "picture.txt", "mine")
    (tmp_path / "shared").chmod(0o755)
    Database.open(tmp_path / "shared").close()
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "shared" / FILE_NAME).stat().st_mode) == 0o600


KILLED = """
import os, sys
from pathlib import Path
from knowledge.operations.backup import restore
steps, real = int(sys.argv[3]), os.replace

def replace(source, target):
    global steps
    if ".replaced-" in str(target) or Path(target).name == "data":
        steps -= 1
        if steps < 0:
            os.kill(os.getpid(), 9)
    real(source, target)
    if steps == 0 and (".replaced-" in str(target) or Path(target).name == "data"):
        os.kill(os.getpid(), 9)

os.replace = replace
restore(Path(sys.argv[1]), Path(sys.argv[2]), overwrite=True)
"""


@pytest.mark.parametrize(("renames", "sentence", "restored"), [(1, "已接着做完", True), (2, "已经做完", True)])
def test_a_restore_that_was_killed_between_its_renames_is_ended_at_the_next_start(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, renames: int, sentence: str, restored: bool
) -> None:
    backup(data, tmp_path / "saved.zip")
    library = open_library(data)
    library.add([write(tmp_path / "in", "9.md", regulation("第九号规定", ["借书"], edition="2020"))])
    library.close()
    command = [sys.executable, "-c", KILLED, str(tmp_path / "saved.zip"), str(data), str(renames)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == -9
    with caplog.at_level(logging.WARNING):
        found = titles(data)
    assert len(found) == (3 if restored else 4)
    assert sentence in caplog.text
    [kept] = tmp_path.glob("data.replaced-*")
    assert len(titles(kept)) == 4
    assert not list(tmp_path.glob(".data*"))
    caplog.clear()
    titles(data)
    assert not caplog.text


def test_a_restore_whose_new_content_is_gone_is_taken_back(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "data.replaced-20260101-000000"
    note = {"fresh": str(tmp_path / ".data.restoring-x" / "data"), "kept": str(kept)}
    write(tmp_path, ".data.replacing.json", json.dumps(note))
    data.rename(kept)
    assert "已经撤回" in str(replacement.settle(data))
    assert len(titles(data)) == 3


def test_no_empty_library_is_made_where_there_was_one(data: Path, tmp_path: Path) -> None:
    kept = data.rename(tmp_path / "data.replaced-20260101-000000")  # by a release that wrote no note
    with pytest.raises(StorageError, match=r"旁边有.*改回原名"):
        open_library(data)
    assert not data.exists()
    kept.rename(data)
    (data / FILE_NAME).unlink()
    with pytest.raises(StorageError, match=r"数据库.*不见了"):
        open_library(data)
    (data / FILE_NAME).touch()  # cut to nothing is as good as gone
    with pytest.raises(KnowledgeError, match="不见了"):
        open_library(data)


def test_nothing_opens_the_folder_while_it_is_being_replaced(data: Path, tmp_path: Path) -> None:
    write(tmp_path, ".data.replacing.json", json.dumps({"fresh": "x", "kept": None}))
    with replacement.replacing(data), pytest.raises(StorageBusy, match="正在从备份恢复"):
        open_library(data)


def test_what_killed_runs_left_behind_is_cleared_after_a_day(data: Path, tmp_path: Path) -> None:
    old = [tmp_path / ".data.restoring-abc", tmp_path / ".xuesi-backup-abc", tmp_path / ".xuesi-restore-abc"]
    for folder in old:
        write(folder, "half.zip", "x" * 100)
    old.append(write(data / "originals", ".new-abc", "half"))
    young = tmp_path / ".xuesi-backup-young"
    write(young, "half.zip", "x")
    for path in old:
        os.utime(path, (time.time() - 2 * 24 * 3600,) * 2)
    assert clear_leftovers(data) >= len(old)
    assert not [path for path in old if path.exists()]
    assert young.exists()
