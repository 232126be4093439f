"""One data folder and what is needed to take a file into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.embeddings import Encoder
from knowledge.metadata.register import Register
from knowledge.storage.database import Database


@dataclass(frozen=True, slots=True)
class DataFolder:
    """What taking in a file needs. The encoder is made at the first text that has no vector yet."""

    path: Path
    database: Database
    register: Register
    encoder: Callable[[], Encoder]
    today: Callable[[], date]
