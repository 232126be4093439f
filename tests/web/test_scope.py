"""范围: a question limited to a topic, a text or a day, shown with it and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, PHONE, ask
from conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Any]) -> Any:
    return open_page(request.param)


LEAVE = "青禾市机关休假管理规定"


def choose(page: Any, name: str, value: str) -> None:
    """Open the panel and fill one field of it."""
    if page.locator("#scope").is_hidden():
        page.click("#scope-switch")
        page.locator("#scope select").wait_for()
    page.fill(f"#scope [name={name}]", value)


def test_a_scope_is_shown_with_the_question_and_kept(page: Any, site: Site, reader: str) -> None:
    choose(page, "document", LEAVE)
    choose(page, "as_of", "2019-01-01")
    page.click("#scope button[data-scope=close]")
    assert page.evaluate("document.activeElement.id") == "scope-switch"
    turn = ask(page, "第三条")
    assert "年休假五天" in turn.locator(".body").inner_text()
    shown = turn.locator(".within").inner_text()
    assert f"《{LEAVE}》" in shown
    assert "按 2019-01-01 的时效" in shown
    kept = site.conversations.turn(reader, turn.get_attribute("data-turn") or "")
    assert (kept.within.title, str(kept.as_of)) == (LEAVE, "2019-01-01")
    page.reload()
    assert page.locator(".within").inner_text() == shown
    assert page.locator("#scope-chosen button").count() == 2
    page.locator("#scope-chosen button", has_text="时效日").click()
    turn = ask(page, "第三条")
    assert "年休假八天" in turn.locator(".body").inner_text()


def test_an_old_question_is_changed_and_asked_in_its_own_scope(page: Any) -> None:
    choose(page, "document", LEAVE)
    first = ask(page, "第三条")
    page.locator("#scope-chosen button").click()
    assert page.locator("#scope-chosen").is_hidden()
    first.locator("button[data-do=edit]").click()
    assert LEAVE in page.locator("#scope-chosen").inner_text()
    assert page.input_value("#question") == "第三条"


def test_what_is_outside_of_the_scope_can_be_asked_without_it(page: Any) -> None:
    choose(page, "document", LEAVE)
    turn = ask(page, "青禾市机关来访接待规则第三条")
    assert "不在选定的范围内" in turn.inner_text()
    turn.locator("button", has_text="不限范围再问").click()
    again = page.locator("article.turn[data-state=done]").nth(1)
    again.wait_for()
    assert "来访登记簿" in again.inner_text()
    assert again.locator(".within").count() == 0


def test_a_document_that_is_not_there_is_refused_in_one_sentence(page: Any, client: httpx.Client) -> None:
    choose(page, "document", "没有这份文件")
    page.fill("#question", "第三条")
    page.press("#question", "Enter")
    page.locator("#toast", has_text="库中没有《没有这份文件》").wait_for()
    assert page.input_value("#question") == "第三条"
    page.wait_for_function("!document.getElementById('send').disabled")
    reply = client.post("/api/ask", json={"question": "问", "topic": "没有的专题"})
    assert (reply.status_code, "没有“没有的专题”" in reply.json()["message"]) == (400, True)


def test_the_panel_works_from_the_keyboard(page: Any) -> None:
    page.focus("#scope-switch")
    page.keyboard.press("Enter")
    page.locator("#scope select").wait_for()
    assert page.evaluate("document.activeElement.name") == "topic"
    page.keyboard.press("Escape")
    assert page.locator("#scope").is_hidden()
    assert page.evaluate("document.activeElement.id") == "scope-switch"
