"""Wrong passwords hold up who types them, where they are typed, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant.accounts.attempts import FREE, LONGEST_DELAY, network
from assistant.accounts.errors import NotAdmitted, TooSoon
from assistant.accounts.store import Accounts

PASSWORD = "长江黄河泰山长城二〇二六"
ATTACKER, OFFICE = "203.0.113.9", "192.0.2.5"


class Clock:
    now = datetime(2026, 3, 2, 9, 0)

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


def fail(accounts: Accounts, times: int, address: str = ATTACKER, name: str = "root1") -> None:
    for _ in range(times):
        with pytest.raises(NotAdmitted):
            accounts.log_in(name, "wrong wrong wrong", address)


def test_who_tries_an_account_for_ever_never_locks_its_owner_out(accounts: Accounts, clock: Clock) -> None:
    for _ in range(50):
        fail(accounts, 1)
        clock.now += timedelta(minutes=16)
        accounts.log_in("root1", PASSWORD, OFFICE)


def test_delays_grow_with_each_wrong_password_and_are_bounded(accounts: Accounts, clock: Clock) -> None:
    fail(accounts, FREE)
    accounts.log_in("root1", PASSWORD, ATTACKER)  # a success begins anew
    fail(accounts, FREE + 1)
    delays = []
    for _ in range(7):
        with pytest.raises(TooSoon):
            accounts.log_in("root1", PASSWORD, ATTACKER)
        began = clock.now
        while True:
            clock.now += timedelta(seconds=30)
            try:
                accounts.log_in("root1", "wrong wrong wrong", ATTACKER)
            except TooSoon:
                continue
            except NotAdmitted:
                break
        delays.append(clock.now - began)
    assert delays == sorted(delays)
    assert delays[0] == timedelta(minutes=1)
    assert delays[-1] == LONGEST_DELAY
    clock.now += LONGEST_DELAY
    accounts.log_in("root1", PASSWORD, ATTACKER)


def test_a_delay_does_not_tell_whether_the_name_exists(accounts: Accounts) -> None:
    said = []
    for name in ("root1", "nobody"):
        fail(accounts, FREE + 1, name=name)
        with pytest.raises(TooSoon) as refused:
            accounts.log_in(name, "wrong wrong wrong", ATTACKER)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_an_administrator_lifts_the_delays(accounts: Accounts) -> None:
    fail(accounts, FREE + 1, OFFICE)
    with pytest.raises(TooSoon):
        accounts.log_in("root1", PASSWORD, OFFICE)
    assert accounts.release("root1", "root1") == 1
    accounts.log_in("root1", PASSWORD, OFFICE)
    actions = [entry.action for entry in accounts.history(2)]
    assert actions == ["解除登录限制", "多次输错密码，暂缓登录"]


def test_a_clock_that_was_set_back_prolongs_no_delay(accounts: Accounts, clock: Clock) -> None:
    fail(accounts, FREE + 1)
    clock.now -= timedelta(hours=5)
    accounts.log_in("root1", PASSWORD, ATTACKER)


@pytest.mark.parametrize("database_url", [None], ids=["sqlite"])
def test_a_password_typed_into_the_field_of_the_name_is_not_kept(accounts: Accounts, tmp_path: Path) -> None:
    fail(accounts, 1, name=PASSWORD)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("xuesi.db*"))
    assert PASSWORD.encode() not in stored


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.5", OFFICE, True),
        (OFFICE, ATTACKER, False),
    ],
)
def test_a_machine_has_one_address_however_many_it_takes(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same
