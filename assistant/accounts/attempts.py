"""Wrong passwords, counted for each account and address: growing delays there, and nowhere else.

So nobody can lock another one out: who tries an account from one address holds up only that address. Names are kept as
hashes, because people type passwords into the wrong field.
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timedelta

import sqlalchemy as sa

from assistant.accounts.schema import log_in_attempt as _attempt

FREE = 4  # wrong passwords in a row that cost nothing
FIRST_DELAY = timedelta(minutes=1)  # doubles with each further one
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def waiting(connection: sa.Connection, name: str, address: str, now: datetime) -> timedelta | None:
    """How long this account takes no password from this address; None when it takes one now."""
    row = connection.execute(sa.select(_attempt.c.until).where(_these(name, address))).first()
    left = row.until - now if row and row.until else timedelta()
    # A clock that was set back must not hold anybody up for longer than a delay can be.
    return left if timedelta() < left <= LONGEST_DELAY else None


def count_failure(connection: sa.Connection, name: str, address: str, now: datetime) -> bool:
    """Note a wrong password; True when it is the first one that causes a delay."""
    connection.execute(_attempt.delete().where(_attempt.c.last_at < now - FORGOTTEN_AFTER))
    row = connection.execute(sa.select(_attempt.c.failures).where(_these(name, address))).first()
    failures = row.failures + 1 if row else 1
    doublings = failures - FREE - 1
    delay = min(FIRST_DELAY * 2 ** min(doublings, 10), LONGEST_DELAY) if doublings >= 0 else None
    values = {"failures": failures, "until": now + delay if delay else None, "last_at": now}
    if row:
        connection.execute(_attempt.update().where(_these(name, address)).values(**values))
    else:
        connection.execute(_attempt.insert().values(name_hash=_hash(name), address=network(address), **values))
    return doublings == 0


def forget(connection: sa.Connection, name: str, address: str | None = None) -> int:
    """Lift the delays of an account, from one address or (None) from all; returns how many addresses were held up."""
    chosen = _attempt.c.name_hash == _hash(name) if address is None else _these(name, address)
    held = sa.select(sa.func.count()).select_from(_attempt).where(chosen, _attempt.c.until.is_not(None))
    count = int(connection.execute(held).scalar_one())
    connection.execute(_attempt.delete().where(chosen))
    return count


def network(address: str) -> str:
    """What counts as one address: for IPv6 the first 64 bits, which one machine may have to itself."""
    try:
        parsed = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def _these(name: str, address: str) -> sa.ColumnElement[bool]:
    return (_attempt.c.name_hash == _hash(name)) & (_attempt.c.address == network(address))


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
