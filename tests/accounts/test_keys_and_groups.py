"""Groups of accounts decide what they may see; personal keys act for their owner, within their purpose and time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.accounts.api_keys import MOST, MOST_PER_MINUTE, PER_MINUTE, Scope
from assistant.accounts.errors import InvalidAccount, NoSuchAccount
from assistant.accounts.model import Role
from assistant.accounts.store import Accounts

PASSWORD = "长江黄河泰山长城二〇二六"


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 8)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, database_url: str | None, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts.open(tmp_path, database_url, now=clock)
    opened.add("命令行", "admin", PASSWORD, Role.ADMINISTRATOR)
    yield opened
    opened.close()


def test_a_trainee_belongs_to_his_class_and_department_and_who_trains_sees_everything(accounts: Accounts) -> None:
    spring = accounts.add_class("admin", "春季班", date(2026, 3, 1), date(2026, 3, 31))
    trainee = accounts.add("admin", "lisi", PASSWORD, Role.TRAINEE, class_id=spring.id)
    accounts.membership.set_department("admin", "lisi", " 人事处 ")
    assert accounts.membership.groups_of(trainee.id) == {"春季班", "人事处"}
    assert accounts.user("lisi").department == "人事处"
    assert accounts.membership.groups() == ["人事处", "春季班"]
    assert accounts.membership.groups_of(accounts.user("admin").id) is None
    assert accounts.membership.groups_of("nobody") == frozenset()
    assert accounts.history(1)[0].action == "改变部门"
    accounts.membership.set_department("admin", "lisi", "")
    assert accounts.membership.groups_of(trainee.id) == {"春季班"}


def test_where_nobody_has_an_account_everything_is_seen(tmp_path: Path) -> None:
    opened = Accounts.open(tmp_path / "alone")
    assert opened.membership.groups_of("local") is None
    opened.close()


@pytest.mark.parametrize("department", ["甲、乙", "甲,乙", "长" * 61])
def test_a_department_is_one_name(accounts: Accounts, department: str) -> None:
    with pytest.raises(InvalidAccount):
        accounts.membership.set_department("admin", "admin", department)


def test_a_key_acts_for_its_owner_until_it_is_over(accounts: Accounts, clock: Clock) -> None:
    made, secret = accounts.keys.make("admin", "办公助手", [Scope.ASK], days=30)
    held = accounts.whose_key(secret)
    assert held is not None
    assert (held[0].name, held[1].scopes) == ("admin", {Scope.ASK})
    assert accounts.keys.of(made.user_id)[0].used_at == clock.moment
    clock.moment += timedelta(days=30)
    assert accounts.whose_key(secret) is None


def test_a_revoked_key_is_dead_at_once_and_nobody_revokes_anothers(accounts: Accounts) -> None:
    made, secret = accounts.keys.make("admin", "脚本", list(Scope))
    with pytest.raises(NoSuchAccount):
        accounts.keys.revoke(made.id, user_id="somebody else", actor="lisi")
    assert accounts.whose_key(secret)
    accounts.keys.revoke(made.id, user_id=made.user_id, actor="admin")
    assert accounts.whose_key(secret) is None
    assert [entry.action for entry in accounts.history(2)] == ["停用密钥", "新建密钥"]


def test_a_disabled_account_and_a_class_that_is_over_take_their_keys_along(accounts: Accounts, clock: Clock) -> None:
    spring = accounts.add_class("admin", "春季班", date(2026, 3, 1), date(2026, 3, 31))
    accounts.add("admin", "lisi", PASSWORD, Role.TRAINEE, class_id=spring.id)
    _, secret = accounts.keys.make("lisi", "脚本", list(Scope), days=300)
    assert accounts.whose_key(secret)
    clock.moment += timedelta(days=60)
    assert accounts.whose_key(secret) is None
    _, other = accounts.keys.make("admin", "脚本", list(Scope))
    accounts.add("admin", "second", PASSWORD, Role.ADMINISTRATOR)
    accounts.set_disabled("second", "admin", True)
    assert accounts.whose_key(other) is None


@pytest.mark.parametrize("database_url", [None], ids=["sqlite"])
def test_the_secret_is_nowhere_in_the_database(accounts: Accounts, tmp_path: Path) -> None:
    _, secret = accounts.keys.make("admin", "脚本", list(Scope))
    accounts.close()
    assert secret.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("xuesi.db*"))


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", [Scope.ASK], 1), ("a", [], 1), ("a", [Scope.ASK], 0), ("a", [Scope.ASK], 999)],
)
def test_a_key_has_a_name_a_purpose_and_an_end(accounts: Accounts, name: str, scopes: list[Scope], days: int) -> None:
    with pytest.raises(InvalidAccount):
        accounts.keys.make("admin", name, scopes, days)


def test_keys_in_use_are_limited(accounts: Accounts) -> None:
    for number in range(MOST):
        accounts.keys.make("admin", f"{number}", [Scope.ASK])
    with pytest.raises(InvalidAccount, match="请先停用"):
        accounts.keys.make("admin", "one more", [Scope.ASK])


def test_a_key_makes_so_many_requests_a_minute_and_each_gives_its_place_back(accounts: Accounts, clock: Clock) -> None:
    made, _ = accounts.keys.make("admin", "脚本", [Scope.ASK])
    assert made.per_minute == PER_MINUTE
    accounts.keys.limit(made.id, 3, actor="admin")
    assert [accounts.keys.admit(made.id) for _ in range(5)] == [0, 0, 0, 20, 20]
    clock.moment += timedelta(seconds=20)
    assert [accounts.keys.admit(made.id) for _ in range(2)] == [0, 20]
    clock.moment += timedelta(minutes=5)
    assert [accounts.keys.admit(made.id) for _ in range(4)] == [0, 0, 0, 20]
    clock.moment -= timedelta(days=1)  # the clock was set back
    assert accounts.keys.admit(made.id) == 0


def test_another_process_counts_along(
    accounts: Accounts, tmp_path: Path, database_url: str | None, clock: Clock
) -> None:
    made, _ = accounts.keys.make("admin", "脚本", [Scope.ASK])
    accounts.keys.limit(made.id, 2, actor="admin")
    other = Accounts.open(tmp_path, database_url, now=clock)
    assert [accounts.keys.admit(made.id), other.keys.admit(made.id), accounts.keys.admit(made.id)] == [0, 0, 30]
    other.close()


def test_how_often_a_key_may_ask_is_an_administrators_word_and_recorded(accounts: Accounts) -> None:
    made, _ = accounts.keys.make("admin", "脚本", [Scope.ASK])
    for per_minute in (0, MOST_PER_MINUTE + 1):
        with pytest.raises(InvalidAccount, match="每分钟"):
            accounts.keys.limit(made.id, per_minute, actor="admin")
    with pytest.raises(NoSuchAccount):
        accounts.keys.limit("nothing", 5, actor="admin")
    assert accounts.keys.limit(made.id, 5, actor="admin").per_minute == 5
    assert [(one.owner, one.key.per_minute) for one in accounts.keys.every()] == [("admin", 5)]
    assert accounts.history(1)[0].action == "密钥限次"
    accounts.keys.revoke(made.id, actor="admin")
    assert accounts.keys.every() == []
