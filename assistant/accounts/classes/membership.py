"""To which groups a user belongs, his class and his department: they decide which documents he may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from assistant.accounts.audit import Audit
from assistant.accounts.errors import InvalidAccount, NoSuchAccount
from assistant.accounts.model import Role
from assistant.accounts.schema import account, school_class
from knowledge.metadata.audience import groups_in
from knowledge.storage.database import Database


class Membership:
    """The groups of one database's accounts. Safe to share between threads."""

    def __init__(self, database: Database, log: Audit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = log
        self._now = now

    def groups_of(self, reader: str) -> frozenset[str] | None:
        """The names of the class and department of the user with the id `reader`. None, for everything: trainers and
        administrators, who look after all documents, and everybody where nobody has an account."""
        query = sa.select(account.c.role, account.c.department, school_class.c.name).join(
            school_class, school_class.c.id == account.c.class_id, isouter=True
        )
        with self._database.read() as connection:
            row = connection.execute(query.where(account.c.id == reader)).first()
            if row is None:
                nobody = connection.execute(sa.select(account.c.id).limit(1)).first() is None
                return None if nobody else frozenset()
        if row.role != Role.TRAINEE:
            return None
        return frozenset(name for name in (row.department, row.name) if name)

    def set_department(self, actor: str, name: str, department: str) -> None:
        """An empty name takes a user out of his department. Raises InvalidAccount, NoSuchAccount."""
        department = department.strip()
        if len(department) > 60 or (department and groups_in(department) != {department}):
            raise InvalidAccount("部门名称应是不超过 60 字的一行，不含顿号、逗号和分号。")
        with self._database.write() as connection:
            row = connection.execute(sa.select(account.c.department).where(account.c.name == name)).first()
            if row is None:
                raise NoSuchAccount(f"没有用户“{name}”；可用 xuesi user list 查看。")
            connection.execute(account.update().where(account.c.name == name).values(department=department or None))
            detail = {"from": row.department or "", "to": department}
            self._audit.note(connection, self._now(), actor, "改变部门", name, detail)

    def groups(self) -> list[str]:
        """The names of all classes and departments there are."""
        with self._database.read() as connection:
            classes = connection.execute(sa.select(school_class.c.name)).scalars().all()
            of_departments = sa.select(account.c.department).where(account.c.department.is_not(None)).distinct()
            departments = connection.execute(of_departments).scalars().all()
        return sorted({*classes, *departments})
