"""The nouns of accounts: user, role, class, session. Times are UTC without a zone, as the database keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user may do; each role may also do what the ones before it may."""

    TRAINEE = "trainee"
    TRAINER = "trainer"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {Role.TRAINEE: "学员", Role.TRAINER: "教员", Role.ADMINISTRATOR: "管理员"}
_RANK = {role: rank for rank, role in enumerate(Role)}


def reaches(role: Role, needed: Role) -> bool:
    """Whether `role` may do what `needed` may."""
    return _RANK[role] >= _RANK[needed]


@dataclass(frozen=True, slots=True)
class User:
    """One account. `id` is random and names the reader of conversations; `name` is what is typed to log in."""

    id: str
    name: str
    display_name: str
    role: Role
    class_id: int | None
    disabled: bool
    must_change_password: bool
    created_at: datetime
    last_login_at: datetime | None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """班次: trainees of a class may log in from its first day to its last one, and see its notice on the first page."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    notice: str = ""
