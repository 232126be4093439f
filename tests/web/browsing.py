"""What the web tests do again and again: serve an application, ask a question on its page."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio._backends._asyncio  # noqa: F401  (pytest compiles it anew: not in a server's thread, where Python 3.11 may fail)
import httpx
import uvicorn

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE = 60.0  # seconds until a test gives up waiting, on a machine that does other things too
PATIENCE_MS = int(PATIENCE * 1000)
BOX = "#ask textarea"


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve `app` on a free loopback port, in a thread; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, proxy_headers=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until(lambda: server.started, "the server did not start")
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def visitor(url: str, **options: Any) -> httpx.Client:
    """A client of a server under test. It waits: of itself httpx gives up after five seconds."""
    return httpx.Client(base_url=url, **{"timeout": PATIENCE, **options})


def window(browser: Any, **options: Any) -> Any:
    """A context whose pages wait as long: of themselves they give up after half a minute."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    return context


def until(condition: Callable[[], object], otherwise: str = "it did not come") -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


def ask(page: Any, question: str) -> Any:
    """Type a question, send it, wait until it is answered; the article of the turn."""
    started(page)
    before = page.locator("article.turn").count()
    page.fill(BOX, question)
    page.locator("#ask .submit-button:not([disabled])").wait_for()  # the page knows of the words
    page.press(BOX, "Enter")
    turn = page.locator("article.turn").nth(before)
    turn.wait_for()
    page.locator("article.turn[data-state=answering]").wait_for(state="detached")
    return turn


def started(page: Any) -> None:
    """Wait until Gradio has taken the place of the first view."""
    page.locator("#first").wait_for(state="detached")
    page.locator(BOX).wait_for()


def fits(page: Any, name: str) -> None:
    """No page is wider than its window. With XUESI_SHOTS, a folder, it is also photographed, to be looked at."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    if folder := os.environ.get("XUESI_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def told(page: Any, words: str) -> Any:
    """A message of the chat that has these words."""
    message = page.locator(".toast-body", has_text=words)
    message.first.wait_for()
    return message.first


def reload(page: Any) -> None:
    page.reload()
    started(page)
