"""What was made of texts, kept in memory as long as it is met again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """At most `most` values by key; those met longest ago go first. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def met(self, keys: Iterable[K]) -> dict[K, V]:
        """Those of `keys` that are there, which count as met last."""
        with self._lock:
            found = {key: self._values[key] for key in keys if key in self._values}
            for key in found:
                self._values.move_to_end(key)
        return found

    def keep(self, made: Mapping[K, V]) -> None:
        """Put in what was made."""
        with self._lock:
            self._values.update(made)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
