"""New accounts: what is accepted as one, their passwords hashed before any transaction begins, and their rows."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from assistant.accounts import passwords
from assistant.accounts.audit import Audit
from assistant.accounts.classes.class_list import Row
from assistant.accounts.errors import InvalidAccount, NoSuchAccount
from assistant.accounts.model import Role, User
from assistant.accounts.schema import account, school_class
from knowledge.storage.database import Database

_NAME = re.compile(r"[\w.@-]{2,40}")
_NEEDS_ADMINISTRATOR = "还没有管理员，第一个账号要是管理员；请先用 xuesi user add 用户名 --role administrator 新建。"


def hashed(database: Database, rows: Sequence[Row]) -> list[str]:
    """The password hashes of new accounts: half a minute for a thousand, so never inside a transaction. What can be
    refused is refused first. Raises InvalidAccount."""
    with database.read() as connection:
        _check(connection, rows)
    return passwords.hashed_each([row.password for row in rows])


def insert(
    connection: sa.Connection,
    log: Audit,
    now: datetime,
    actor: str,
    rows: Sequence[Row],
    hashes: Sequence[str],
    role: Role,
    class_id: int | None,
    must_change: bool,
) -> list[User]:
    """Make the accounts of `rows`, with their rows in the audit; the first account must be an administrator.

    Raises InvalidAccount, NoSuchAccount.
    """
    _check(connection, rows)  # again: somebody may have been faster
    if role is not Role.ADMINISTRATOR and not administered(connection):
        raise InvalidAccount(_NEEDS_ADMINISTRATOR)
    known = sa.select(school_class.c.id).where(school_class.c.id == class_id)
    if class_id is not None and connection.execute(known).first() is None:
        raise NoSuchAccount(f"没有编号为 {class_id} 的班次，请先新建。")
    users = [
        User(
            id=secrets.token_hex(12),
            name=row.name,
            display_name=row.display_name.strip() or row.name,
            role=role,
            class_id=class_id,
            disabled=False,
            must_change_password=must_change,
            created_at=now,
            last_login_at=None,
        )
        for row in rows
    ]
    values = [
        {field: getattr(user, field) for field in User.__dataclass_fields__}
        | {"role": str(role), "password_hash": password_hash}
        for user, password_hash in zip(users, hashes, strict=True)
    ]
    connection.execute(account.insert(), values)
    detail = {"role": str(role), "class": class_id}
    log.note_each(connection, now, actor, "新建账号", [(user.name, detail) for user in users])
    return users


def administered(connection: sa.Connection) -> bool:
    """Whether there is an administrator."""
    found = sa.select(account.c.id).where(account.c.role == str(Role.ADMINISTRATOR)).limit(1)
    return connection.execute(found).first() is not None


def _check(connection: sa.Connection, rows: Sequence[Row]) -> None:
    """Raises InvalidAccount, naming the line of a list, for an account that cannot be made."""
    taken = set(connection.execute(sa.select(account.c.name)).scalars())
    for row in rows:
        try:
            if not _NAME.fullmatch(row.name):
                raise InvalidAccount(f"用户名“{row.name}”不能用：要有 2 到 40 个字、字母、数字或 . _ @ -。")
            passwords.check(row.password, row.name)
            if row.name in taken:
                raise InvalidAccount(f"用户名“{row.name}”已有人用，请换一个。")
        except InvalidAccount as error:
            if not row.line:
                raise
            raise InvalidAccount(f"名单第 {row.line} 行（{row.name}）：{error}") from None
