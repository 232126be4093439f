"""The list of conversations beside the chat: reload, rename, pin, delete with undo, search."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, ask, reload, started, told
from conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Any]) -> Any:
    return open_page(request.param)


def show_list(page: Any) -> None:
    """On a phone the list slides in."""
    if page.locator("#new").is_hidden():
        page.click("#rail .toggle-button")
        page.locator("#new").wait_for()


def menu(page: Any, title: str, action: str) -> None:
    """Choose `action` from the menu of the conversation called `title`."""
    show_list(page)
    item = page.locator(".conversation", has_text=title).first
    item.hover()
    item.locator("summary").click()
    item.locator(f"button[data-do={action}]").click()


def messages(page: Any) -> list[list[str]]:
    """The markup of every message, without the names that Gradio makes up for its elements each time, and with an
    element's classes in order, which are as they came to be."""
    found = page.locator("#chat .message").evaluate_all("all => all.map(one => one.innerHTML)")
    found = [re.sub(r'id="html-\w+"', "", one) for one in found]
    return [
        re.sub(r'(?<=class=")[^"]*', lambda names: " ".join(sorted(names[0].split())), one).split() for one in found
    ]


def test_a_reload_shows_the_conversation_exactly(page: Any) -> None:
    ask(page, "青禾市机关休假管理规定第五条")
    ask(page, "青禾市机关来访接待规则第四条")
    page.locator("#chat .option").first.wait_for()
    before = messages(page)
    reload(page)
    page.locator("#chat .option").first.wait_for()
    assert messages(page) == before


def test_a_conversation_can_be_renamed_pinned_deleted_and_brought_back(page: Any) -> None:
    ask(page, "青禾市机关来访接待规则第二条")
    menu(page, "来访接待规则第二条", "rename")
    page.locator(".conversation input").fill("接待的原则")
    page.keyboard.press("Enter")
    page.locator(".conversation", has_text="接待的原则").wait_for()
    menu(page, "接待的原则", "pin")
    page.locator("#conversations h3", has_text="置顶").wait_for()
    assert page.locator(".conversation").first.inner_text().startswith("接待的原则")
    menu(page, "接待的原则", "unpin")
    page.locator("#conversations h3", has_text="置顶").wait_for(state="detached")
    menu(page, "接待的原则", "delete")
    page.locator(".conversation", has_text="接待的原则").wait_for(state="detached")
    assert "会话已删除" in page.locator("#hello").inner_text()
    told(page, "会话已删除").locator("a").click()
    page.locator("article.turn").wait_for()
    page.locator(".conversation", has_text="接待的原则").wait_for(state="attached")


def test_after_a_conversation_was_deleted_the_next_question_begins_a_new_one(page: Any) -> None:
    ask(page, "青禾市机关来访接待规则第二条")
    old = page.url
    menu(page, "来访接待规则第二条", "delete")
    page.locator("#hello .gone").wait_for()
    if page.viewport_size["width"] < 800:
        page.click("#rail .toggle-button")
    ask(page, "青禾市机关来访接待规则第三条")
    assert page.locator("article.turn").count() == 1
    assert page.url != old


def test_conversations_are_found_by_what_was_said_in_them(page: Any) -> None:
    ask(page, "青禾市机关来访接待规则第三条")
    show_list(page)
    page.fill("#find input, #find textarea", "来访登记簿")
    page.locator(".conversation", has_text="休假").first.wait_for(state="detached")
    assert page.locator(".conversation", has_text="来访接待规则第三条").count()
    menu(page, "来访接待规则第三条", "pin")
    page.locator("#conversations h3", has_text="置顶").wait_for()
    assert page.locator(".conversation").count() == 1, "what was searched for is still all that is shown"
    page.fill("#find input, #find textarea", "没有这样的话")
    page.locator("#conversations .empty").wait_for()


def test_a_new_conversation_begins_empty(page: Any, site: Site) -> None:
    ask(page, "青禾市机关来访接待规则第三条")
    show_list(page)
    page.click("#new")
    page.wait_for_selector("#hello .welcome")
    assert page.url == f"{site.url}/"
    ask(page, "那第四条呢？")
    assert site.stage.asked[-1][1] == ()


def test_size_and_colours_are_remembered(page: Any) -> None:
    started(page)
    if page.locator("#more").is_visible():
        page.click("#more")
    page.click("#size-switch")
    page.click("#theme-switch")
    page.reload()
    chosen = page.evaluate("({...document.documentElement.dataset})")
    assert chosen == {"size": "large", "theme": "dark"}
