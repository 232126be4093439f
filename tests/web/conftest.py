"""One library and one server for all web tests, one browser for a file; each test gets its own page and its own reader's data."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, PHONE, running, visitor, window
from desk_site import DeskSite, desk_site, evaluations
from made_up_library import write_library
from scripted import Stage

from assistant.answerer import Answerer
from assistant.cli.serve import GRADIO
from assistant.conversations.conversations import Conversations
from assistant.study.notes import Note, Notes
from assistant.web import build
from assistant.web.site import LOCAL_USER
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Document
from knowledge.retrieval.lexicon import Lexicon
from knowledge.storage.originals import FOLDER

os.environ |= GRADIO  # as `serve` does, before Gradio is imported
CHROMIUM = Path("/usr/bin/chromium")


@dataclass
class Site:
    """The running server with everything behind it."""

    url: str
    stage: Stage
    knowledge_base: KnowledgeBase
    conversations: Conversations
    documents: dict[str, Document] = field(default_factory=dict)

    def document(self, title: str, edition: str | None = None) -> Document:
        """The document whose title contains `title`."""
        every = self.knowledge_base.documents()
        return next(one for one in every if title in one.card.title and edition in (None, one.card.edition))

    def notes(self, reader: str) -> list[Note]:
        """What a reader has saved, the newest first."""
        return Notes(self.conversations).listing(reader)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("data")
    register = Register.load()
    knowledge_base = KnowledgeBase.open(data, lambda: open_encoder("builtin"), register=register)
    knowledge_base.add([write_library(data / "made-up")], publish=True)
    conversations = Conversations.open(data)
    stage = Stage(Answerer(knowledge_base, register, Lexicon.load()))
    app = build(
        answerer=stage,
        knowledge_base=knowledge_base,
        conversations=conversations,
        originals=data / FOLDER,
        reader=lambda request: request.headers.get("x-reader", LOCAL_USER),
        workers=2,
    )
    with running(app) as url:
        yield Site(url, stage, knowledge_base, conversations)
    conversations.close()
    knowledge_base.close()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    """A desk with accounts and a library of its own."""
    with desk_site(tmp_path_factory.mktemp("desk") / "data", evaluations) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(site: Site) -> Iterator[httpx.Client]:
    with visitor(site.url) as opened:
        yield opened


@pytest.fixture(scope="module")  # its loop would be in the way of whatever runs one of its own in the next file
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium 不在 /usr/bin/chromium：请安装后再跑浏览器测试（apt-get install chromium）")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def reader() -> str:
    """The name of this test's own reader."""
    return f"reader-{secrets.token_hex(4)}"


@pytest.fixture
def open_page(browser: Any, site: Site, reader: str) -> Iterator[Callable[..., Any]]:
    """Opens pages of a given size; afterwards no foreign host was asked and no script failed."""
    contexts: list[Any] = []
    requests: list[str] = []
    troubles: list[str] = []

    def opener(size: dict[str, int] = DESKTOP, path: str = "/", **options: Any) -> Any:
        touch = size["width"] < 800
        context = window(
            browser, viewport=size, locale="zh-CN", has_touch=touch, extra_http_headers={"X-Reader": reader}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: None if _is_leaving(str(error)) else troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if _is_trouble(message) else None)
        page.goto(site.url + path)
        return page

    yield opener
    for context in contexts:
        context.close()
    foreign = [url for url in requests if not url.startswith((site.url, "data:"))]
    assert not foreign, f"asked foreign hosts: {foreign}"
    assert not troubles, f"scripts complained: {troubles}"


def _is_trouble(message: Any) -> bool:
    """Errors of scripts; not that our server refused bad input or has no such page, which the page says itself."""
    return message.type == "error" and "status of 40" not in message.text and not _is_leaving(message.text)


def _is_leaving(words: str) -> bool:
    """What Gradio says when its page is left while an answer streams."""
    return "signal is aborted" in words or "Connection errored out" in words


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Any]) -> Any:
    return open_page(PHONE)
