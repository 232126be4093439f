"""Accounts kept in `data/xuesi.db`: users and classes, and every change of them with its row in the audit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from assistant.accounts import attempts, audit, passwords, registration
from assistant.accounts.api_keys import ApiKey, ApiKeys
from assistant.accounts.audit_key import FILE_NAME as AUDIT_KEY
from assistant.accounts.classes.class_list import Row
from assistant.accounts.classes.membership import Membership
from assistant.accounts.classes.school_classes import SchoolClasses
from assistant.accounts.errors import InvalidAccount, NoSuchAccount, NotAdmitted, TooSoon
from assistant.accounts.model import Class, Role, User
from assistant.accounts.schema import account, school_class, to_user
from assistant.accounts.schema import session as sessions
from assistant.accounts.sessions import Sessions
from assistant.accounts.setup.settings import Settings
from assistant.accounts.single_sign_on import SingleSignOn
from knowledge.errors import StorageError
from knowledge.storage.database import Database, migrate

MIGRATIONS = Path(__file__).parent / "migrations"
REFUSED = "用户名或密码不对，或账号现在不能使用；多次输错要等一会儿，请核对后再试，或请管理员帮忙。"


class Accounts:
    """All accounts of one data folder. Safe to share between threads. `actor` of a change is who makes it, for the audit."""

    def __init__(self, database: Database, log: audit.Audit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = log
        self._now = now
        self.trail = audit.Trail(database)
        self.sessions = Sessions(database, now)
        self.keys = ApiKeys(database, log, now)
        self.membership = Membership(database, log, now)
        self.single_sign_on = SingleSignOn(database, log, now)
        self.school = SchoolClasses(database, log, now)
        self.settings = Settings(database, log, now)

    @classmethod
    def open(
        cls,
        data: Path,
        url: str | None = None,
        *,
        audit_key: Path | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> Accounts:
        """As Database.open, making tables that are not there. The key of the audit is in the file `audit_key`, which
        best lies where who can write the database cannot (usually `data/audit.key`); it is made where there is none."""
        database = Database.open(data, url)
        try:
            migrate(database.engine, MIGRATIONS, "accounts_version")
            log = audit.opened(database, audit_key or data / AUDIT_KEY)
        except StorageError:
            database.close()
            raise
        return cls(database, log, now or _utc_now)

    def close(self) -> None:
        self._database.close()

    def exist(self) -> bool:
        """Whether anybody has an account; without one the program is for the one person at this machine."""
        with self._database.read() as connection:
            return connection.execute(sa.select(account.c.id).limit(1)).first() is not None

    def administered(self) -> bool:
        """Whether there is an administrator; the first account must be one."""
        with self._database.read() as connection:
            return registration.administered(connection)

    def users(self) -> list[User]:
        """Everybody, by name."""
        with self._database.read() as connection:
            return [to_user(row) for row in connection.execute(sa.select(account).order_by(account.c.name))]

    def user(self, name: str) -> User:
        """Raises NoSuchAccount."""
        with self._database.read() as connection:
            return to_user(_row(connection, name))

    def classes(self) -> list[Class]:
        """All classes, the latest to end first."""
        return self.school.every()

    def history(self, limit: int = 200, wanted: audit.Wanted | None = None) -> list[audit.Entry]:
        """The latest changes, the latest first."""
        return self.trail.latest(limit, wanted)

    def verify_audit(self) -> audit.Verdict:
        with self._database.read() as connection:
            return self._audit.verify(connection)

    def audit_holds(self, head: str) -> bool:
        """Whether a row with this hash is there."""
        with self._database.read() as connection:
            return audit.holds(connection, head)

    def note(self, actor: str, action: str, subject: str, **detail: object) -> None:
        """Put a change that was made elsewhere (a document published) into the audit."""
        with self._database.write() as connection:
            self._audit.note(connection, self._now(), actor, action, subject, detail)

    def log_in(self, name: str, password: str, address: str = "") -> tuple[User, str]:
        """The user and the token of a new session. Raises NotAdmitted, with one message for every reason, and TooSoon
        when this name was given too many wrong passwords from `address`, whether or not it exists."""
        with self._database.read() as connection:
            wait = attempts.waiting(connection, name, address, self._now())
            row = connection.execute(sa.select(account).where(account.c.name == name)).first()
        if wait:
            minutes = math.ceil(wait.total_seconds() / 60)
            raise TooSoon(f"从这里输错密码的次数太多，请过 {minutes} 分钟再试，或请管理员解除限制。")
        right = passwords.matches(password, row.password_hash if row else passwords.nobodys())
        now = self._now()
        with self._database.write() as connection:
            row = connection.execute(sa.select(account).where(account.c.name == name)).first()
            admitted = False
            if row is None or not right:
                delayed = attempts.count_failure(connection, name, address, now)
                if row and delayed:
                    self._audit.note(connection, now, name, "多次输错密码，暂缓登录", name, {"address": address})
            else:
                admitted = not row.disabled and self._in_class(connection, row)
            if row and admitted:
                attempts.forget(connection, name, address)
                connection.execute(account.update().where(account.c.id == row.id).values(last_login_at=now))
        if row is None or not admitted:
            raise NotAdmitted(REFUSED)
        return to_user(row), self.sessions.begin(row.id)

    def release(self, actor: str, name: str) -> int:
        """Lift the delays after wrong passwords, from all addresses; returns how many there were."""
        with self._database.write() as connection:
            _row(connection, name)
            held = attempts.forget(connection, name)
            self._audit.note(connection, self._now(), actor, "解除登录限制", name, {"addresses": held})
            return held

    def whose(self, token: str) -> User | None:
        """Who holds the session `token`; None when it has ended or its user may not come in any more."""
        user_id = self.sessions.owner(token)
        return self.admitted(user_id) if user_id else None

    def whose_key(self, secret: str) -> tuple[User, ApiKey] | None:
        """Whose personal key `secret` is; None as for `whose`, and when the key is revoked or over."""
        key = self.keys.used(secret)
        user = self.admitted(key.user_id) if key else None
        return (user, key) if key and user else None

    def admitted(self, user_id: str) -> User | None:
        """The user with this id; None when he may not come in now."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(account).where(account.c.id == user_id)).one()
            return None if row.disabled or not self._in_class(connection, row) else to_user(row)

    def add(
        self,
        actor: str,
        name: str,
        password: str,
        role: Role,
        *,
        display_name: str = "",
        class_id: int | None = None,
        must_change: bool = False,
    ) -> User:
        """A new account; the first one must be an administrator. Raises InvalidAccount."""
        row = Row(0, name.strip(), display_name, password)
        return self._make(actor, [row], role, class_id, must_change)[0]

    def add_first(self, name: str, password: str) -> User:
        """The first administrator. Raises InvalidAccount when there is one already."""
        row = Row(0, name.strip(), "", password)
        return self._make(row.name, [row], Role.ADMINISTRATOR, None, False, first=True)[0]

    def add_class(self, actor: str, name: str, starts_on: date, ends_on: date) -> Class:
        """A new class. Raises InvalidAccount."""
        return self.school.add(actor, name, starts_on, ends_on)

    def import_class(self, actor: str, class_id: int, rows: list[Row]) -> list[tuple[str, str]]:
        """Accounts for all of `rows`, or for none when one of them cannot be taken (InvalidAccount names the line).

        Returns the name and first password of each; everybody changes it at the first log-in.
        """
        made = [
            Row(row.line, row.name.strip(), row.display_name, row.password or passwords.new_password()) for row in rows
        ]
        self._make(actor, made, Role.TRAINEE, class_id, True)
        return [(row.name, row.password) for row in made]

    def change_password(self, name: str, old: str, new: str, address: str = "") -> None:
        """By the user; every session of his ends. Raises NotAdmitted when `old` is wrong, InvalidAccount for `new`."""
        self.log_in_check(name, old, address)
        self._set_passwords(name, {name: new}, must_change=False, action="修改密码")

    def log_in_check(self, name: str, password: str, address: str = "") -> None:
        """Count a wrong password like a failed log-in. Raises NotAdmitted."""
        _, token = self.log_in(name, password, address)
        self.sessions.end(token)

    def reset_password(self, actor: str, name: str, new: str) -> None:
        """By an administrator; sessions end, delays are lifted, the user changes it at the next log-in."""
        self.reset_passwords(actor, {name: new})

    def reset_passwords(self, actor: str, new: Mapping[str, str]) -> None:
        """`reset_password` of several, by name, all or none."""
        self._set_passwords(actor, new, must_change=True, action="重置密码")

    def set_disabled(self, actor: str, name: str, disabled: bool) -> None:
        """Close an account and end its sessions, or open it again. Raises InvalidAccount for the last administrator."""
        with self._database.write() as connection:
            row = _row(connection, name)
            if disabled and row.role == Role.ADMINISTRATOR:
                self._keep_one_administrator(connection, row.id)
            connection.execute(account.update().where(account.c.id == row.id).values(disabled=disabled))
            if disabled:
                connection.execute(sessions.delete().where(sessions.c.user_id == row.id))
            self._audit.note(connection, self._now(), actor, "停用账号" if disabled else "启用账号", name, {})

    def set_role(self, actor: str, name: str, role: Role) -> None:
        """Raises InvalidAccount when the last administrator would be gone."""
        with self._database.write() as connection:
            row = _row(connection, name)
            if row.role == Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
                self._keep_one_administrator(connection, row.id)
            connection.execute(account.update().where(account.c.id == row.id).values(role=str(role)))
            self._audit.note(connection, self._now(), actor, "改变角色", name, {"from": row.role, "to": str(role)})

    def sign_out_everywhere(self, actor: str, name: str) -> int:
        """End all sessions of a user; returns how many there were."""
        with self._database.write() as connection:
            row = _row(connection, name)
            ended = connection.execute(sessions.delete().where(sessions.c.user_id == row.id)).rowcount
            self._audit.note(connection, self._now(), actor, "退出全部登录", name, {"sessions": ended})
            return ended

    def _make(
        self,
        actor: str,
        rows: list[Row],
        role: Role,
        class_id: int | None,
        must_change: bool,
        *,
        first: bool = False,
    ) -> list[User]:
        hashes = registration.hashed(self._database, rows)
        with self._database.write() as connection:
            if first and registration.administered(connection):
                raise InvalidAccount("已经有管理员了，请用账号登录。")
            return registration.insert(
                connection, self._audit, self._now(), actor, rows, hashes, role, class_id, must_change
            )

    def _set_passwords(self, actor: str, new: Mapping[str, str], *, must_change: bool, action: str) -> None:
        for name, password in new.items():
            passwords.check(password, name)
        hashes = passwords.hashed_each(list(new.values()))
        with self._database.write() as connection:
            for name, hashed in zip(new, hashes, strict=True):
                row = _row(connection, name)
                values = {"password_hash": hashed, "must_change_password": must_change}
                connection.execute(account.update().where(account.c.id == row.id).values(**values))
                attempts.forget(connection, name)
                connection.execute(sessions.delete().where(sessions.c.user_id == row.id))
                self._audit.note(connection, self._now(), actor, action, name, {})

    def _keep_one_administrator(self, connection: sa.Connection, leaving: str) -> None:
        able = (account.c.role == str(Role.ADMINISTRATOR)) & ~account.c.disabled & (account.c.id != leaving)
        if connection.execute(sa.select(account.c.id).where(able)).first() is None:
            raise InvalidAccount("这是最后一个能用的管理员账号，请先另建一个管理员。")

    def _in_class(self, connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> bool:
        """Trainees of a class may come in on its days only."""
        if row.class_id is None or row.role != Role.TRAINEE:
            return True
        days = connection.execute(sa.select(school_class).where(school_class.c.id == row.class_id)).one()
        today: date = self._now().replace(tzinfo=UTC).astimezone().date()
        return bool(days.starts_on <= today <= days.ends_on)


def _row(connection: sa.Connection, name: str) -> sa.Row[tuple[object, ...]]:
    row = connection.execute(sa.select(account).where(account.c.name == name)).first()
    if row is None:
        raise NoSuchAccount(f"没有用户“{name}”；可用 xuesi user list 查看。")
    return row


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
