"""Whose a session of Gradio is. Gradio hands the stream of a session to whoever names it; here the first reader keeps it."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.types import Message, Receive, Scope

MOST = 20_000  # sessions remembered; those unused for the longest time are forgotten first


class Sessions:
    """The owners of the sessions in use. For one event loop."""

    def __init__(self, most: int = MOST) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._most = most

    def admits(self, session: str, user: str) -> bool:
        """Whether `user` may use `session`: it is his, or nobody's until now."""
        owner = self._owners.setdefault(session, user)
        self._owners.move_to_end(session)
        while len(self._owners) > self._most:
            self._owners.popitem(last=False)
        return owner == user


@dataclass(frozen=True, slots=True)
class Named:
    """What a request to Gradio names: sessions and, where it ends one, an event. `receive` reads its body once more."""

    sessions: tuple[str, ...]
    event: str
    receive: Receive


async def named_in(scope: Scope, receive: Receive) -> Named:
    """The sessions and the event of a request."""
    path = str(scope["path"])
    sessions = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
    if "/heartbeat/" in path:
        sessions.append(path.rsplit("/", 1)[1])
    if scope["method"] != "POST":
        return Named(tuple(sessions), "", receive)
    body, again = await _body(receive)
    try:
        stated = json.loads(body)
    except ValueError:
        stated = None
    given = stated if isinstance(stated, dict) else {}
    if given.get("session_hash") is not None:
        sessions.append(str(given["session_hash"]))
    return Named(tuple(sessions), str(given.get("event_id") or ""), again)


async def _body(receive: Receive) -> tuple[bytes, Receive]:
    """The body of a request, and a `receive` that gives it once more."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    body, sent = b"".join(parts), False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return body, again
