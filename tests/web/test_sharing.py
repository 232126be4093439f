"""One answer is shown to others, printed and taken back, and nothing else of its conversation is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, PHONE, ask
from conftest import Site
from samples import answer_of

from assistant.conversations.turns import TurnState

QUOTE = "应当在来访登记簿上记明"
OTHER = {"X-Reader": "someone-else"}


@pytest.fixture
def turn(site: Site, reader: str) -> str:
    first = site.conversations.ask(reader, "先前的问题")
    site.conversations.close_turn(first.id, TurnState.DONE, answer=answer_of(site, "来访接待", ["热情周到"]))
    asked = site.conversations.ask(reader, "怎么登记？", first.conversation_id)
    site.conversations.close_turn(asked.id, TurnState.DONE, answer=answer_of(site, "来访接待", [QUOTE]))
    return asked.id


def share(client: httpx.Client, reader: str, turn: str, do: str = "share") -> httpx.Response:
    where = f"/turn/{turn}/share"
    return client.post(where, data={"do": do}, headers={"X-Reader": reader}, follow_redirects=True)


def address_in(page: str) -> str:
    return "/shared/" + page.split("/shared/", 1)[1].split('"', 1)[0]


def test_an_answer_is_seen_by_others_until_it_is_taken_back(
    site: Site, client: httpx.Client, reader: str, turn: str
) -> None:
    address = address_in(share(client, reader, turn).text)
    assert address == address_in(share(client, reader, turn).text), "it is shared once"
    page = client.get(address, headers=OTHER)
    assert page.status_code == 200
    assert QUOTE in page.text
    assert "怎么登记？" in page.text
    assert "学思 · 原文摘录" in page.text, "it says how it was made"
    kept = site.conversations.turn(reader, turn)
    for secret in ("先前的问题", "热情周到", turn, kept.conversation_id, reader):
        assert secret not in page.text, secret
    assert share(client, reader, turn, "take-back").status_code == 200
    assert client.get(address, headers=OTHER).status_code == 404


def test_nobody_shares_or_takes_back_what_another_asked(client: httpx.Client, reader: str, turn: str) -> None:
    for do in ("share", "take-back"):
        assert share(client, "someone-else", turn, do).status_code == 404
    assert client.get(f"/turn/{turn}/share", headers=OTHER).status_code == 404
    address = address_in(share(client, reader, turn).text)
    share(client, "someone-else", turn, "take-back")
    assert client.get(address, headers=OTHER).status_code == 200


def test_what_is_deleted_withdrawn_or_quotes_nothing_is_not_seen(
    site: Site, client: httpx.Client, reader: str, turn: str
) -> None:
    address = address_in(share(client, reader, turn).text)
    cited = site.document("来访接待")
    site.knowledge_base.withdraw(cited.id)
    assert client.get(address, headers=OTHER).status_code == 404, "its reader could open the document no more"
    site.knowledge_base.publish(cited.id)
    assert client.get(address, headers=OTHER).status_code == 200
    site.conversations.delete(reader, site.conversations.turn(reader, turn).conversation_id)
    assert client.get(address, headers=OTHER).status_code == 404
    refused = site.conversations.ask(reader, "还在回答")
    assert "可以分享" in share(client, reader, refused.id).text


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_reader_prints_and_shares_an_answer_from_the_chat(
    open_page: Callable[..., Any], size: dict[str, int]
) -> None:
    page = open_page(size)
    page.add_init_script(
        "window.print = () => { window.printed = true; }; speechSynthesis.speak = (words) => { window.said = words.text; }"
    )
    page.reload()
    turn = ask(page, "青禾市机关来访接待规则第三条")
    assert page.evaluate("window.said") is None, "nothing is read aloud by itself"
    aloud = turn.locator("button", has_text="朗读")
    aloud.click()
    said = page.evaluate("window.said")
    assert "应当在来访登记簿上记明" in said
    assert "[1]" not in said
    assert "出处" not in said
    assert aloud.get_attribute("aria-pressed") == "true"
    aloud.click()
    assert aloud.get_attribute("aria-pressed") == "false"
    turn.locator("a", has_text="分享 / 打印").click()
    page.locator("article.shared").wait_for()
    page.click("[data-do=print]")
    page.wait_for_function("window.printed")
    page.click("text=分享给本单位的人")
    assert "/shared/" in page.locator(".share-address input").input_value()
    page.emulate_media(media="print")
    assert not page.locator(".share-tools").is_visible()
    assert page.locator("article.shared .label").is_visible()
    page.emulate_media(media="screen")
    page.click("text=收回分享")
    page.locator("text=分享给本单位的人").wait_for()
    page.click("text=返回问答")
    page.locator("article.turn[data-state=done]").wait_for()
