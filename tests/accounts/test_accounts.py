"""Accounts: who is let in, who is not any more, and that every change stands in the audit."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from assistant.accounts import passwords
from assistant.accounts.audit import START
from assistant.accounts.classes.class_list import Row, parse
from assistant.accounts.errors import InvalidAccount, NotAdmitted
from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from knowledge.storage.database import Database

PASSWORD = "长江黄河泰山长城二〇二六"
OTHER = "another good one 77"
in_a_file = pytest.mark.parametrize("database_url", [None], ids=["sqlite"])


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, database_url: str | None, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts.open(tmp_path, database_url, now=clock)
    opened.add_first("root1", PASSWORD)
    yield opened
    opened.close()


def test_a_session_ends_by_idleness_by_age_and_by_signing_out(accounts: Accounts, clock: Clock) -> None:
    _, token = accounts.log_in("root1", PASSWORD)
    assert (found := accounts.whose(token))
    assert found.role is Role.ADMINISTRATOR
    assert accounts.whose(token + "x") is None
    clock.now += timedelta(hours=13)
    assert accounts.whose(token) is None
    _, token = accounts.log_in("root1", PASSWORD)
    for _ in range(15):
        clock.now += timedelta(hours=11)
        accounts.whose(token)
    clock.now += timedelta(hours=11)
    assert accounts.whose(token) is None
    tokens = [accounts.log_in("root1", PASSWORD)[1] for _ in range(3)]
    accounts.sign_out_everywhere("root1", "root1")
    assert [accounts.whose(token) for token in tokens] == [None] * 3


def test_a_failed_log_in_does_not_tell_whether_the_name_exists(accounts: Accounts) -> None:
    said = []
    for name in ("root1", "nobody"):
        with pytest.raises(NotAdmitted) as refused:
            accounts.log_in(name, "wrong wrong wrong")
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "password123456", "xx-teacher-xx", "长" * 201])
def test_weak_passwords_are_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(InvalidAccount):
        accounts.add("root1", "teacher", password, Role.TRAINER)


def test_a_changed_password_ends_every_session(accounts: Accounts) -> None:
    accounts.add("root1", "teacher", PASSWORD, Role.TRAINER)
    _, token = accounts.log_in("teacher", PASSWORD)
    with pytest.raises(NotAdmitted):
        accounts.change_password("teacher", OTHER, OTHER)
    accounts.change_password("teacher", PASSWORD, OTHER)
    assert accounts.whose(token) is None
    with pytest.raises(NotAdmitted):
        accounts.log_in("teacher", PASSWORD)
    accounts.reset_password("root1", "teacher", PASSWORD)
    assert accounts.log_in("teacher", PASSWORD)[0].must_change_password


def test_a_disabled_user_is_out_at_once_and_the_last_administrator_stays(accounts: Accounts) -> None:
    accounts.add("root1", "teacher", PASSWORD, Role.TRAINER)
    _, token = accounts.log_in("teacher", PASSWORD)
    accounts.set_disabled("root1", "teacher", True)
    assert accounts.whose(token) is None
    with pytest.raises(NotAdmitted):
        accounts.log_in("teacher", PASSWORD)
    with pytest.raises(InvalidAccount, match="最后一个"):
        accounts.set_disabled("root1", "root1", True)
    with pytest.raises(InvalidAccount, match="最后一个"):
        accounts.set_role("root1", "root1", Role.TRAINEE)


def test_a_class_comes_in_from_its_first_day_to_its_last(accounts: Accounts, clock: Clock) -> None:
    held = accounts.add_class("root1", "春季一班", date(2026, 3, 2), date(2026, 3, 20))
    made = accounts.import_class("root1", held.id, parse("用户名,姓名\nxy01,学员甲\nxy02,学员乙\n".encode("gb18030")))
    name, password = made[0]
    user, token = accounts.log_in(name, password)
    assert (user.role, user.display_name, user.must_change_password) == (Role.TRAINEE, "学员甲", True)
    clock.now = datetime(2026, 3, 25)
    assert accounts.whose(token) is None
    with pytest.raises(NotAdmitted):
        accounts.log_in(name, password)


def test_the_first_account_must_be_an_administrator(tmp_path: Path) -> None:
    opened = Accounts.open(tmp_path / "new")
    with pytest.raises(InvalidAccount, match="第一个账号要是管理员"):
        opened.add("命令行", "xy01", PASSWORD, Role.TRAINEE)
    held = opened.add_class("命令行", "春季一班", date(2026, 3, 2), date(2026, 3, 20))
    with pytest.raises(InvalidAccount, match="第一个账号要是管理员"):
        opened.import_class("命令行", held.id, parse("用户名,姓名\nxy01,学员甲\n".encode()))
    assert opened.users() == []
    opened.add("命令行", "root1", PASSWORD, Role.ADMINISTRATOR)
    opened.add("命令行", "xy01", PASSWORD, Role.TRAINEE)
    opened.close()


@pytest.mark.usefixtures("costly_passwords")
def test_a_password_is_kept_as_a_hash_that_takes_time_and_memory_to_try() -> None:
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches(PASSWORD, kept)
    assert not passwords.matches(OTHER, kept)


@pytest.mark.usefixtures("costly_passwords")
def test_others_write_while_the_passwords_of_a_class_are_hashed(accounts: Accounts, tmp_path: Path) -> None:
    held = accounts.add_class("root1", "春季一班", date(2026, 3, 2), date(2026, 3, 20))
    rows = [Row(number, f"xy{number:03}", "学员", "") for number in range(2, 14)]
    importing = threading.Thread(target=accounts.import_class, args=("root1", held.id, rows))
    importing.start()
    waits = []
    while importing.is_alive():
        began = time.monotonic()
        accounts.note("root1", "记一笔", "别人")
        waits.append(time.monotonic() - began)
    importing.join()
    assert len(waits) > 3
    assert max(waits) < 5  # it was half a minute, and then an error
    assert len(accounts.users()) == 13
    assert accounts.verify_audit().broken_at is None


def test_a_list_with_one_bad_line_makes_no_account(accounts: Accounts) -> None:
    held = accounts.add_class("root1", "春季一班", date(2026, 3, 2), date(2026, 3, 20))
    with pytest.raises(InvalidAccount, match="第 3 行"):
        accounts.import_class("root1", held.id, parse("用户名,姓名\nxy01,学员甲\nroot1,学员乙\n".encode()))
    assert [user.name for user in accounts.users()] == ["root1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "第一行"),
        ("用户名,姓名\nxy,甲\nxy,乙\n", "重复"),
        ("用户名,姓名\n,甲\n", "第 2 行"),
        ("用户名,姓名\n", "0 人"),
    ],
)
def test_a_wrong_list_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(InvalidAccount, match=words):
        parse(text.encode("utf-8-sig"))


def test_only_one_first_administrator_can_be_made(accounts: Accounts) -> None:
    with pytest.raises(InvalidAccount, match="已经有管理员"):
        accounts.add_first("root2", PASSWORD)


def test_the_audit_tells_every_change_and_shows_tampering(
    accounts: Accounts, tmp_path: Path, database_url: str | None
) -> None:
    accounts.add("root1", "teacher", PASSWORD, Role.TRAINER)
    accounts.reset_password("root1", "teacher", OTHER)
    accounts.set_disabled("root1", "teacher", True)
    assert [entry.action for entry in accounts.history()] == ["停用账号", "重置密码", "新建账号", "新建账号"]
    assert accounts.verify_audit().broken_at is None
    database = Database.open(tmp_path, database_url)
    for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit"):
        with pytest.raises(IntegrityError, match="append-only"), database.write() as connection:
            connection.exec_driver_sql(statement)
    with database.write() as connection:
        connection.exec_driver_sql(
            "DROP TRIGGER audit_no_update" if database.is_file else "DROP TRIGGER audit_only_grows ON audit"
        )
        connection.exec_driver_sql("UPDATE audit SET actor = 'somebody' WHERE id = 3")
    database.close()
    assert accounts.verify_audit().broken_at == 3


@in_a_file
def test_an_audit_that_was_written_anew_as_a_whole_is_found(accounts: Accounts, tmp_path: Path) -> None:
    accounts.add("root1", "teacher", PASSWORD, Role.TRAINER)
    database = sqlite3.connect(tmp_path / "xuesi.db")
    database.execute("DROP TRIGGER audit_no_update")
    previous = START
    for row in database.execute("SELECT id, at, actor, action, subject, detail FROM audit ORDER BY id").fetchall():
        fields = [row[0], datetime.fromisoformat(row[1]).isoformat(), "somebody", *row[3:], previous]
        own = hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
        values = ("somebody", previous, own, row[0])
        database.execute("UPDATE audit SET actor = ?, previous = ?, hash = ? WHERE id = ?", values)
        previous = own
    database.commit()
    database.close()
    assert accounts.verify_audit().broken_at == 1
    assert stat.S_IMODE((tmp_path / "audit.key").stat().st_mode) == 0o600


def test_an_audit_of_the_release_before_still_verifies_and_goes_on_with_the_key(tmp_path: Path) -> None:
    opened = Accounts.open(tmp_path, audit_key=tmp_path / "elsewhere" / "audit.key")
    opened.add_first("root1", PASSWORD)
    opened.close()
    database = sqlite3.connect(tmp_path / "xuesi.db")  # as the release before wrote its first row
    database.execute("DROP TRIGGER audit_no_update")
    row = database.execute("SELECT id, at, actor, action, subject, detail, previous FROM audit").fetchone()
    fields = [row[0], datetime.fromisoformat(row[1]).isoformat(), *row[2:]]
    own = hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
    database.execute("UPDATE audit SET hash = ?", (own,))
    database.commit()
    (tmp_path / "elsewhere" / "audit.key").unlink()
    opened = Accounts.open(tmp_path, audit_key=tmp_path / "elsewhere" / "audit.key")
    assert opened.verify_audit().broken_at is None
    opened.add("root1", "teacher", PASSWORD, Role.TRAINER)
    assert (opened.verify_audit().entries, opened.verify_audit().broken_at) == (2, None)
    database.execute("UPDATE audit SET actor = 'somebody' WHERE id = 1")
    database.commit()
    database.close()
    assert opened.verify_audit().broken_at == 1
    opened.close()
    (tmp_path / "elsewhere" / "audit.key").unlink()  # who takes the key away hides nothing
    opened = Accounts.open(tmp_path, audit_key=tmp_path / "elsewhere" / "audit.key")
    assert opened.verify_audit().broken_at == 1
    opened.close()
    assert not (tmp_path / "audit.key").exists()


@in_a_file
def test_neither_passwords_nor_tokens_are_in_the_database(accounts: Accounts, tmp_path: Path) -> None:
    _, token = accounts.log_in("root1", PASSWORD)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("xuesi.db*"))
    assert PASSWORD.encode() not in stored
    assert token.encode() not in stored
