"""Who looks at a page, as far as its frame shows: the name in the bar and the way to the trainers' desk.

`access` sets it for each request; the frame of every page reads it, so that no route has to hand it on.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """`name` is empty where nobody has an account. `groups` decide which documents he may see; None for everything."""

    name: str = ""
    trains: bool = False
    administers: bool = False
    groups: frozenset[str] | None = frozenset()


NOBODY = Viewer()
_viewer: ContextVar[Viewer] = ContextVar("viewer", default=NOBODY)


def viewer() -> Viewer:
    """Who looks at the page of the request at hand."""
    return _viewer.get()


def groups() -> frozenset[str] | None:
    """The groups of who looks; none where that is not known."""
    return _viewer.get().groups


def set_viewer(who: Viewer) -> None:
    """To be called once for each request, before its page is made."""
    _viewer.set(who)
