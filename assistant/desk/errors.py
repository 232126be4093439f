"""Errors of the desk. Each message is one Chinese sentence.

DeskError
├── InvalidEntry   an entry of a list, a curated answer or a case that cannot be taken
└── NoSuchItem     an entry, curated answer or queue item that is not there
"""

from __future__ import annotations

from assistant.errors import AssistantError


class DeskError(AssistantError):
    """Anything at the desk that cannot be done."""

    exit_code = 2


class InvalidEntry(DeskError):
    """Something that cannot be taken as it is."""


class NoSuchItem(DeskError):
    """Something that is not there, or no longer."""
