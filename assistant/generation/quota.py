"""How often the model may be asked: by one reader, and by everybody together, in any hour."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from assistant.generation.failures import Failure, GenerationFailed

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter


class Allowance:
    """Counts in memory, so a restart begins anew. 0 means no limit. Safe to share between threads."""

    def __init__(self, per_reader: int = 0, altogether: int = 0) -> None:
        self.per_reader = per_reader
        self.altogether = altogether

    def take(self, reader: str) -> None:
        """Count one question of `reader`. Raises GenerationFailed when it is one too many; then it is not counted."""
        for limit, key, whose in self._limits:
            if not self._window.test(limit, key or reader):
                raise GenerationFailed(Failure.OVER_LIMIT, f"{whose}每小时 {limit.amount} 次")
        for limit, key, _ in self._limits:
            self._window.hit(limit, key or reader)

    @cached_property
    def _window(self) -> MovingWindowRateLimiter:
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(MemoryStorage())

    @cached_property
    def _limits(self) -> list[tuple[RateLimitItem, str, str]]:
        """The limits in use with their keys; the reader's own has none."""
        from limits import RateLimitItemPerHour

        kinds = zip((self.per_reader, self.altogether), ("", "everybody "), ("每人", "全部"), strict=True)
        return [(RateLimitItemPerHour(number), key, whose) for number, key, whose in kinds if number]
