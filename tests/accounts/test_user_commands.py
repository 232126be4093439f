"""`xuesi user` and `xuesi audit` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import command_line
import pytest
from command_line import Done

Xuesi = Callable[..., Done]
PASSWORD = "长江黄河泰山长城二〇二六"


@pytest.fixture
def xuesi(tmp_path: Path) -> Xuesi:
    def call(*arguments: str, stdin: str = "") -> Done:
        return command_line.xuesi(*arguments, "--data", tmp_path / "data", stdin=stdin)

    return call


def test_accounts_are_made_listed_reset_and_disabled(xuesi: Xuesi) -> None:
    assert xuesi("user", "add", "root1", "--role", "administrator", stdin=PASSWORD + "\n").returncode == 0
    assert xuesi("user", "add", "root2", "--role", "administrator", stdin=PASSWORD + "\n").returncode == 0
    assert xuesi("user", "passwd", "root2", stdin="another good one 77\n").returncode == 0
    assert xuesi("user", "disable", "root2").returncode == 0
    refused = xuesi("user", "disable", "root1")
    assert (refused.returncode, "最后一个" in refused.stderr) == (2, True)
    users = json.loads(xuesi("user", "list", "--json").stdout)
    assert [(user["name"], user["role"], user["disabled"]) for user in users] == [
        ("root1", "administrator", False),
        ("root2", "administrator", True),
    ]
    verified = xuesi("audit", "verify")
    assert (verified.returncode, "共 4 条" in verified.stdout) == (0, True)
    assert xuesi("audit", "verify", "--head", "f" * 64).returncode == 1


def test_a_weak_password_and_an_unknown_name_end_with_a_sentence(xuesi: Xuesi) -> None:
    for arguments, stdin, words in (
        (("user", "add", "teacher"), "short\n", "密码要有"),
        (("user", "passwd", "nobody"), PASSWORD, "没有用户"),
    ):
        done = xuesi(*arguments, stdin=stdin)
        assert done.returncode == 2
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_class_is_imported_from_a_list(xuesi: Xuesi, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("用户名,姓名\nxy01,学员甲\nxy02,学员乙\n", encoding="utf-8-sig")
    assert xuesi("user", "add", "root1", "--role", "administrator", stdin=PASSWORD + "\n").returncode == 0
    options = ("--class", "春季一班", "--starts", "2026-03-02", "--ends", "2026-03-20")
    made = xuesi("user", "import", str(tmp_path / "list.csv"), *options)
    assert [line.split(",")[0] for line in made.stdout.split()] == ["用户名", "xy01", "xy02"]
    again = xuesi("user", "import", str(tmp_path / "list.csv"), *options)
    assert (again.returncode, "第 2 行" in again.stderr) == (2, True)
