"""The database of a data folder: one SQLite file, or PostgreSQL; its transactions, and what only one of the two knows."""

from __future__ import annotations

from knowledge.storage.database.database import FILE_NAME, MIGRATIONS, Database
from knowledge.storage.database.migration import migrate

__all__ = ["FILE_NAME", "MIGRATIONS", "Database", "migrate"]
