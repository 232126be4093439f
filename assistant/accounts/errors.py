"""Errors of accounts. Each message is one Chinese sentence.

AccountError
├── InvalidAccount   a name, password, role or class that cannot be taken
├── NoSuchAccount    a user or class that is not there
└── NotAdmitted      a log-in that failed; the message never says whether the name exists
    └── TooSoon      one that was not even tried, after too many wrong passwords
"""

from __future__ import annotations

from assistant.errors import AssistantError


class AccountError(AssistantError):
    """Anything about accounts that cannot be done."""

    exit_code = 2


class InvalidAccount(AccountError):
    """A value that cannot be taken."""


class NoSuchAccount(AccountError):
    """A user or class that is not there."""


class NotAdmitted(AccountError):
    """A log-in that failed."""


class TooSoon(NotAdmitted):
    """A log-in that comes before a delay is over."""
