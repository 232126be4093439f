"""Who looks at a page, as far as its frame shows: the name in the bar and the way to the trainers' desk.

`access` sets it for each request; the frame of every page reads it, so that no route has to hand it on.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """`name` is empty where nobody has an account."""

    name: str = ""
    trains: bool = False
    administers: bool = False


NOBODY = Viewer()
_viewer: ContextVar[Viewer] = ContextVar("viewer", default=NOBODY)


def viewer() -> Viewer:
    """Who looks at the page of the request at hand."""
    return _viewer.get()


def set_viewer(who: Viewer) -> None:
    """To be called once for each request, before its page is made."""
    _viewer.set(who)
