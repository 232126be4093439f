"""Programs of others ask over REST, the OpenAI way and MCP: with citations, as their user, and no further than he may."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import openai
import pytest
from browsing import PATIENCE, visitor
from chat_events import Chat
from desk_site import DeskSite, desk_site

from assistant.accounts.api_keys import Scope
from assistant.conversations.next_questions import Offers
from assistant.curation.queues.unanswered import refused_turns
from assistant.errors import AssistantError
from assistant.study.excerpt import excerpt
from assistant.study.question_bank import Content, Finding, Kind, QuestionBank, Status
from assistant.web.api.mcp_server import holder
from assistant.web.api.record import LONGEST, Record
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.retrieval.readers_view import ReadersView

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = "青禾市机关来访接待规则"
OPEN = "青禾市机关休假管理规定"
ABOUT_HIDDEN = f"{HIDDEN}第二条"
DAYS = "连续工作满一年的机关工作人员享受年休假几天"
ALL = tuple(Scope)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    """A running server; one text is kept to a department, of which xy01 is."""
    with desk_site(tmp_path_factory.mktemp("programs") / "data") as opened:
        opened.accounts.membership.set_department("root1", "xy01", "事务中心")
        opened.accounts.membership.set_department("root1", "xy02", "人事处")
        opened.kb.set_card(held(opened, HIDDEN).id, audience="事务中心")
        yield opened


def held(house: DeskSite, title: str, edition: str | None = None) -> Document:
    return next(one for one in house.kb.documents() if one.card.title == title and edition in (None, one.card.edition))


def key(house: DeskSite, name: str, *scopes: Scope) -> str:
    return house.accounts.keys.make(name, "测试", scopes or ALL)[1]


def client(house: DeskSite, secret: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{house.url}/v1", api_key=secret, max_retries=0, timeout=PATIENCE)


def rest(house: DeskSite, secret: str) -> httpx.Client:
    return visitor(house.url, headers={"Authorization": f"Bearer {secret}"})


def test_a_client_of_openai_gets_answers_with_citations(house: DeskSite) -> None:
    with client(house, key(house, "xy02")) as asks:
        assert "xuesi" in {model.id for model in asks.models.list()}
        reply = asks.chat.completions.create(model="xuesi", messages=[{"role": "user", "content": DAYS}])
    (choice,) = reply.choices
    message = choice.message
    assert "年休假八天" in (message.content or "")
    assert "出处：" in (message.content or "")
    assert "原文摘录" in (message.content or "")
    (first, *_) = message.annotations or []
    assert (message.content or "")[first.url_citation.start_index : first.url_citation.end_index] == "[1]"
    assert OPEN in first.url_citation.title
    cited = (message.model_extra or {})["citations"][0]
    document = held(house, OPEN, "2023")
    assert house.kb.text(document.version_id)[cited["start"] : cited["end"]] == cited["quote"]
    with house.enter("xy02") as browser:
        assert browser.get(cited["url"]).status_code == 200


def test_a_stream_says_the_same_and_ends_with_the_citations(house: DeskSite) -> None:
    with client(house, key(house, "xy02")) as asks:
        whole = asks.chat.completions.create(model="xuesi", messages=[{"role": "user", "content": DAYS}])
        chunks = list(
            asks.chat.completions.create(model="xuesi", messages=[{"role": "user", "content": DAYS}], stream=True)
        )
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert said == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    last = chunks[-1].choices[0].delta.model_extra or {}
    assert [one["quote"] for one in last["citations"]] == [
        one["quote"] for one in (whole.choices[0].message.model_extra or {})["citations"]
    ]


def test_a_follow_up_of_a_conversation_is_understood(house: DeskSite) -> None:
    with client(house, key(house, "xy02")) as asks:
        reply = asks.chat.completions.create(
            model="xuesi-extract",
            messages=[
                {"role": "system", "content": "你是助手。"},
                {"role": "user", "content": f"{OPEN}第三条"},
                {"role": "assistant", "content": "年休假八天。"},
                {"role": "user", "content": [{"type": "text", "text": "那第四条呢"}]},
            ],
        )
    assert "分管领导批准" in (reply.choices[0].message.content or "")


def test_what_a_user_may_not_read_no_program_of_his_gets(house: DeskSite) -> None:
    for name, may in (("xy01", True), ("xy02", False)):
        secret = key(house, name)
        with client(house, secret) as asks, rest(house, secret) as calls:
            reply = asks.chat.completions.create(model="xuesi", messages=[{"role": "user", "content": ABOUT_HIDDEN}])
            cited = (reply.choices[0].message.model_extra or {})["citations"]
            assert (HIDDEN in {one["document"]["title"] for one in cited}) is may
            number = held(house, HIDDEN).id
            titles = {one["title"] for one in calls.get("/api/v1/documents").json()}
            assert (HIDDEN in titles) is may
            assert OPEN in titles
            assert calls.get(f"/api/v1/documents/{number}").status_code == (200 if may else 404)
            found = calls.get("/api/v1/search", params={"q": "来访接待由谁安排", "k": 50}).json()["hits"]
            assert (HIDDEN in {hit["document"]["title"] for hit in found}) is may
            asked = calls.post("/api/v1/ask", json={"question": ABOUT_HIDDEN}).json()
            assert (asked["mode"] != "refuse") is may


def test_pages_show_a_reader_no_more_than_programs_do(house: DeskSite) -> None:
    number = held(house, HIDDEN).id
    for name, may in (("xy01", True), ("xy02", False), ("teacher", True)):
        with house.enter(name) as browser:
            assert (HIDDEN in browser.get("/library").text) is may
            assert browser.get(f"/document/{number}").status_code == (200 if may else 404)
            assert browser.get(f"/document/{number}/original").status_code == (200 if may else 404)
            assert (HIDDEN in browser.get("/").text) is may or may


def test_the_chat_answers_a_reader_from_what_he_may_see_and_opens_nothing_else(house: DeskSite) -> None:
    words = "来访接待"
    for name, may in (("xy01", True), ("xy02", False), ("teacher", True)):
        with house.enter(name) as browser:
            chat = Chat(browser)
            bridge = chat.ask(ABOUT_HIDDEN).bridge
            chat.follow(bridge)
            turn = house.conversations.turn(house.accounts.user(name).id, str(bridge["turn"]))
            assert turn.answer is not None
            assert (HIDDEN in {one.document.title for one in turn.answer.citations}) is may
            opened = chat.send("bridge.source", [], {"turn": turn.id, "marker": "1"}).text
            assert (words in opened) is may
            page = chat.send("page.load", [], None, str(bridge["c"])).text
            assert (f'"{HIDDEN}"' in page) is may  # among the texts that a question can be limited to


def test_items_on_a_text_that_is_kept_to_some_are_asked_of_nobody(house: DeskSite) -> None:
    document = held(house, HIDDEN)
    words = house.kb.text(document.version_id).splitlines()[-1]
    start = house.kb.text(document.version_id).index(words)
    source = excerpt(house.kb, document.id, document.version_id, start, start + len(words))
    bank = QuestionBank(house.conversations, house.kb)
    content = Content(Kind.JUDGE, "来访由办公室接待。", (), ("对",), topic="接待", source=source)
    (item_id,) = bank.add("teacher", [content], finding=Finding.CONFIRMED)
    assert item_id is not None
    bank.decide("teacher", [item_id], Status.APPROVED)
    for name in ("xy01", "xy02"):
        with house.enter(name) as browser:
            assert HIDDEN not in browser.get("/study").text
            assert browser.post("/study/tests", data={"mode": "练习"}).status_code != 303


def test_what_is_offered_next_is_made_from_what_the_reader_may_see(house: DeskSite) -> None:
    asked: list[str] = []

    def seen_by(reader: str) -> KnowledgeBase:
        asked.append(reader)
        return ReadersView(house.kb, lambda: house.accounts.membership.groups_of(reader))

    offers = Offers(house.answerer, house.conversations, house.kb, library_of=seen_by)
    turn_id, _ = house.ask("xy02", DAYS)
    user = house.accounts.user("xy02").id
    future = offers.begin(user, house.conversations.turn(user, turn_id))
    assert future is not None
    assert not [question for question in future.result(timeout=60) if "接待" in question]
    assert asked == [user]
    offers.close()


def test_what_a_program_asked_is_kept_for_its_user_and_for_the_trainers(house: DeskSite) -> None:
    user, question = house.accounts.user("xy02").id, "加班补贴一天多少钱"
    with rest(house, key(house, "xy02")) as calls:
        for asked in (question, DAYS):
            assert calls.post("/api/v1/ask", json={"question": asked}).status_code == 200
    (kept,) = [one for one in house.conversations.listing(user) if one.title.startswith("程序提问")]
    turns = house.conversations.turns(user, kept.id)
    assert [turn.question for turn in turns][-2:] == [question, DAYS]
    assert turns[-1].answer is not None
    assert question in {one.question for one in refused_turns(house.kb.database)}
    house.conversations.delete(user, kept.id)
    with rest(house, key(house, "xy02")) as calls:
        assert calls.post("/api/v1/ask", json={"question": DAYS}).status_code == 200
    assert kept.id not in {one.id for one in house.conversations.listing(user)}


def test_a_long_record_goes_on_in_another_conversation(house: DeskSite) -> None:
    record, user = Record(house.conversations, lambda: date(2026, 1, 2)), house.accounts.user("teacher").id
    answer = house.answerer.now.answer(DAYS)
    for _ in range(LONGEST + 1):
        record.keep(user, DAYS, answer)
    lengths = sorted(len(house.conversations.turns(user, one.id)) for one in house.conversations.listing(user))
    assert lengths[-2:] == [1, LONGEST]


def test_rest_reads_articles_and_compares_editions(house: DeskSite) -> None:
    old, new = (held(house, OPEN, edition).id for edition in ("2018", "2023"))
    with rest(house, key(house, "xy02")) as calls:
        article = calls.get(f"/api/v1/documents/{new}", params={"address": "第三条"}).json()
        assert article["address"] == "第二章/第三条"
        assert "年休假八天" in article["text"]
        assert calls.get(f"/api/v1/documents/{new}", params={"address": "第九十九条"}).status_code == 404
        compared = calls.get(f"/api/v1/documents/{new}/compare/{old}").json()
        assert (compared["old"]["edition"], compared["new"]["edition"]) == ("2018", "2023")
        changed = [one for one in compared["changes"] if one["change"] == "修改"]
        assert any("五天" in one["old"]["text"] and "八天" in one["new"]["text"] for one in changed)
        assert calls.get(f"/api/v1/documents/{new}/compare/{held(house, HIDDEN).id}").status_code == 404


def test_a_key_does_what_it_is_for_and_nothing_after_it_was_revoked(house: DeskSite) -> None:
    secret = key(house, "xy02", Scope.SEARCH)
    with rest(house, secret) as calls, client(house, secret) as asks:
        assert calls.get("/api/v1/search", params={"q": "年休假"}).status_code == 200
        refused = calls.get("/api/v1/documents")
        assert (refused.status_code, "读文件" in refused.json()["message"]) == (403, True)
        with pytest.raises(openai.PermissionDeniedError, match="不能用来提问"):
            asks.chat.completions.create(model="xuesi", messages=[{"role": "user", "content": DAYS}])
        user = house.accounts.user("xy02")
        house.accounts.keys.revoke(house.accounts.keys.of(user.id)[0].id, actor="xy02")
        assert calls.get("/api/v1/search", params={"q": "年休假"}).status_code == 401
        with pytest.raises(openai.AuthenticationError, match="已停用"):
            asks.models.list()


def test_who_asks_too_often_is_told_when_to_come_back_and_others_are_not_held_up(house: DeskSite) -> None:
    secret, other = key(house, "xy02"), key(house, "xy02")
    made = house.accounts.keys.used(secret)
    assert made is not None
    with house.enter("teacher") as browser:
        assert browser.post(f"/admin/keys/{made.id}/limit", data={"per_minute": "3"}).status_code == 403
    with house.enter("root1") as browser:
        assert browser.post(f"/admin/keys/{made.id}/limit", data={"per_minute": "0"}).status_code == 400
        assert browser.post(f"/admin/keys/{made.id}/limit", data={"per_minute": "3"}).status_code == 303
        page = browser.get("/admin/keys").text
        assert f"/admin/keys/{made.id}/limit" in page
        assert 'value="3"' in page
    with rest(house, secret) as calls, client(house, secret) as asks:
        assert [calls.get("/api/v1/documents").status_code for _ in range(3)] == [200, 200, 200]
        late = calls.get("/api/v1/documents")
        assert (late.status_code, 1 <= int(late.headers["retry-after"]) <= 20) == (429, True)
        assert late.json()["message"].startswith("这个密钥每分钟最多用 3 次，请 ")
        with pytest.raises(openai.RateLimitError, match="每分钟最多用 3 次") as refused:
            asks.chat.completions.create(model="xuesi", messages=[{"role": "user", "content": DAYS}])
        assert int(refused.value.response.headers["retry-after"]) >= 1
    with rest(house, other) as calls:
        assert calls.get("/api/v1/documents").status_code == 200
    with pytest.raises(AssistantError, match="每分钟最多用 3 次"):
        holder(house.accounts, secret)(Scope.ASK)


def test_a_key_opens_no_page_and_no_desk(house: DeskSite) -> None:
    with rest(house, key(house, "root1")) as calls:
        assert calls.get("/admin/users").status_code == 303
        assert calls.get("/library").status_code == 303


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"model": "gpt-9", "messages": [{"role": "user", "content": "好"}]}, "没有名为“gpt-9”的模型"),
        ({"model": "xuesi", "messages": []}, "没有用户的话"),
        ({"model": "xuesi", "messages": "好"}, "messages"),
        ({"model": "xuesi", "messages": [{"role": "user", "content": ""}], "stream": True}, "问题"),
    ],
)
def test_a_wrong_request_is_refused_in_one_sentence(house: DeskSite, body: dict[str, object], words: str) -> None:
    with rest(house, key(house, "xy02")) as calls:
        reply = calls.post("/v1/chat/completions", json=body)
        assert reply.status_code == 400
        assert words in reply.json()["error"]["message"]
    with rest(house, key(house, "xy02")) as calls:
        assert "mode" in calls.post("/api/v1/ask", json={"question": "好", "mode": "x"}).json()["message"]


def test_the_page_about_it_names_everything_and_asks_no_other_host(house: DeskSite) -> None:
    with house.enter("xy02") as browser:
        described = browser.get("/api/v1/openapi.json").json()
        page = browser.get("/docs")
    assert set(described["paths"]) == {
        "/api/v1/ask",
        "/api/v1/search",
        "/api/v1/documents",
        "/api/v1/documents/{document_id}",
        "/api/v1/documents/{document_id}/compare/{other_id}",
    }
    for path in described["paths"]:
        assert path in page.text
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_user_makes_and_ends_his_keys_on_a_page(house: DeskSite) -> None:
    with house.enter("xy01") as browser:
        page = browser.post("/keys", data={"name": "办公助手", "scope": ["ask"], "days": "10"})
        secret = re.search(r"<code>(xuesi-[\w-]+)</code>", page.text)
        assert secret
        with rest(house, secret[1]) as calls:
            assert calls.post("/api/v1/ask", json={"question": DAYS}).status_code == 200
            number = re.search(r"/keys/(\w+)/revoke", browser.get("/keys").text)
            assert number
            with house.enter("xy02") as other:
                assert other.post(f"/keys/{number[1]}/revoke").status_code == 404
            browser.post(f"/keys/{number[1]}/revoke")
            assert calls.post("/api/v1/ask", json={"question": DAYS}).status_code == 401
        assert secret[1] not in browser.get("/keys").text
        assert browser.post("/keys", data={"name": "", "days": "10"}).status_code == 400


def test_a_program_that_speaks_mcp_asks_searches_reads_and_compares_as_its_user(house: DeskSite) -> None:
    from mcp import Client
    from mcp.client.stdio import StdioServerParameters

    secret = key(house, "xy02")
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "app", "mcp", "--data", str(house.data)],
        cwd=str(ROOT),
        env={**os.environ, "XUESI_API_KEY": secret},
    )

    async def talk() -> None:
        async with Client(command, read_timeout_seconds=5 * PATIENCE) as program:
            tools = {tool.name for tool in (await program.list_tools()).tools}
            assert tools == {"ask", "search", "read_article", "compare_editions"}

            async def call(tool: str, **arguments: object) -> tuple[bool, dict[str, object], str]:
                done = await program.call_tool(tool, arguments)
                words = "".join(getattr(part, "text", "") for part in done.content)
                return bool(done.is_error), done.structured_content or {}, words

            failed, answer, _ = await call("ask", question=DAYS)
            assert not failed
            assert "年休假八天" in str(answer["text"])
            assert answer["citations"]
            _, refused, _ = await call("ask", question=ABOUT_HIDDEN)
            assert refused["mode"] == "refuse"
            assert HIDDEN not in str(refused["citations"])
            _, found, _ = await call("search", query="来访接待由谁安排")
            assert HIDDEN not in str(found)
            _, article, _ = await call("read_article", title=OPEN, address="第三条")
            assert "年休假八天" in str(article["text"])
            failed, _, words = await call("read_article", title=HIDDEN)
            assert failed
            assert "库中没有" in words
            _, compared, _ = await call("compare_editions", title=OPEN, old="2018")
            assert "五天" in str(compared["changes"])
            user = house.accounts.user("xy02")
            house.accounts.keys.revoke(house.accounts.keys.of(user.id)[0].id, actor="xy02")
            failed, _, words = await call("ask", question=DAYS)
            assert failed
            assert "已停用" in words

    asyncio.run(talk())
