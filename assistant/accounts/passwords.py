"""Passwords: what is accepted as one, and argon2id hashes of them."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from assistant.accounts.errors import InvalidAccount

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 200  # argon2 would take any length, and any time over it
#: Each hash takes 64 MB while it is made.
AT_ONCE = 3
_TOO_COMMON = ("password", "12345678", "qwerty", "admin")

_turns = threading.BoundedSemaphore(AT_ONCE)


def new_password() -> str:
    """A password that can be read out: 12 characters without look-alikes."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12))


def check(password: str, name: str) -> None:
    """Raises InvalidAccount for a password that is too short, too long, or easily guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidAccount(f"密码要有 {SHORTEST} 到 {LONGEST} 个字符，请换一个。")
    lowered = password.lower()
    if len(set(password)) < 4 or name.lower() in lowered or lowered.startswith(_TOO_COMMON):
        raise InvalidAccount("密码太容易被猜到（重复字符、含用户名或常见密码），请换一个。")


def hashed(password: str) -> str:
    """The argon2id hash with its salt and parameters."""
    with _turns:
        return _hasher().hash(password)


def hashed_each(passwords: Sequence[str]) -> list[str]:
    """`hashed` of each, two at a time, which leaves a turn to who logs in meanwhile."""
    if len(passwords) == 1:
        return [hashed(passwords[0])]
    with ThreadPoolExecutor(AT_ONCE - 1) as threads:
        return list(threads.map(hashed, passwords))


def matches(password: str, stored: str) -> bool:
    """Whether `password` made the hash `stored`."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        if len(password) > LONGEST:
            return False
        with _turns:
            return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobodys() -> str:
    """A hash to compare with when there is no such user, so that the reply takes as long."""
    return hashed("there is no such user")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()
