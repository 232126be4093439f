"""Somebody else writes for a long time: one waits, and then is told so; nothing is changed by halves."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from knowledge.errors import StorageBusy
from knowledge.storage.database import FILE_NAME, Database


def insert(database: Database, key: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO meta (key, value) VALUES (?, '1')", (key,))


def test_a_write_waits_until_another_process_has_written(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, other.execute, ["COMMIT"]).start()
    began = time.monotonic()
    insert(database, "waited")
    assert time.monotonic() - began > 0.4
    other.close()
    database.close()


def test_a_write_that_waited_in_vain_says_so_and_works_later(tmp_path: Path) -> None:
    database = Database.open(tmp_path, patience=0.3)
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy, match=r"^数据库正忙.*请稍后再试。$"):
        insert(database, "refused")
    other.execute("COMMIT")
    insert(database, "later")
    with database.read() as connection:
        keys = set(connection.exec_driver_sql("SELECT key FROM meta").scalars())
    assert "later" in keys
    assert "refused" not in keys
    other.close()
    database.close()


def test_a_database_that_is_locked_altogether_is_busy_and_not_broken(tmp_path: Path) -> None:
    """As while another program copies or checks the file."""
    database = Database.open(tmp_path, patience=0.3)
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = DELETE"):
        database.close()  # the last one to let go of the log
        other.execute(f"PRAGMA {pragma}")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageBusy):
        Database.open(tmp_path, patience=0.3)
    other.execute("COMMIT")
    other.close()
    insert(database, "later")
    database.close()


def test_threads_that_write_stand_in_line_whoever_opened_the_file(tmp_path: Path) -> None:
    first, second = Database.open(tmp_path), Database.open(tmp_path, patience=3)
    with first.write() as connection:
        connection.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('first', '1')")
        with pytest.raises(StorageBusy, match=r"^数据库正忙"):
            insert(second, "refused")
    insert(second, "second")
    with pytest.raises(ZeroDivisionError), first.write():
        raise ZeroDivisionError
    insert(second, "third")  # who fails leaves the line
    threads = [threading.Thread(target=insert, args=(first if i % 2 else second, f"thread {i}")) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with second.read() as connection:
        keys = set(connection.exec_driver_sql("SELECT key FROM meta").scalars())
    assert keys >= {"first", "second", "third", *(f"thread {i}" for i in range(12))}
    assert "refused" not in keys
    first.close()
    second.close()
