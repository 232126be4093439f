"""What every request passes: known host names only, writes only from our own pages, strict headers on every reply."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.security.slow_senders import prompt

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST_BODY = 64 * 1024  # bytes; a question has 2,000 characters

#: Nothing from another host, no inline script or style, no frame around us.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware. `hosts` are the names under which the server may be addressed (None: any).

    A page of another site can make a browser send requests here: under its own name through DNS rebinding, which the
    list of hosts stops, or as a blind write, which the check of Origin and Sec-Fetch-Site stops.
    """

    def __init__(
        self, app: ASGIApp, hosts: Collection[str] | None = LOOPBACK, larger: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """`larger` are the bytes that a body may have at certain paths."""
        self._app = app
        self._hosts = hosts
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                reply = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    reply.setdefault(name, value)
            await send(message)

        host = headers.get("host", "")
        if self._hosts is not None and _name(host) not in self._hosts:
            await refused(421, "只接受用 127.0.0.1 或 localhost 打开的页面。")(scope, receive, send_guarded)
        elif scope["method"] not in ("GET", "HEAD", "OPTIONS") and not _from_our_pages(headers, host):
            await refused(403, "这个请求不是从本系统的页面发出的，已拒绝。")(scope, receive, send_guarded)
        elif _length(headers) > (most := self._larger.get(scope["path"], LARGEST_BODY)):
            await refused(413, "内容太长，请缩短后再试。")(scope, receive, send_guarded)
        else:
            await self._app(scope, _limited(prompt(receive), most), send_guarded)


def refused(status: int, message: str) -> JSONResponse:
    """A refusal in one sentence, under every name by which our scripts and Gradio's look for it."""
    return JSONResponse({"message": message, "detail": message, "error": message}, status)


def refused_as_openai(status: int, message: str) -> JSONResponse:
    """A refusal as clients of OpenAI expect it."""
    kinds = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")
    return JSONResponse({"error": {"message": message, "type": kind, "param": None, "code": None}}, status)


def _limited(receive: Receive, most: int) -> Receive:
    """`receive` that cuts off a body that grows past the limit without having said so."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > most else message

    return limited


def _name(host: str) -> str:
    """`127.0.0.1:7860` → `127.0.0.1`, `[::1]:7860` → `::1`."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _from_our_pages(headers: Headers, host: str) -> bool:
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def _length(headers: Headers) -> int:
    stated = headers.get("content-length", "0")
    return int(stated) if stated.isascii() and stated.isdigit() else sys.maxsize
