"""范围: a question limited to a topic, a text or a day, shown with it and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browsing import BOX, DESKTOP, PHONE, ask, reload, started, told
from chat_events import Chat
from conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Any]) -> Any:
    return open_page(request.param)


LEAVE = "青禾市机关休假管理规定"


def choose(page: Any, *, document: str = "", day: str = "") -> None:
    """Open the panel and fill a field of it."""
    started(page)
    if not page.locator("#scope .row").is_visible():
        page.click("#scope > button")
        page.locator("#scope .row").wait_for()
    if document:
        field = page.locator("#scope input[role=combobox]").nth(1)
        field.fill(document)
        field.press("Enter")
        field.blur()
        page.locator("#chosen button", has_text=document).wait_for()
    if day:
        page.fill("#day input", day)
        page.locator("#chosen button", has_text=day).wait_for()


def test_a_scope_is_shown_with_the_question_and_kept(page: Any, site: Site, reader: str) -> None:
    choose(page, document=LEAVE, day="2019-01-01")
    turn = ask(page, "第三条")
    assert not page.locator("#scope .row").is_visible(), "the panel closes when a question is sent"
    assert "年休假五天" in turn.locator(".body").inner_text()
    shown = page.locator(".asked-in").inner_text()
    assert f"《{LEAVE}》" in shown
    assert "按 2019-01-01 的时效" in shown
    gap = page.locator(".asked-in").bounding_box()
    assert gap["height"] < 60, "the question leaves no gap"
    kept = site.conversations.turn(reader, turn.get_attribute("data-turn") or "")
    assert (kept.within.title, str(kept.as_of)) == (LEAVE, "2019-01-01")
    reload(page)
    assert page.locator(".asked-in").inner_text() == shown
    page.locator("#chosen button").nth(1).wait_for()
    assert page.locator("#chosen button").count() == 2
    page.locator("#chosen button", has_text="时效日").click()
    page.locator("#chosen button", has_text="时效日").wait_for(state="detached")
    turn = ask(page, "第三条")
    assert "年休假八天" in turn.locator(".body").inner_text()


def test_an_old_question_is_changed_and_asked_in_its_own_scope(page: Any) -> None:
    choose(page, document=LEAVE)
    first = ask(page, "第三条")
    page.locator("#chosen button").click()
    page.locator("#chosen button").wait_for(state="detached")
    first.locator("button[data-do=edit]").click()
    page.locator("#chosen button", has_text=LEAVE).wait_for()
    assert page.input_value(BOX) == "第三条"


def test_what_is_outside_of_the_scope_can_be_asked_without_it(page: Any) -> None:
    choose(page, document=LEAVE)
    turn = ask(page, "青禾市机关来访接待规则第三条")
    assert "不在选定的范围内" in turn.inner_text()
    turn.locator("button", has_text="不限范围再问").click()
    again = page.locator("article.turn[data-state=done]").nth(1)
    again.wait_for()
    assert "来访登记簿" in again.inner_text()
    assert page.locator(".asked-in").count() == 1


def test_a_document_is_asked_about_from_its_page(page: Any, site: Site) -> None:
    page.goto(f"{site.url}/document/{site.document('休假', '2023').id}")
    page.click("text=问这份文件")
    started(page)
    page.locator("#chosen button", has_text=LEAVE).wait_for()
    turn = ask(page, "第三条")
    assert "年休假八天" in turn.locator(".body").inner_text()
    assert f"《{LEAVE}》" in page.locator(".asked-in").inner_text()
    page.click("#new") if page.locator("#new").is_visible() else page.goto(site.url)
    page.locator("#welcome").wait_for()
    page.locator("#chosen button").first.wait_for(state="detached")


def test_everything_chosen_is_taken_off_with_one_button(page: Any) -> None:
    choose(page, document=LEAVE, day="2019-01-01")
    page.click("#everywhere")
    page.locator("#chosen button").first.wait_for(state="detached")


def test_a_document_that_is_not_there_is_refused_in_one_sentence(page: Any, client: httpx.Client) -> None:
    choose(page, document="没有这份文件")
    page.fill(BOX, "第三条")
    page.press(BOX, "Enter")
    told(page, "库中没有《没有这份文件》")
    assert page.input_value(BOX) == "第三条"
    reply = Chat(client).send("ask.submit", ["问", "没有的专题", "", "", ""])
    assert "没有“没有的专题”" in reply.error


def test_the_panel_works_from_the_keyboard(page: Any) -> None:
    started(page)
    page.focus("#scope > button")
    page.keyboard.press("Enter")
    page.locator("#scope .row").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#scope .row') !== null")
