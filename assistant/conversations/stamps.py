"""Fresh ids and the present moment, as the tables keep them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime


def new_id() -> str:
    """96 random bits: an id that cannot be guessed."""
    return secrets.token_hex(12)


def utc_now() -> datetime:
    """Now in UTC without a zone, which SQLite would not keep."""
    return datetime.now(UTC).replace(tzinfo=None)
