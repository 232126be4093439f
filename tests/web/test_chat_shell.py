"""The shell around Gradio: what of it is open, whose its streams are, its words, and that nothing of a text runs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browsing import BOX, DESKTOP, PHONE, ask, started, window
from chat_events import SCOPE, Chat
from conftest import Site
from samples import answer_of

from assistant.conversations.turns import TurnState
from assistant.web.chat.look.stylesheet import heavier
from assistant.web.chat.shell.assets import FOLDER
from assistant.web.chat.shell.first_page import first_page
from assistant.web.chat.shell.sessions import Sessions
from assistant.web.pages import STATIC

QUESTION = "秘密的问题"
SECRET = "应当在来访登记簿上记明"
CLOSED = (
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/openapi.json"),
    ("POST", "/gradio_api/call/ask"),
    ("POST", "/gradio_api/call/v2/ask"),
    ("POST", "/gradio_api/api/ask"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/upload_progress?upload_id=x"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/gradio_api/proxy=http://127.0.0.1"),
    ("GET", "/gradio_api/deep_link?session_hash=x"),
    ("GET", "/?deep_link=abc"),
    ("POST", "/gradio_api/component_server"),
    ("GET", "/gradio_api/custom_component/1/client/component/x.js"),
    ("GET", "/gradio_api/queue/status"),
    ("POST", "/gradio_api/run/ask"),
    ("GET", "/gradio_api/runs"),
    ("POST", "/gradio_api/process_recording"),
    ("POST", "/gradio_api/vibe-edit"),
    ("GET", "/monitoring"),
    ("GET", "/monitoring/summary"),
    ("GET", "/manifest.json"),
    ("GET", "/pwa_icon"),
    ("GET", "/robots.txt"),
    ("GET", "/favicon.ico"),
    ("GET", "/login_check"),
    ("GET", "/user"),
    ("GET", "/token"),
    ("GET", "/app_id"),
    ("GET", "/svelte/x.js"),
    ("GET", "/dev/reload"),
    ("GET", "/static/fonts/x.woff2"),
    ("GET", "/nothing"),
)


@pytest.fixture
def kept(site: Site, reader: str) -> dict[str, str]:
    """A conversation and a turn of `reader`."""
    turn = site.conversations.ask(reader, QUESTION)
    site.conversations.close_turn(turn.id, TurnState.DONE, answer=answer_of(site, "来访接待", [SECRET]))
    return {"conversation": turn.conversation_id, "turn": turn.id}


def test_what_our_page_does_not_need_of_gradio_is_not_there(client: httpx.Client) -> None:
    replies = {one: client.request(*one, json={} if one[0] == "POST" else None) for one in CLOSED}
    assert [one for one, reply in replies.items() if reply.status_code != 404 or "gradio" in reply.text.lower()] == []


def attempts(chat: Chat, conversation: str, turn: str) -> list[tuple[str | dict[str, Any], list[Any], object, str]]:
    """Every event that takes an id, with the id where the event, its data or the address of the page carries it."""
    bridge = {"c": conversation, "turn": turn, "answering": True, "seen": ""}
    direct: list[tuple[str | dict[str, Any], list[Any], object, str]] = [
        ("page.load", [], None, conversation),
        ("ask.submit", ["插话", *SCOPE], None, conversation),
        ("bridge.ask", [*SCOPE], {"turn": turn, "what": "repeat"}, ""),
        ("chat.option_select", [*SCOPE], {"value": "插话"}, conversation),
        ("bridge.again", [""], {"turn": turn}, conversation),
        ("bridge.edit", [], {"turn": turn}, ""),
        ("bridge.open", [""], {"id": conversation}, ""),
        ("bridge.look", [bridge, ""], None, conversation),
        ("bridge.source", [], {"turn": turn, "marker": "1"}, ""),
        ("bridge.vote", [], {"turn": turn, "opinion": "up"}, ""),
        ("bridge.report", [], {"turn": turn}, ""),
        ("bridge.arrange", [""], {"id": conversation, "what": "rename", "title": "改"}, ""),
        ("bridge.arrange", [""], {"id": conversation, "what": "pin"}, ""),
        ("bridge.remove", [""], {"id": conversation, "what": "delete"}, ""),
        ("bridge.remove", [""], {"id": conversation, "what": "restore"}, ""),
        ("find.change", [QUESTION], None, conversation),
        ("ask.stop", [bridge], None, conversation),
    ]
    return direct + [(one, [bridge], None, conversation) for one in (chat.after[0], chat.after[-1])]


def test_every_event_serves_its_owner_and_nobody_else(
    site: Site, client: httpx.Client, reader: str, kept: dict[str, str]
) -> None:
    stranger = Chat(client, {"X-Reader": "someone-else"})
    for event, data, carried, shown in attempts(stranger, kept["conversation"], kept["turn"]):
        reply = stranger.send(event, data, carried, shown)
        assert QUESTION not in reply.text.replace(f'"{QUESTION}"', ""), (event, reply.text)
        assert SECRET not in reply.text, (event, reply.text)
    owned = site.conversations.get(reader, kept["conversation"])
    assert (owned.title, owned.pinned) == (QUESTION, False)
    assert len(site.conversations.turns(reader, kept["conversation"])) == 1
    owner = Chat(client, {"X-Reader": reader})
    assert SECRET in owner.send("page.load", [], None, kept["conversation"]).text
    assert SECRET in owner.send("bridge.source", [], {"turn": kept["turn"], "marker": "1"}).text


def test_a_thousand_guesses_at_every_event_give_nothing(
    site: Site, client: httpx.Client, reader: str, kept: dict[str, str]
) -> None:
    stranger = Chat(client, {"X-Reader": "someone-else"})
    before = len(site.conversations.listing("someone-else"))
    tries = 0
    while tries < 1000:
        for event, data, carried, shown in attempts(stranger, secrets.token_hex(12), secrets.token_hex(12)):
            if event in ("chat.option_select", "find.change"):
                continue
            reply = stranger.send(event, data, carried, shown)
            assert SECRET not in reply.text
            tries += 1
    assert len(site.conversations.listing("someone-else")) == before, "no question was asked by guessing"


def test_a_stream_belongs_to_who_opened_it(client: httpx.Client, reader: str, kept: dict[str, str]) -> None:
    owner, stranger = Chat(client, {"X-Reader": reader}), Chat(client, {"X-Reader": "someone-else"})
    owner.send("page.load", [], None, kept["conversation"])
    assert stranger.listen(owner.session).status == 403
    assert stranger.send("page.load", [], None, "", owner.session).status == 403
    headers = {"X-Reader": "someone-else"}
    for path, body in (
        ("run/predict", {"data": [], "fn_index": 0, "session_hash": owner.session}),
        ("cancel", {"session_hash": owner.session, "fn_index": 0, "event_id": "x"}),
        ("reset", {"session_hash": owner.session, "event_id": "x"}),
    ):
        assert client.post(f"/gradio_api/{path}", json=body, headers=headers).status_code == 403, path
    assert client.get(f"/gradio_api/heartbeat/{owner.session}", headers=headers).status_code == 403


def test_sessions_unused_for_long_are_forgotten_first() -> None:
    sessions = Sessions(most=2)
    assert sessions.admits("a", "甲")
    assert sessions.admits("b", "甲")
    assert sessions.admits("a", "甲")
    assert sessions.admits("c", "乙")
    assert not sessions.admits("a", "乙")
    assert sessions.admits("b", "乙"), "b was forgotten"


def test_the_page_has_a_strict_policy_and_no_foreign_address(client: httpx.Client, site: Site) -> None:
    reply = client.get("/", headers={"Accept-Encoding": "identity"})
    policy = reply.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'nonce-" in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert "frame-ancestors 'none'" in policy
    assert all(f'nonce="{nonce[1]}"' in tag for tag in re.findall(r"<script[^>]*>", reply.text))
    assert nonce[1] not in client.get("/").text
    markup = re.sub(r"<script.*?</script>", "", reply.text, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href|content)="https?://[^"]*', markup)
    assert reply.headers["cache-control"] == "no-store"


def test_the_first_view_is_in_the_page_itself(client: httpx.Client, reader: str, kept: dict[str, str]) -> None:
    assert "今天想弄清哪个问题" in client.get("/").text
    page = client.get(f"/?c={kept['conversation']}", headers={"X-Reader": reader}).text
    assert QUESTION in page
    assert SECRET in page


def test_files_that_never_change_are_kept_and_pages_are_compressed(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.headers["content-encoding"] == "gzip"
    script = re.search(r'src="\./(assets/[^"]+\.js)"', page.text)
    assert script
    for encoding in ("gzip", "br", "identity"):
        kept = client.get(f"/{script[1]}", headers={"Accept-Encoding": encoding})
        assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert kept.headers.get("content-encoding", "identity") == encoding
        assert kept.text == (FOLDER / script[1].removeprefix("assets/")).read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("shown", [False, True], ids=["empty", "conversation"])
def test_a_page_asks_at_once_for_all_it_needs_of_gradio_and_for_nothing_else(
    open_page: Callable[..., Any], client: httpx.Client, reader: str, kept: dict[str, str], shown: bool
) -> None:
    path = f"/?c={kept['conversation']}" if shown else "/"
    links = re.findall(r'<[^>]*[./]+assets/[^"]+"[^>]*>', client.get(path, headers={"X-Reader": reader}).text)
    named = {re.sub(r'.*/(assets/[^"]+)".*', r"\1", link, flags=re.DOTALL) for link in links if "disabled" not in link}
    page = open_page(path=path)
    started(page)
    if shown:
        page.locator("article.turn").wait_for()
    entries = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert named == {f"assets/{url.partition('/assets/')[2]}" for url in entries if "/assets/" in url}


def test_what_gradio_adds_for_others_is_taken_out() -> None:
    page = (
        '<html lang="en"><head><base href="./" /><meta property="og:url" content="https://example.com" />'
        '<link rel="preconnect" href="https://fonts.example.com" /></head><body class="x"><script>1</script></body></html>'
    )
    made, policy = first_page(page, "<title>学思</title>", "<header></header>", "<link>")
    assert "example.com" not in made
    assert '<html lang="zh-CN">' in made
    assert '<title>学思</title></head><body class="x"><header></header><script nonce="' in made
    assert "</script><link></body>" in made
    assert "nonce-" in policy


def test_rules_weigh_more_inside_the_page_and_those_of_the_page_stay() -> None:
    css = ":root { --a: 1 } /* why */ .a, .b:is(.c, .d) { x: y } @media (x) { .e { z: 1 } } @keyframes k { from { a: 0 } }"
    made = " ".join(heavier(css).split())
    assert made.startswith(":root { --a: 1 }")
    assert ":root:root body .a, :root:root body .b:is(.c, .d) { x: y }" in made
    assert "@media (x) { :root:root body .e { z: 1 } }" in made
    assert "@keyframes k { from { a: 0 } }" in made


def test_the_script_of_the_chat_stays_small() -> None:
    lines = [line.strip() for line in (STATIC / "chat.js").read_text(encoding="utf-8").splitlines()]
    assert len([line for line in lines if line and not line.startswith("//")]) <= 150
    assert max(map(len, lines)) <= 170


ENGLISH = re.compile(r"[A-Za-z]{3,}")
OURS = {"Enter", "Shift", "Markdown", "Word"}  # keys, and what kinds of file are called


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_english_word_of_gradio_is_shown_or_read_out(
    browser: Any, site: Site, reader: str, size: dict[str, int], language: str
) -> None:
    context = window(browser, viewport=size, locale=language, extra_http_headers={"X-Reader": reader})
    page = context.new_page()
    page.goto(site.url)
    started(page)
    words = words_on(page)
    gate = site.stage.script("还在回答的问题", answer_of(site, "来访接待", [SECRET]))
    page.fill(BOX, "还在回答的问题")
    page.press(BOX, "Enter")
    gate.open(4)
    page.locator(".body", has_text=SECRET).wait_for()
    words |= words_on(page)
    gate.open()
    ask(page, "青禾市机关休假管理规定第五条")
    page.click("#scope > button")
    page.locator("a.cite").first.click()
    page.wait_for_selector("#original mark")
    words |= words_on(page)
    turn = page.locator("article.turn").last.get_attribute("data-turn")
    page.goto(f"{site.url}/turn/{turn}/share")
    words |= words_on(page)
    page.click("text=分享给本单位的人")
    shared = page.locator(".share-address input").input_value()
    words |= words_on(page)
    document = f"/document/{site.document('休假', '2023').id}"
    kept = (document, "/library", "/library?q=年休假", "/library?q=没有这样的字", "/notes", "/study")
    for path in (shared, *kept, f"/c/{site.conversations.turn(reader, turn).conversation_id}/export"):
        page.goto(path if path.startswith("http") else site.url + path)
        words |= words_on(page)
    context.close()
    assert words <= OURS


def words_on(page: Any) -> set[str]:
    """English words that are shown on the page or read out."""
    shown = page.evaluate("document.body.innerText")
    read_out = page.evaluate(
        """[...document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")].flatMap(
            one => ["aria-label", "title", "placeholder", "alt"].map(name => one.getAttribute(name) || ""))"""
    )
    return {word for text in (shown, *read_out) for word in ENGLISH.findall(text)}


HOSTILE = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "[点](javascript:window.pwned=1)",
    "<a href='javascript:window.pwned=1'>点</a>",
    "${window.pwned=1}",
    "{{window.pwned=1}}",
    "{{#each value}}${window.pwned=1}{{/each}}",
    "`${window.pwned=1}`",
    "</script><script>window.pwned=1</script>",
    '"><img src=x onerror=window.pwned=1>',
    "<details open ontoggle=window.pwned=1>",
    "<style>*{display:none}</style>",
    "<base href='https://evil.example/'>",
    "<math><mtext></p><style><img src onerror=window.pwned=1>",
    "$$\\href{javascript:window.pwned=1}{x}$$",
)


@pytest.mark.browser
def test_nothing_runs_of_what_is_asked_answered_or_named(
    open_page: Callable[..., Any], site: Site, reader: str
) -> None:
    whole = " ".join(HOSTILE)
    for text in (*HOSTILE, whole):
        turn = site.conversations.ask(reader, text)
        answer = answer_of(site, "网页内容", ["第二条"])
        site.conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
        site.conversations.rename(reader, turn.conversation_id, text[:80])
    page = open_page(path=f"/?c={turn.conversation_id}")
    started(page)
    page.locator("article.turn").wait_for()
    assert page.locator(".asked-words").inner_text() == whole
    page.fill("#find input, #find textarea", "pwned")
    page.locator(".conversation small").first.wait_for()
    page.locator("button[data-do=edit]").click()
    page.wait_for_function("document.querySelector('#ask textarea').value.includes('pwned')")
    page.press(BOX, "Enter")
    page.locator("article.turn").nth(1).wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned") is None
    assert page.locator("iframe, svg[onload], #chat img, #conversations img, a[href^=javascript]").count() == 0
