"""Who sends slowly is let go; who is cut off leaves nothing; the reader's address and https are as the proxy says."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from browsing import until, visitor
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message

from assistant.web.admin.documents.intake import received
from assistant.web.security.slow_senders import PromptProtocol, prompt
from assistant.web.serving import CannotServe, Entrance


class Hasty(PromptProtocol):
    head_seconds = 0.5


@contextmanager
def serving(app: Any, **options: Any) -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        settings = {"http": Hasty, "log_level": "critical", "timeout_graceful_shutdown": 1, **options}
        server = uvicorn.Server(uvicorn.Config(app, **settings))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until(lambda: server.started, "the server did not start")
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=10)


async def tell(scope: Any, receive: Any, send: Any) -> None:
    """An application that says from where and how it was asked."""
    if scope["type"] != "http":
        return
    request = Request(scope)
    client = request.client.host if request.client else ""
    await JSONResponse({"client": client, "scheme": request.url.scheme})(scope, receive, send)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "], ids=["nothing", "half a head"])
def test_a_connection_on_which_no_request_comes_is_closed(sent: bytes) -> None:
    with serving(tell) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as slow:
        slow.sendall(sent)
        assert slow.recv(100) == b""
        assert visitor(f"http://127.0.0.1:{port}").get("/").status_code == 200


def test_a_second_request_on_a_connection_is_waited_for_no_longer_than_the_first() -> None:
    with serving(tell) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert slow.recv(1000).startswith(b"HTTP/1.1 200")
        slow.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert slow.recv(1000) == b""


def body(pieces: int, pause: float) -> Any:
    left = pieces

    async def receive() -> Message:
        nonlocal left
        await asyncio.sleep(pause)
        left -= 1
        return {"type": "http.request", "body": b"x" * 10, "more_body": left > 0}

    return receive


def test_a_body_that_trickles_is_a_disconnection_and_leaves_no_file(tmp_path: Path) -> None:
    for pieces, pause, options in ((2, 0.5, {"silence": 0.1}), (1000, 0.01, {"grace": 0.1})):
        request = Request({"type": "http", "method": "POST", "headers": []}, prompt(body(pieces, pause), **options))
        with pytest.raises(Exception, match=r"^$") as cut:
            asyncio.run(received(request, tmp_path, 10_000))
        assert type(cut.value).__name__ == "ClientDisconnect"
        assert list(tmp_path.iterdir()) == []


def test_a_body_that_keeps_coming_is_taken_and_what_follows_it_may_take_its_time(tmp_path: Path) -> None:
    receive = prompt(body(5, 0.05), silence=0.3)

    async def whole() -> int:
        size = 0
        while (message := await receive()).get("more_body"):
            size += len(message["body"])
        await asyncio.sleep(0.4)
        assert (await receive())["type"] == "http.request"
        return size

    assert asyncio.run(whole()) == 40


def test_only_a_trusted_proxy_says_who_asks_and_how() -> None:
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    for entrance, told in ((Entrance(), "127.0.0.1"), (Entrance(proxies="127.0.0.1"), "203.0.113.9")):
        options = {"proxy_headers": bool(entrance.proxies), "forwarded_allow_ips": entrance.proxies or None}
        with serving(tell, **options) as port, visitor(f"http://127.0.0.1:{port}") as client:
            said = client.get("/", headers=headers).json()
        assert said["client"] == told
        assert (said["scheme"] == "https") == bool(entrance.proxies)


def test_a_certificate_makes_it_https(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    made = ["-keyout", str(key), "-out", str(certificate), "-days", "2", *subject]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *made], check=True, capture_output=True)
    entrance = Entrance(certificate=certificate, key=key)
    entrance.check(administered=False)
    with serving(tell, ssl_certfile=certificate, ssl_keyfile=key) as port:
        trusting = ssl.create_default_context(cafile=str(certificate))
        assert visitor(f"https://127.0.0.1:{port}", verify=trusting).get("/").json()["scheme"] == "https"
    assert entrance.address.startswith("https://")


@pytest.mark.parametrize(
    ("entrance", "words"),
    [
        (Entrance(host="0.0.0.0"), "需要先有管理员"),
        (Entrance(proxies="127.0.0.1"), "需要先有管理员"),
        (Entrance(certificate=Path("a.pem")), "一起给出"),
        (Entrance(certificate=Path("no.pem"), key=Path("none.pem")), "用不了"),
        (Entrance(certificate=Path(__file__), key=Path(__file__)), "用不了"),
    ],
    ids=["open", "proxied", "no key", "missing", "no certificate"],
)
def test_what_cannot_be_served_is_said_in_one_sentence(entrance: Entrance, words: str) -> None:
    with pytest.raises(CannotServe, match=words) as refused:
        entrance.check(administered=False)
    assert str(refused.value).endswith("。")
