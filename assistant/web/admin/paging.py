"""A long list a page at a time: which part is shown, and the addresses of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query

#: The number of a page out of an address, from 0; what is beyond the last page is the last.
At = Annotated[int, Query(ge=0, le=1_000_000)]
_BESIDE = 2  # pages named on each side of the one that is open
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """Page `at` of a list of `count` entries, `size` on a page; `base` is the address without the page."""

    at: int
    size: int
    count: int
    base: str

    @property
    def last(self) -> int:
        return max(0, (self.count - 1) // self.size)

    @property
    def first_shown(self) -> int:
        """Counted from 1, as people do; 0 of an empty list."""
        return min(self.at * self.size + 1, self.count)

    @property
    def last_shown(self) -> int:
        return min((self.at + 1) * self.size, self.count)

    @property
    def named(self) -> list[int | None]:
        """The pages that are named: the first, the last and those about the open one; None for a gap."""
        near = range(self.at - _BESIDE, self.at + _BESIDE + 1)
        kept = sorted({0, self.last, *(page for page in near if 0 <= page <= self.last)})
        found: list[int | None] = []
        for before, page in zip([-1, *kept], kept, strict=False):
            found += [page] if page - before < 2 else [None, page]
        return found

    def to(self, page: int) -> str:
        """The address of a page."""
        return f"{self.base}{'&' if '?' in self.base else '?'}at={page}" if page else self.base


def paging(at: int, size: int, count: int, address: str, query: Mapping[str, str]) -> Paging:
    """Where one is; `query` is what the list is limited to, without what is empty."""
    kept = urlencode({name: value for name, value in query.items() if value})
    found = Paging(0, size, count, f"{address}?{kept}" if kept else address)
    return Paging(min(at, found.last), size, count, found.base)


def part(items: Sequence[T], place: Paging) -> list[T]:
    """What of `items` stands on the page."""
    return list(items[place.at * place.size : (place.at + 1) * place.size])
