"""有用 and 没用 under an answer, 告诉教员 under a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, PHONE, ask, reload, told
from chat_events import Chat
from conftest import Site

from assistant.conversations.feedback import Feedback, Opinion, Reason, ReportState

pytestmark = pytest.mark.browser


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Any]) -> Any:
    return open_page(request.param)


ARTICLE = "青禾市机关休假管理规定第三条"
MISSING = "《青禾市机关采购办法》规定来访接待怎么做？"


@pytest.fixture
def feedback(site: Site) -> Feedback:
    return Feedback(site.conversations)


def test_a_reader_says_what_is_wrong_with_an_answer(page: Any, feedback: Feedback) -> None:
    turn = ask(page, ARTICLE)
    turn.locator("button", has_text="没用").click()
    turn.locator("form.why").wait_for()
    page.wait_for_function("document.activeElement.type === 'radio'")
    assert turn.locator("form.why button").first.is_visible()
    below = turn.locator("form.why").bounding_box()
    assert below["y"] + below["height"] <= page.locator("#ask").bounding_box()["y"], "the form is above the box"
    turn.locator("label", has_text="引用不对").click()
    turn.locator("form.why textarea").fill("应当引第四条")
    turn.locator("form.why button", has_text="提交").click()
    told(page, "教员会看到")
    page.locator("form.why").wait_for(state="detached")
    turn_id = turn.get_attribute("data-turn")
    [voted] = [one for one in feedback.votes(Opinion.DOWN) if one.vote.turn_id == turn_id]
    assert (voted.vote.reason, voted.vote.comment) == (Reason.WRONG_QUOTE, "应当引第四条")
    assert voted.turn.question == ARTICLE
    reload(page)
    assert page.locator("button[aria-pressed=true]").inner_text() == "没用：引用不对"
    assert page.locator("form.why").count() == 0


def test_what_is_offered_is_not_drawn_over_the_form_for_a_reason(client: httpx.Client, reader: str) -> None:
    chat = Chat(client, {"X-Reader": reader})
    bridge = chat.follow(chat.ask(ARTICLE).bridge).outputs[2]
    chat.send("bridge.vote", [], {"turn": bridge["turn"], "opinion": "down"})
    assert "options" not in chat.send(chat.after[-1], [bridge], None, bridge["c"]).text
    reply = chat.send("page.load", [], None, bridge["c"]).outputs[2]["value"][1]
    assert reply["options"], "it stands there the next time"


def test_an_opinion_can_be_changed_and_taken_back_by_keyboard(page: Any, feedback: Feedback) -> None:
    turn = ask(page, ARTICLE)
    turn.locator("button", has_text="有用").focus()
    page.keyboard.press("Enter")
    turn.locator("button[aria-pressed=true]", has_text="有用").wait_for()
    page.wait_for_function("document.activeElement.textContent.trim() === '有用'")
    page.keyboard.press("Enter")
    turn.locator("button[aria-pressed=true]").wait_for(state="detached")
    turn_id = turn.get_attribute("data-turn")
    assert all(one.vote.turn_id != turn_id for one in feedback.votes())


def test_a_refusal_goes_to_the_trainers_and_its_asker_sees_what_came_of_it(page: Any, feedback: Feedback) -> None:
    turn = ask(page, MISSING)
    assert turn.locator("button[data-vote]").count() == 0
    turn.locator("button", has_text="告诉教员").click()
    turn.locator(".told", has_text="已告诉教员").wait_for()
    [report] = [one for one in feedback.reports() if one.turn_id == turn.get_attribute("data-turn")]
    assert report.question == MISSING
    feedback.close(report.id, ReportState.SUPPLIED, "采购办法已入库")
    reload(page)
    page.locator(".report").wait_for()
    assert "已补充：采购办法已入库" in page.locator(".report").inner_text()
    page.click("text=再问一次")
    page.locator("article.turn[data-state=done]").nth(1).wait_for()
    assert page.locator(".asked-words").nth(1).inner_text() == MISSING


def test_opinions_of_other_peoples_turns_are_refused(client: httpx.Client, site: Site, page: Any) -> None:
    turn = ask(page, ARTICLE).get_attribute("data-turn")
    chat = Chat(client)
    assert "没有这条问答" in chat.send("bridge.vote", [], {"turn": turn, "opinion": "up"}).error
    assert "没有这条问答" in chat.send("bridge.report", [], {"turn": turn}).error
    own = site.conversations.ask("local", "还在回答")
    reply = chat.send("bridge.vote", [], {"turn": own.id, "opinion": "up"})
    assert reply.error == "这个问题还没有完整的回答，等回答完成后再评价。"
    assert "评价没有记下" in chat.send("bridge.vote", [], {"turn": own.id, "opinion": "maybe"}).error
