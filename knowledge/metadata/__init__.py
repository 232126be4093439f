"""What is known about a document: its identity card, what it repeals, whether it is in force, the register of known documents."""

from __future__ import annotations

from knowledge.metadata.identity_card import identify
from knowledge.metadata.register import Entry, InvalidRegister, Register
from knowledge.metadata.repeals import Repeal
from knowledge.metadata.topics import suggested_topic
from knowledge.metadata.validity import series_key, validities

__all__ = [
    "Entry",
    "InvalidRegister",
    "Register",
    "Repeal",
    "identify",
    "series_key",
    "suggested_topic",
    "validities",
]
