"""What is kept in the data folder: the database, the catalogue, vectors, full text, originals."""

from __future__ import annotations

from knowledge.storage.catalog import Origin, Version
from knowledge.storage.changes import Change, change
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.database import Database
from knowledge.storage.new_version import NewVersion
from knowledge.storage.visibility import Roster, Snapshot

__all__ = [
    "Change",
    "DataFolder",
    "Database",
    "NewVersion",
    "Origin",
    "Roster",
    "Snapshot",
    "Version",
    "change",
]
