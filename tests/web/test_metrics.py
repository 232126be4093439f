"""What those who run the server may count, and what they find in its log: kinds and numbers, never words or names."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import running, visitor
from chat_events import Chat
from conftest import Site
from starlette.testclient import TestClient

from assistant.conversations.conversations import Conversations
from assistant.web import build
from assistant.web.operating.json_log import JsonLines
from assistant.web.operating.metrics import Metrics
from assistant.web.operating.request_id import HEADER, Proxies
from assistant.web.operating.requests import Requests

QUESTION = "来访事项登记之后多少日内应当答复来访人？"
READER = "zhangsan-of-the-office"


@dataclass
class Watched:
    """An application with everything around it that `xuesi serve` puts there."""

    app: Requests
    url: str


@pytest.fixture
def watched(site: Site, tmp_path: Path) -> Iterator[Watched]:
    conversations, metrics = Conversations.open(tmp_path), Metrics()
    inner = build(
        answerer=site.stage.real,
        knowledge_base=site.knowledge_base,
        conversations=conversations,
        hosts=None,
        reader=lambda request: request.headers.get("x-reader", "local"),
        metrics=metrics,
        metrics_token="only-for-the-watcher",
    )

    @inner.get("/broken/{what}")
    def broken(what: str) -> None:
        raise ValueError(f"cannot use {what}")

    inner.router.routes.insert(0, inner.router.routes.pop())  # the chat takes whatever comes after it
    app = Requests(inner, metrics, "10.0.0.0/8")
    with running(app) as url:
        yield Watched(app, url)
    conversations.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written, ours = io.StringIO(), logging.getLogger("assistant")
    handler, level = logging.StreamHandler(written), ours.level
    handler.setFormatter(JsonLines())
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield written
    ours.removeHandler(handler)
    ours.setLevel(level)


def value(page: str, name: str) -> float:
    [found] = [line.rpartition(" ")[2] for line in page.splitlines() if line.startswith(f"{name} ")]
    return float(found)


def test_questions_searches_and_errors_are_counted_without_words_or_names(watched: Watched, log: io.StringIO) -> None:
    with visitor(watched.url, headers={"X-Reader": READER}) as client:
        chat = Chat(client)
        chat.follow(chat.ask(QUESTION).bridge)
        client.get("/library", params={"q": "来访 登记"})
        client.get("/library")
        client.get("/document/999999")
        client.get(f"/broken/{QUESTION}")  # after this the server closes the connection
    with visitor(watched.url) as client:
        page = client.get("/metrics").text
    assert value(page, 'xuesi_questions_total{mode="extract",outcome="done"}') == 1
    assert value(page, 'xuesi_searches_total{where="library"}') == 1
    assert value(page, 'xuesi_errors_total{kind="ValueError"}') == 1
    assert value(page, 'xuesi_errors_total{kind="NotInLibrary"}') == 1
    assert value(page, 'xuesi_requests_total{method="GET",route="/broken/{what}",status="500"}') == 1
    assert 0 < value(page, "xuesi_first_sentence_seconds_sum") <= value(page, "xuesi_answer_seconds_sum") < 60
    assert value(page, "xuesi_answers_under_way") == value(page, "xuesi_open_streams") == 0
    assert value(page, "process_resident_memory_bytes") > 1e7
    for text in (page, log.getvalue()):
        assert "来访" not in text
        assert READER not in text
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [asked] = [line for line in lines if line["message"] == "asked"]
    assert asked["request_id"] in {line.get("request_id") for line in lines if line["message"] == "request"}
    [failed] = [line for line in lines if line["level"] == "ERROR"]
    assert failed["error"] == "ValueError"
    assert any("test_metrics.py" in place for place in failed["at"])


def test_open_streams_and_jobs_stand_in_the_metrics_of_another_machine_with_the_token(watched: Watched) -> None:
    away = TestClient(watched.app, "http://xuesi.example", client=("192.0.2.1", 4000))
    refused = away.get("/metrics")
    assert refused.status_code == 403
    assert "XUESI_METRICS_TOKEN" in refused.text
    assert away.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    page = away.get("/metrics", headers={"Authorization": "Bearer only-for-the-watcher"})
    assert page.status_code == 200
    assert "xuesi_open_streams 0.0" in page.text
    assert "# TYPE xuesi_jobs gauge" in page.text


def test_what_comes_through_a_proxy_does_not_come_from_this_machine(watched: Watched) -> None:
    with visitor(watched.url) as client:
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(
    ("sender", "sent", "believed"),
    [
        ("10.1.2.3", "from-the-proxy-1", True),
        ("192.0.2.1", "from-somebody-1", False),
        ("10.1.2.3", "a number\nwith a line", False),
        ("10.1.2.3", "x" * 500, False),
    ],
)
def test_the_number_of_a_request_is_the_trusted_proxys_or_a_new_one(
    watched: Watched, sender: str, sent: str, believed: bool
) -> None:
    client = TestClient(watched.app, "http://xuesi.example", client=(sender, 4000), raise_server_exceptions=False)
    for path in ("/healthz", "/broken/1", "/no-such-page"):
        number = client.get(path, headers={HEADER: sent}).headers[HEADER]
        assert (number == sent) is believed
        assert len(number) in (12, len(sent))


def test_a_reader_can_quote_the_number_that_stands_on_the_page_of_an_error(watched: Watched) -> None:
    for path in ("/broken/1", "/no-such-page"):
        with visitor(watched.url) as client:  # uvicorn ends a connection on which something broke
            reply = client.get(path, headers={"Accept": "text/html"})
            assert f"<code>{reply.headers[HEADER]}</code>" in reply.text


@pytest.mark.parametrize(
    ("listed", "host", "inside"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1, 172.16.0.0/12", "172.20.0.9", True),
        ("*", "192.0.2.1", True),
        ("", "127.0.0.1", False),
        ("fd00::/8", "fd00::9", True),
        ("127.0.0.1", "testclient", False),
    ],
)
def test_addresses_and_networks_of_proxies_are_told_apart(listed: str, host: str, inside: bool) -> None:
    assert (host in Proxies(listed)) is inside
