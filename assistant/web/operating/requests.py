"""Around the whole application: every request gets a number, is counted, and leaves one line in the log."""

from __future__ import annotations

import logging
import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.operating.metrics import Metrics
from assistant.web.operating.request_id import HEADER, Proxies, begin

#: Pages that search when they are sent words as `q`.
_SEARCHES: Final = {"/library": "library", "/api/v1/search": "program", "/admin/search": "desk"}
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_log = logging.getLogger(__name__)


class Requests:
    """ASGI middleware, outside of all others. The number that a request brings along counts when it comes straight from
    one of `proxies`; the log and the counters know an address by its pattern alone, because words may stand in it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, proxies: str = "") -> None:
        self._app = app
        self._metrics = metrics
        self._proxies = Proxies(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, streams = time.perf_counter(), 500, False
        believed = scope["client"] and scope["client"][0] in self._proxies
        number = begin(Headers(scope=scope).get(HEADER, "") if believed else "")
        scope.setdefault("state", {})["request_id"] = number

        async def send_numbered(message: Message) -> None:
            nonlocal status, streams
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = number
                streams = headers.get("content-type", "").startswith("text/event-stream")
                if streams:
                    self._metrics.stream_opened()
            await send(message)

        try:
            await self._app(scope, receive, send_numbered)
        finally:
            if streams:
                self._metrics.stream_closed()
            self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = pattern(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requested(route, method, status)
        if status < 400 and route in _SEARCHES and b"q=" in scope["query_string"]:
            self._metrics.searched(_SEARCHES[route])
        fields = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000)}
        _log.info("request", extra={"fields": fields})


def pattern(scope: Scope) -> str:
    """The address of a request as its route has it: `/document/{document_id}`; "other" where no route of ours was meant."""
    return str(getattr(scope.get("route"), "path", "other"))
