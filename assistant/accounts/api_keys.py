"""Personal keys for programs: what each may do, how often, until when, and revoked at once. The key itself is never stored."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from assistant.accounts.audit import Audit
from assistant.accounts.errors import InvalidAccount, NoSuchAccount
from assistant.accounts.schema import account, api_key
from knowledge.storage.database import Database

PREFIX = "xuesi-"
LONGEST = 366  # days
USUAL = 90
MOST = 20  # keys in use, for each user
PER_MINUTE = 60  # requests, unless an administrator says otherwise: one program of one person
MOST_PER_MINUTE = 6000
_MINUTE = timedelta(minutes=1)
_SEEN_EVERY = timedelta(minutes=5)  # a write per request would be too many


class Scope(StrEnum):
    """What a key may be used for; SCOPE_NAMES gives the words on the screen."""

    ASK = "ask"
    SEARCH = "search"
    DOCUMENTS = "documents"


SCOPE_NAMES = {Scope.ASK: "提问", Scope.SEARCH: "检索", Scope.DOCUMENTS: "读文件"}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key without its secret. Times are UTC."""

    id: str
    user_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    per_minute: int = PER_MINUTE

    def open_at(self, moment: datetime) -> bool:
        """Whether it could be used then."""
        return self.revoked_at is None and moment < self.expires_at


@dataclass(frozen=True, slots=True)
class Owned:
    """A key with the name of its owner, for administrators."""

    key: ApiKey
    owner: str


class ApiKeys:
    """The keys of one database. Safe to share between threads."""

    def __init__(self, database: Database, log: Audit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = log
        self._now = now

    def make(
        self, user_name: str, name: str, scopes: Collection[Scope], days: int = USUAL, *, actor: str = ""
    ) -> tuple[ApiKey, str]:
        """A new key of a user and its secret, which is shown this once. Raises InvalidAccount, NoSuchAccount."""
        name, secret, now = name.strip(), PREFIX + secrets.token_urlsafe(32), self._now()
        if not 0 < len(name) <= 60:
            raise InvalidAccount("请给密钥起一个名字（不超过 60 字），写明给哪个程序用。")
        if not scopes:
            raise InvalidAccount("请至少选一项用途：提问、检索或读文件。")
        if not 1 <= days <= LONGEST:
            raise InvalidAccount(f"有效期应在 1 到 {LONGEST} 天之间。")
        with self._database.write() as connection:
            owner = connection.execute(sa.select(account.c.id).where(account.c.name == user_name)).scalar()
            if owner is None:
                raise NoSuchAccount(f"没有用户“{user_name}”；可用 xuesi user list 查看。")
            mine = connection.execute(sa.select(api_key).where(api_key.c.user_id == owner))
            if sum(_key(row).open_at(now) for row in mine) >= MOST:
                raise InvalidAccount(f"在用的密钥已有 {MOST} 个，请先停用不用的。")
            made = ApiKey(
                secrets.token_hex(6), owner, name, frozenset(scopes), now, now + timedelta(days=days), None, None
            )
            connection.execute(
                api_key.insert().values(
                    id=made.id,
                    user_id=owner,
                    name=name,
                    key_hash=_hash(secret),
                    scopes=" ".join(sorted(made.scopes)),
                    created_at=now,
                    expires_at=made.expires_at,
                    per_minute=made.per_minute,
                )
            )
            detail = {"key": made.id, "name": name, "scopes": sorted(made.scopes), "days": days}
            self._audit.note(connection, now, actor or user_name, "新建密钥", user_name, detail)
        return made, secret

    def of(self, user_id: str) -> list[ApiKey]:
        """The keys of a user, the newest first, those that are over too."""
        mine = sa.select(api_key).where(api_key.c.user_id == user_id).order_by(api_key.c.created_at.desc())
        with self._database.read() as connection:
            return [_key(row) for row in connection.execute(mine)]

    def every(self) -> list[Owned]:
        """All keys that can be used now, by owner and name."""
        owned = sa.select(api_key, account.c.name.label("owner")).join(account, account.c.id == api_key.c.user_id)
        with self._database.read() as connection:
            rows = connection.execute(owned.order_by(account.c.name, api_key.c.name, api_key.c.id))
            every = [Owned(_key(row), row.owner) for row in rows]
        now = self._now()
        return [one for one in every if one.key.open_at(now)]

    def limit(self, key_id: str, per_minute: int, *, actor: str) -> ApiKey:
        """Let a key make so many requests a minute. Raises InvalidAccount, NoSuchAccount."""
        if not 1 <= per_minute <= MOST_PER_MINUTE:
            raise InvalidAccount(f"每分钟的次数应在 1 到 {MOST_PER_MINUTE} 之间。")
        chosen = sa.select(api_key, account.c.name.label("owner")).join(account, account.c.id == api_key.c.user_id)
        with self._database.write() as connection:
            row = connection.execute(chosen.where(api_key.c.id == key_id)).first()
            if row is None:
                raise NoSuchAccount("没有这个密钥，可能已经停用。")
            changed = api_key.update().where(api_key.c.id == key_id)
            connection.execute(changed.values(per_minute=per_minute, spent_until=None))
            detail = {"key": key_id, "name": row.name, "from": row.per_minute, "to": per_minute}
            self._audit.note(connection, self._now(), actor, "密钥限次", row.owner, detail)
            return _key(connection.execute(sa.select(api_key).where(api_key.c.id == key_id)).one())

    def admit(self, key_id: str) -> int:
        """Count a request of a key; 0 when it may be made, else after how many seconds the next one may.

        The requests of a minute may come at once; each gives its place back after a `per_minute`-th of a minute. The count
        is in the database, so that it holds for several processes.
        """
        here = api_key.c.id == key_id
        with self._database.write() as connection:
            row = connection.execute(sa.select(api_key.c.per_minute, api_key.c.spent_until).where(here)).one()
            now: datetime = self._now()
            # What lies further ahead was written before the clock was set back, and must not shut the key out.
            ahead = row.spent_until if row.spent_until and now < row.spent_until <= now + _MINUTE else now
            spent = ahead + _MINUTE / row.per_minute
            if spent > now + _MINUTE:
                return int(max(1, math.ceil((spent - now - _MINUTE) / timedelta(seconds=1))))
            connection.execute(api_key.update().where(here).values(spent_until=spent))
        return 0

    def revoke(self, key_id: str, *, user_id: str | None = None, actor: str) -> ApiKey:
        """End a key at once; `user_id` says whose it must be. Raises NoSuchAccount for one that is not there."""
        chosen = sa.select(api_key, account.c.name.label("owner")).join(account, account.c.id == api_key.c.user_id)
        with self._database.write() as connection:
            row = connection.execute(chosen.where(api_key.c.id == key_id)).first()
            if row is None or user_id not in (None, row.user_id):
                raise NoSuchAccount("没有这个密钥，可能已经停用。")
            if row.revoked_at is None:
                now = self._now()
                connection.execute(api_key.update().where(api_key.c.id == key_id).values(revoked_at=now))
                detail = {"key": key_id, "name": row.name}
                self._audit.note(connection, now, actor, "停用密钥", row.owner, detail)
        return _key(row)

    def used(self, secret: str) -> ApiKey | None:
        """The key behind `secret`, noted as used; None for one that is unknown, revoked or over."""
        now, mine = self._now(), api_key.c.key_hash == _hash(secret)
        with self._database.read() as connection:
            row = connection.execute(sa.select(api_key).where(mine)).first()
        if row is None or not _key(row).open_at(now):
            return None
        if row.used_at is None or now - row.used_at > _SEEN_EVERY:
            with self._database.write() as connection:
                connection.execute(api_key.update().where(mine).values(used_at=now))
        return _key(row)


def _key(row: sa.Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(
        id=row.id,
        user_id=row.user_id,
        name=row.name,
        scopes=frozenset(Scope(one) for one in row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        per_minute=row.per_minute,
    )


def too_often(key: ApiKey, seconds: int) -> str:
    """What a program is told that asks more often than its key may."""
    return f"这个密钥每分钟最多用 {key.per_minute} 次，请 {seconds} 秒后再试；要更多请管理员在教员台“密钥”里调整。"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
