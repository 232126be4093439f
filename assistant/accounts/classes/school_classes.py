"""班次 in the database: a name, the days on which its trainees may come in, and a notice for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from assistant.accounts.audit import Audit
from assistant.accounts.errors import InvalidAccount, NoSuchAccount
from assistant.accounts.model import Class
from assistant.accounts.schema import account, school_class
from knowledge.storage.database import Database

LONGEST_NOTICE = 500  # characters


class SchoolClasses:
    """All classes of one data folder; every change has its row in the audit. Safe to share between threads."""

    def __init__(self, database: Database, log: Audit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = log
        self._now = now

    def every(self) -> list[Class]:
        """All classes, the latest to end first."""
        with self._database.read() as connection:
            rows = connection.execute(
                sa.select(school_class).order_by(school_class.c.ends_on.desc(), school_class.c.id)
            )
            return [_to_class(row) for row in rows]

    def get(self, class_id: int) -> Class:
        """Raises NoSuchAccount."""
        with self._database.read() as connection:
            return _to_class(_row(connection, class_id))

    def add(self, actor: str, name: str, starts_on: date, ends_on: date) -> Class:
        """A new class. Raises InvalidAccount."""
        name = name.strip()
        if not name or ends_on < starts_on:
            raise InvalidAccount("班次要有名称，结束日期不能早于开始日期，请改好再试。")
        with self._database.write() as connection:
            if connection.execute(sa.select(school_class.c.id).where(school_class.c.name == name)).first():
                raise InvalidAccount(f"已有名为“{name}”的班次，请换一个名称。")
            values = {"name": name, "starts_on": starts_on, "ends_on": ends_on}
            made = connection.execute(school_class.insert().values(**values).returning(school_class.c.id)).scalar_one()
            self._audit.note(connection, self._now(), actor, "新建班次", name, values)
            return Class(made, name, starts_on, ends_on)

    def change(self, actor: str, class_id: int, starts_on: date, ends_on: date, notice: str) -> None:
        """Other days, and the notice that its members see ("" for none). Raises InvalidAccount, NoSuchAccount."""
        notice = notice.strip()
        if ends_on < starts_on:
            raise InvalidAccount("结束日期不能早于开始日期，请改好再试。")
        if len(notice) > LONGEST_NOTICE:
            raise InvalidAccount(f"通知有 {len(notice)} 个字，最多 {LONGEST_NOTICE} 个字，请缩短。")
        with self._database.write() as connection:
            row = _row(connection, class_id)
            values = {"starts_on": starts_on, "ends_on": ends_on, "notice": notice}
            connection.execute(school_class.update().where(school_class.c.id == class_id).values(**values))
            self._audit.note(connection, self._now(), actor, "修改班次", row.name, values)

    def move(self, actor: str, name: str, class_id: int | None) -> None:
        """Put a user into another class, or into none. Raises NoSuchAccount."""
        with self._database.write() as connection:
            user = connection.execute(sa.select(account.c.id, account.c.class_id).where(account.c.name == name)).first()
            if user is None:
                raise NoSuchAccount(f"没有用户“{name}”；可用 xuesi user list 查看。")
            before, after = (_row(connection, one).name if one else "" for one in (user.class_id, class_id))
            connection.execute(account.update().where(account.c.id == user.id).values(class_id=class_id))
            self._audit.note(connection, self._now(), actor, "调班", name, {"from": before, "to": after})

    def of(self, user_id: str) -> Class | None:
        """The class of a user, if he has one."""
        query = sa.select(school_class).join(account, account.c.class_id == school_class.c.id)
        with self._database.read() as connection:
            row = connection.execute(query.where(account.c.id == user_id)).first()
        return _to_class(row) if row else None


def _row(connection: sa.Connection, class_id: int) -> sa.Row[Any]:
    row = connection.execute(sa.select(school_class).where(school_class.c.id == class_id)).first()
    if row is None:
        raise NoSuchAccount(f"没有编号为 {class_id} 的班次，请先新建。")
    return row


def _to_class(row: sa.Row[Any]) -> Class:
    return Class(row.id, row.name, row.starts_on, row.ends_on, row.notice)
