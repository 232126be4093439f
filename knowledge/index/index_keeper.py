"""Keeps the index of a running server up to date: takes Chroma's lock, embeds what lacks vectors, applies the outbox."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from knowledge.index.chroma import Interrupted
from knowledge.index.exact import VectorIndex

_POLL_SECONDS: Final = 0.3
_RETRY_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class KeptIndex(VectorIndex, Protocol):
    """An index that somebody has to keep up."""

    def close(self) -> None: ...


class IndexBroken(Exception):
    """Somebody could not search the index."""


class IndexKeeper:
    """A thread beside the server. Until its index is ready, and whenever it fails, searches use the exact index."""

    def __init__(
        self, open_index: Callable[[threading.Event], KeptIndex | None], prepare: Callable[[threading.Event], None]
    ) -> None:
        """`open_index` gives None while another process has the lock; `prepare` embeds what lacks vectors. Both raise
        Interrupted soon after their event is set."""
        self._open_index = open_index
        self._prepare = prepare
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._broken = threading.Event()
        self._index: KeptIndex | None = None
        self._thread = threading.Thread(target=self._run, name="index-keeper", daemon=True)
        self._thread.start()

    @property
    def index(self) -> KeptIndex | None:
        """The index when it may be searched."""
        return self._index

    def wait(self, seconds: float) -> bool:
        """Wait until the index can be searched; False when it takes longer."""
        return self._ready.wait(seconds)

    def mend(self) -> None:
        """To be called when the index could not be searched: it is opened anew, and rebuilt if need be."""
        self._index = None
        self._broken.set()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        index: KeptIndex | None = None
        prepared = False
        while not self._stop.is_set():
            pause = _POLL_SECONDS
            try:
                if index is None:
                    index = self._open_index(self._stop)
                if self._broken.is_set():
                    self._broken.clear()
                    raise IndexBroken
                if index is not None:
                    if not self._ready.is_set():
                        self._index = index
                        self._ready.set()
                    index.refresh()
                if not prepared:
                    self._prepare(self._stop)
                    prepared = True
            except Interrupted:
                break
            except Exception:  # the server goes on with the exact index; the next round tries again
                _log.exception("向量索引更新失败，稍后重试")
                self._index = None
                self._ready.clear()
                if index is not None:
                    index.close()
                index, pause = None, _RETRY_SECONDS
            self._stop.wait(pause)
        self._index = None
        if index is not None:
            index.close()
