"""Whose turn it is to work on the queue of files: with SQLite one process at a time, with PostgreSQL everybody's."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

LOCK: Final = ".intake.lock"


class Turn:
    """The turn of one process. Killed, it holds it no longer, and whoever stands by takes it."""

    def __init__(self, data: Path, *, alone: bool) -> None:
        """`alone`: no two processes may work on the folder `data` at once."""
        from filelock import FileLock

        self._lock = FileLock(data / LOCK, timeout=0, is_singleton=False, thread_local=False) if alone else None
        self._guard = threading.Lock()

    def taken(self) -> bool:
        """Whether this process may work, taking the turn if nobody has it."""
        if self._lock is None:
            return True
        from filelock import Timeout

        with self._guard:
            if self._lock.is_locked:
                return True
            try:
                self._lock.acquire()
            except Timeout:
                return False
            return True

    def leave(self) -> None:
        """Let others work."""
        if self._lock is not None:
            with self._guard:
                self._lock.release()
