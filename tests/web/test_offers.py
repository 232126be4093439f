"""The questions offered beneath an answer: checked before they are shown, and answered when they are clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, ask, reload
from conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Any]) -> Any:
    return open_page(request.param)


def offered(page: Any) -> Any:
    """The buttons beneath the last answer, once they are there."""
    page.locator("#chat .option").first.wait_for()
    return page.locator("#chat .option")


def test_what_is_offered_is_answered_as_it_stands(page: Any, site: Site) -> None:
    ask(page, "青禾市机关来访接待规则第四条")
    buttons = offered(page)
    questions = buttons.all_inner_texts()
    assert 1 <= len(questions) <= 3
    assert "接待人员应当遵守哪些要求？" in questions
    buttons.filter(has_text="遵守哪些要求").click()
    turn = page.locator("article.turn[data-state=done]").nth(1)
    turn.wait_for()
    assert "着装整洁" in turn.locator(".body").inner_text()
    assert site.stage.asked[-1][:2] == ("接待人员应当遵守哪些要求？", ()), "what was offered stands alone"
    page.locator("#chat .option", has_text="遵守哪些要求").wait_for(state="detached")


def test_a_reload_offers_the_same_without_asking_again(page: Any) -> None:
    ask(page, "青禾市机关休假管理规定第三条")
    before = offered(page).all_inner_texts()
    reload(page)
    assert offered(page).all_inner_texts() == before


def test_beneath_a_refusal_stands_what_the_nearest_texts_answer(page: Any) -> None:
    turn = ask(page, "《青禾市机关采购办法》规定来访接待怎么做？")
    assert turn.locator(".badge").inner_text() == "未作回答"
    offered(page).first.click()
    page.locator("article.turn[data-state=done]").nth(1).wait_for()
    assert page.locator("article.turn .badge").nth(1).inner_text() == "原文摘录"
