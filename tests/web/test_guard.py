"""What the server refuses: foreign hosts and pages, other people's conversations, oversized and malformed requests."""

from __future__ import annotations

import secrets

import httpx
import pytest
from chat_events import Chat
from conftest import Site

from assistant.conversations.turns import TurnState


def test_only_loopback_names_are_answered(client: httpx.Client) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", "192.168.1.5", "", "[::2]"):
        assert client.get("/", headers={"Host": host}).status_code == 421, host
    for host in ("127.0.0.1:7860", "localhost", "LOCALHOST:80", "[::1]:7860"):
        assert client.get("/library", headers={"Host": host}).status_code == 200, host


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:1"},
    ],
    ids=str,
)
def test_another_sites_page_cannot_ask_in_the_readers_name(
    client: httpx.Client, site: Site, headers: dict[str, str]
) -> None:
    before = len(site.stage.asked)
    assert Chat(client, headers).ask("跨站提问").status == 403
    assert len(site.stage.asked) == before


def test_a_form_of_another_site_is_not_taken_for_json(client: httpx.Client) -> None:
    body = '{"data":["伪装","","","",""],"fn_index":1,"session_hash":"x"}'
    reply = client.post("/gradio_api/queue/join", content=body, headers={"Content-Type": "text/plain"})
    assert reply.status_code in (400, 422)


def test_no_other_origin_may_read(client: httpx.Client) -> None:
    reply = client.get("/", headers={"Origin": "https://evil.example"})
    assert not [name for name in reply.headers if name.startswith("access-control-")]
    assert client.options("/api/quote", headers={"Origin": "https://evil.example"}).status_code in (400, 404, 405)


@pytest.mark.parametrize("path", ["/library", "/nothing", "/api/turn/x/text", "/document/999999"])
def test_every_reply_carries_the_strict_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_pages_hold_no_inline_script_style_or_foreign_address(client: httpx.Client, site: Site) -> None:
    document = site.document("网页内容")
    for path in ("/library", f"/document/{document.id}", "/nothing"):
        page = client.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "http://" not in page.replace(site.url, "").replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in page


def test_other_peoples_conversations_are_not_there(client: httpx.Client, site: Site) -> None:
    turn = site.conversations.ask("别人", "别人的问题")
    site.conversations.close_turn(turn.id, TurnState.FAILED, message="无")
    for path in (f"/c/{turn.conversation_id}", f"/?c={turn.conversation_id}", f"/api/turn/{turn.id}/text"):
        reply = client.get(path)
        assert reply.status_code == 404, path
        assert "别人的问题" not in reply.text
    page = client.get(f"/document/{site.document('来访').id}?turn={turn.id}").text
    assert turn.conversation_id not in page


def test_random_ids_lead_nowhere(client: httpx.Client) -> None:
    for _ in range(100):
        assert client.get(f"/c/{secrets.token_hex(12)}").status_code == 404


@pytest.mark.parametrize(
    ("question", "day", "words"),
    [("长" * 2001, "", "最多 2000 个字"), ("问", "昨天", "日期请写成")],
    ids=["too-long", "no-date"],
)
def test_bad_questions_are_refused_in_one_sentence(
    client: httpx.Client, site: Site, question: str, day: str, words: str
) -> None:
    before = len(site.stage.asked)
    reply = Chat(client).send("ask.submit", [question, "", "", day, ""])
    assert words in reply.error
    assert "Traceback" not in reply.text
    assert len(site.stage.asked) == before


def test_an_empty_question_changes_nothing(client: httpx.Client, site: Site) -> None:
    before = len(site.stage.asked)
    reply = Chat(client).ask("   ")
    assert not reply.error
    assert not reply.bridge.get("c")
    assert len(site.stage.asked) == before


def test_a_question_of_2000_characters_is_answered(client: httpx.Client) -> None:
    assert Chat(client).ask("青禾市机关休假" + "长" * 1993).bridge["answering"]


def test_oversized_bodies_are_cut_off(client: httpx.Client) -> None:
    assert Chat(client).ask("长" * 70_000).status == 413

    def endless() -> object:
        for _ in range(40):
            yield b" " * 4096

    try:
        reply = client.post(
            "/gradio_api/queue/join",
            content=endless(),  # type: ignore[arg-type]
            headers={"Content-Type": "application/json"},
        )
        assert reply.status_code >= 400
    except httpx.TransportError:
        pass  # the connection was closed on us, which is as good


@pytest.mark.parametrize(
    "path", ["/static/x/../web.py", "/static/x/..%2f__init__.py", "/static/x/%2fetc/passwd", "/static/x/style.css/x"]
)
def test_only_static_files_are_served(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/document/abc", "/document/999999", "/c/x"])
def test_unknown_pages_say_so_in_chinese(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code in (400, 404)
    assert "回到首页" in reply.text


@pytest.mark.parametrize("at", ["5-2", "0-99999999", "x", "-1-3", "1-", "9" * 40 + "-3", "<b>"])
def test_a_place_that_cannot_be_is_ignored(client: httpx.Client, site: Site, at: str) -> None:
    reply = client.get(f"/document/{site.document('来访').id}", params={"at": at})
    assert reply.status_code == 200
    assert "<mark" not in reply.text
