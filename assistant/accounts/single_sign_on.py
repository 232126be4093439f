"""Accounts at a provider of single sign-on: which account a person there is, tied once and for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from assistant.accounts.audit import Audit
from assistant.accounts.errors import NotAdmitted
from assistant.accounts.model import Role
from assistant.accounts.schema import account
from knowledge.storage.database import Database

_TAKEN = "这个统一身份已经绑定了别的账号，请联系管理员。"


class SingleSignOn:
    """The ties of one database. A `subject` is what the provider never gives to anybody else, with the provider's name."""

    def __init__(self, database: Database, log: Audit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = log
        self._now = now

    def account_of(self, subject: str, name: str) -> str | None:
        """The id of the account tied to `subject`, or of the trainee called `name` who is tied to nobody yet and is now.
        None when there is neither: a name alone makes nobody a trainer."""
        with self._database.write() as connection:
            tied = connection.execute(sa.select(account.c.id).where(account.c.sso_subject == subject)).scalar()
            if tied is not None:
                return str(tied)
            row = connection.execute(sa.select(account).where(account.c.name == name)).first()
            if row is None or row.sso_subject is not None or row.role != Role.TRAINEE:
                return None
            self._tie(connection, row.id, name, subject)
            return str(row.id)

    def tie(self, user_id: str, name: str, subject: str) -> None:
        """Tie the account of somebody who is logged in. Raises NotAdmitted when `subject` is tied to another."""
        with self._database.write() as connection:
            tied = connection.execute(sa.select(account.c.id).where(account.c.sso_subject == subject)).scalar()
            if tied not in (None, user_id):
                raise NotAdmitted(_TAKEN)
            if tied is None:
                self._tie(connection, user_id, name, subject)

    def _tie(self, connection: sa.Connection, user_id: str, name: str, subject: str) -> None:
        """The first password, which the person may never have seen, need not be changed any more."""
        values = {"sso_subject": subject, "must_change_password": False}
        connection.execute(account.update().where(account.c.id == user_id).values(**values))
        self._audit.note(connection, self._now(), name, "绑定统一身份", name, {"subject": subject})
