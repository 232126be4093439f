"""ASGI around the mounted Gradio: a closed list of paths, sessions that stay with their reader, our first view."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.chat.shell.assets import FOLDER
from assistant.web.chat.shell.first_page import first_page
from assistant.web.chat.shell.sessions import Sessions, named_in
from assistant.web.pages import FOR_EVER, kept_file
from assistant.web.security.guard import refused

#: What our page needs of Gradio. Everything else it opens is answered as a page that is not there.
NEEDED = re.compile(
    r"/(?:|config/?|theme\.css|assets/.+"
    r"|gradio_api/(?:queue/(?:join|data)|run/predict/?|heartbeat/[^/]+|cancel|reset/?|startup-events|theme\.css))"
)
ENDING = ("/gradio_api/cancel", "/gradio_api/reset")


class Shell:
    """`reader` names the user behind a request; `frame` gives what goes into <head> and what ends <body>, of whether a
    conversation is shown; `first` makes what the page shows until Gradio has started, of a request and the id of a
    conversation, and raises what a page that is not there raises. Of Gradio's files those that are `kept` are served from
    memory."""

    def __init__(
        self,
        app: ASGIApp,
        reader: Callable[[Request], str],
        frame: Callable[[bool], tuple[str, str]],
        first: Callable[[Request, str | None], str],
        kept: Collection[str],
    ) -> None:
        self._app = app
        self._frame = frame
        self._reader = reader
        self._first = first
        self._kept = frozenset(f"/assets/{name}" for name in kept)
        self._sessions = Sessions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        path = str(scope["path"])
        if not NEEDED.fullmatch(path) or b"deep_link" in scope["query_string"]:
            raise HTTPException(404)
        if path == "/":
            await self._page(scope, receive, send)
        elif path in self._kept and scope["method"] == "GET":
            accepted = Request(scope).headers.get("accept-encoding", "")
            await kept_file(FOLDER / path.rpartition("/")[2], accepted)(scope, receive, send)
        elif path.startswith("/assets/"):
            await self._app(scope, receive, _kept(send))
        else:
            await self._event(scope, receive, send)

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = await named_in(scope, receive)
        user = self._reader(Request(scope))
        if not all(self._sessions.admits(one, user) for one in named.sessions):
            await refused(403, "这个页面不是您打开的，请刷新。")(scope, receive, send)
        elif scope["path"] in ENDING and not named.event:
            await JSONResponse({"success": True})(scope, receive, send)  # Gradio's page ends what is over, too
        else:
            await self._app(scope, named.receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        shown = parse_qs(scope["query_string"].decode("latin-1")).get("c", [None])[0]
        before = await run_in_threadpool(self._first, Request(scope), shown)
        status, page = await self._of_gradio(scope, receive)
        if status != 200:
            raise HTTPException(status)
        head, after = self._frame(bool(shown))
        page, policy = first_page(page, head, before, after)
        await HTMLResponse(page, headers={"Content-Security-Policy": policy})(scope, receive, send)

    async def _of_gradio(self, scope: Scope, receive: Receive) -> tuple[int, str]:
        """The page that Gradio makes, uncompressed, because it is changed before it is sent."""
        headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        status = 500
        parts: list[bytes] = []

        async def keep(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                parts.append(message.get("body", b""))

        await self._app({**scope, "method": "GET", "headers": headers}, receive, keep)
        return status, b"".join(parts).decode()


def _kept(send: Send) -> Send:
    """`send` of a file whose name changes with its content."""

    async def passing(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            MutableHeaders(scope=message)["Cache-Control"] = FOR_EVER
        await send(message)

    return passing
