"""Asking on the page: sending, streaming, stopping, trouble, follow-ups, and markup that stays text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import BOX, DESKTOP, PHONE, ask, reload, started, told
from conftest import Site
from samples import answer_of

pytestmark = pytest.mark.browser
SEND, STOP = "#ask .submit-button", "#ask .stop-button"

DAYS = "机关工作人员连续工作满一年的，享受年休假八天。"
SPLIT = "年休假可以分段安排，一般不跨年度。"


def test_an_answer_names_its_mode_and_sources_and_has_an_address_of_its_own(page: Any, site: Site) -> None:
    turn = ask(page, "青禾市机关休假管理规定第三条")
    assert DAYS in turn.inner_text()
    assert turn.locator(".badge").inner_text() == "原文摘录"
    assert "把握" in turn.locator(".confidence").inner_text()
    source = turn.locator(".sources").inner_text()
    for wanted in ("《青禾市机关休假管理规定》", "2023年版", "现行有效", "第三条"):
        assert wanted in source
    assert page.url.startswith(f"{site.url}/?c=")
    assert page.locator("#conversations a[aria-current]").inner_text() == "青禾市机关休假管理规定第三条"


def test_every_sentence_stands_under_a_marker(page: Any) -> None:
    turn = ask(page, "青禾市机关休假管理规定第五条")
    items = turn.locator(".items li")
    assert items.count() == 3
    assert all("[" in items.nth(i).locator("a.cite").inner_text() for i in range(3))
    paragraphs = turn.locator(".body > p:not(.mode)")
    assert all(paragraphs.nth(i).locator("a.cite").count() for i in range(paragraphs.count()))


def test_shift_enter_breaks_the_line_and_enter_sends(page: Any, site: Site) -> None:
    started(page)
    page.fill(BOX, "青禾市机关休假管理规定")
    page.press(BOX, "Shift+Enter")
    page.type(BOX, "第二条")
    assert page.input_value(BOX) == "青禾市机关休假管理规定\n第二条"
    page.press(BOX, "Enter")
    page.wait_for_selector("article[data-state=done]")
    assert page.input_value(BOX) == ""
    assert site.stage.asked[-1][0] == "青禾市机关休假管理规定\n第二条"


def test_a_pasted_paragraph_keeps_its_lines_and_is_not_sent(open_page: Callable[..., Any], site: Site) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    paragraph = "关于青禾市机关休假管理规定，\n想问第三条：\n年休假几天？"
    started(page)
    page.evaluate("words => navigator.clipboard.writeText(words)", paragraph)
    page.focus(BOX)
    page.keyboard.press("Control+V")
    assert page.input_value(BOX) == paragraph
    assert page.locator("article.turn").count() == 0
    page.wait_for_function("document.querySelector('#ask textarea').clientHeight > 60")  # the box grows with its text
    page.keyboard.press("Enter")
    page.wait_for_selector("article[data-state=done]")
    assert page.locator(".asked-words").inner_text() == paragraph
    assert site.stage.asked[-1][0] == paragraph


def test_enter_never_sends_while_an_input_method_composes(page: Any) -> None:
    started(page)
    page.focus(BOX)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "xiujia", "selectionStart": 6, "selectionEnd": 6})
    for code in (229, 13):
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": code}
        devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    devtools.send("Input.insertText", {"text": "休假"})
    for event in (
        {"key": "Enter", "isComposing": True, "keyCode": 13},
        {"key": "Enter", "isComposing": False, "keyCode": 229},
    ):
        page.evaluate(
            """event => document.querySelector("#ask textarea").dispatchEvent(
                new KeyboardEvent("keydown", {...event, bubbles: true, cancelable: true}))""",
            event,
        )
    page.wait_for_timeout(150)
    assert page.locator("article.turn").count() == 0
    assert "休假" in page.input_value(BOX)
    page.press(BOX, "Enter")
    page.wait_for_selector("article.turn")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_stages_and_sentences_appear_as_they_are_made(
    open_page: Callable[..., Any], site: Site, size: dict[str, int]
) -> None:
    gate = site.stage.script("慢慢来：年休假几天？", answer_of(site, "休假", [DAYS, SPLIT], "2023"))
    page = open_page(size)
    started(page)
    page.fill(BOX, "慢慢来：年休假几天？")
    page.press(BOX, "Enter")
    turn = page.locator("article.turn").last
    at_work(page, "理解问题")
    gate.open(2)
    at_work(page, "检索")
    assert page.locator(SEND).count() == 0
    gate.open()
    at_work(page, "核对引文")
    steps = page.locator("#chat .children .title").all_inner_texts()
    assert [step.strip() for step in steps] == ["理解问题", "检索", "核对引文"]
    gate.open()
    turn.locator(".body", has_text=DAYS).wait_for()
    assert SPLIT not in turn.inner_text()
    at_work(page, "核对引文")
    reload(page)
    at_work(page, "核对引文")
    assert page.locator("#chat .children .title").count() == 3, "a page opened in the middle shows all steps so far"
    gate.open(2)
    page.wait_for_selector("article[data-state=done]")
    assert SPLIT in turn.inner_text()
    page.locator(SEND).wait_for()
    page.locator(".thought-group").wait_for(state="detached")
    page.locator("#chat .option").first.wait_for()
    standing = page.locator("#chat .message-wrap").inner_text()
    reload(page)
    page.locator("#chat .option").first.wait_for()
    assert page.locator(".thought-group").count() == 0
    assert page.locator("#chat .message-wrap").inner_text() == standing, "a page opened later shows the same"


def at_work(page: Any, stage: str) -> None:
    """Wait until `stage` is the step that goes on."""
    page.locator("#chat .children .title:has(.loading-spinner)", has_text=stage).wait_for()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_stop_keeps_what_was_said_and_offers_another_try(
    open_page: Callable[..., Any], site: Site, size: dict[str, int]
) -> None:
    page = open_page(size)
    gate = site.stage.script("先说一句再停", answer_of(site, "休假", [DAYS, SPLIT], "2023"))
    started(page)
    page.fill(BOX, "先说一句再停")
    page.press(BOX, "Enter")
    gate.open(4)
    page.locator(".body", has_text=DAYS).wait_for()
    page.click(STOP)
    turn = page.locator("article[data-state=stopped]")
    turn.wait_for()
    assert DAYS in turn.inner_text()
    assert "已停止" in turn.inner_text()
    assert turn.locator(".badge").inner_text() == "原文摘录"
    assert turn.locator(".confidence").count() == 0
    assert page.locator(".toast-body").count() == 0
    gate.open(10)
    reload(page)
    assert DAYS in page.locator("article[data-state=stopped]").inner_text()
    page.click("text=重新回答")
    gate.open(10)
    page.wait_for_selector("article[data-state=done]")
    assert SPLIT in page.locator("article.turn").inner_text()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_page_reloaded_in_the_middle_and_a_second_tab_see_the_whole_answer(
    open_page: Callable[..., Any], site: Site, size: dict[str, int]
) -> None:
    page = open_page(size)
    gate = site.stage.script("中途刷新", answer_of(site, "休假", [DAYS, SPLIT], "2023"))
    started(page)
    page.fill(BOX, "中途刷新")
    page.press(BOX, "Enter")
    gate.open(4)
    page.locator(".body", has_text=DAYS).wait_for()
    reload(page)
    page.locator(".body", has_text=DAYS).wait_for()
    second = open_page(size, page.url.removeprefix(site.url))
    second.locator(".body", has_text=DAYS).wait_for()
    gate.open(10)
    for tab in (page, second):
        tab.wait_for_selector("article[data-state=done]")
        assert SPLIT in tab.locator("article.turn").inner_text()


def test_a_question_that_is_too_long_is_counted_and_not_sent(page: Any) -> None:
    started(page)
    page.fill(BOX, "长" * 1700)
    page.locator("#count .count", has_text="1700 / 2000").wait_for()
    page.fill(BOX, "长" * 2001)
    page.locator("#count .count", has_text="已有 2001 字，最多 2000 字").wait_for()
    page.press(BOX, "Enter")
    told(page, "问题有 2001 个字，最多 2000 个字")
    assert page.locator("article.turn").count() == 0
    assert len(page.input_value(BOX)) == 2001


def test_trouble_keeps_the_question_and_says_nothing_of_the_inside(page: Any, site: Site) -> None:
    site.stage.script("会出错的问题", RuntimeError("secret path /data/xuesi.db")).open(10)
    turn = ask(page, "会出错的问题")
    assert turn.get_attribute("data-state") == "failed"
    assert page.locator(".asked-words").inner_text() == "会出错的问题"
    assert "重新回答" in turn.inner_text()
    assert "secret" not in page.content()


def test_a_follow_up_is_asked_with_the_history_of_the_database(page: Any, site: Site) -> None:
    ask(page, "青禾市机关休假管理规定第三条")
    ask(page, "那第四条呢？")
    question, history, _ = site.stage.asked[-1]
    assert question == "那第四条呢？"
    assert [message.role for message in history] == ["user", "assistant"]
    assert history[0].content == "青禾市机关休假管理规定第三条"
    assert DAYS in history[1].content
    reload(page)
    page.locator("article.turn").nth(1).wait_for()
    assert page.locator("article.turn").count() == 2


def test_markup_in_questions_and_documents_is_shown_as_text(page: Any) -> None:
    question = '<img src=x onerror="window.pwned=1"><b>粗</b> 青禾市网页内容编写办法第二条'
    turn = ask(page, question)
    assert page.locator(".asked-words").inner_text() == question
    assert "<script>window.pwned=1</script>" in turn.locator(".body").inner_text()
    turn.locator("a.cite").first.click()
    page.wait_for_selector("#original mark")
    assert '<img src=x onerror="window.pwned=1">' in page.locator("#original").inner_text()
    page.click("text=在全文中查看")
    page.wait_for_selector("#text mark")
    assert "<script>window.pwned=1</script>" in page.locator("#text").inner_text()
    assert "保留符号&amp;的原样" in page.locator("#text").inner_text()
    assert page.evaluate("window.pwned") is None
    assert page.locator("img:not(.brand img)").count() == 0


def test_a_copy_carries_its_sources(open_page: Callable[..., Any]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, "青禾市机关休假管理规定第三条")
    turn.locator("button[data-do=copy]").click()
    page.locator("#toast", has_text="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert DAYS in copied
    assert "[1] 《青禾市机关休假管理规定》（2023年版，现行有效）第二章 第三条" in copied
    assert "原文摘录" in copied


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_question_can_be_changed_and_asked_again(open_page: Callable[..., Any], size: dict[str, int]) -> None:
    page = open_page(size)
    turn = ask(page, "青禾市机关休假管理规定第三条")
    turn.locator("button[data-do=edit]").click()
    page.wait_for_function("document.querySelector('#ask textarea').value === '青禾市机关休假管理规定第三条'")
    assert page.evaluate("document.activeElement.matches('#ask textarea')")


def test_an_example_is_asked_with_one_click(page: Any) -> None:
    started(page)
    example = page.locator("#hello button.example").first
    question = example.inner_text()
    example.click()
    page.wait_for_selector("article[data-state=done]")
    assert page.locator(".asked-words").inner_text() == question
    assert page.locator(".badge").inner_text() == "原文摘录"


def test_nothing_runs_over_the_side_in_any_width_and_text_size(page: Any) -> None:
    for _ in range(2):
        ask(page, "青禾市机关休假管理规定2018年版和2023年版有什么变化？")
    for width in (360, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 780})
        for size in ("normal", "larger"):
            page.evaluate("size => { document.documentElement.dataset.size = size }", size)
            for part in (
                "document.documentElement",
                "document.querySelector('#chat .bubble-wrap')",
                "document.getElementById('bar')",
            ):
                assert page.evaluate(f"{part}.scrollWidth - {part}.clientWidth") <= 0, (width, size, part)
            whole = "document.documentElement"
            assert page.evaluate(f"{whole}.scrollHeight - {whole}.clientHeight") <= 0, (width, size)


def test_on_a_phone_the_list_slides_in_and_out(phone: Any) -> None:
    ask(phone, "青禾市机关休假管理规定第二条")
    assert not phone.locator("#conversations").is_visible()
    phone.click("#rail .toggle-button")
    phone.locator("#conversations a[aria-current]").wait_for()
    phone.click("#rail .toggle-button")
    phone.locator("#conversations").wait_for(state="hidden")


def test_two_readers_at_once_get_their_own_answers(open_page: Callable[..., Any]) -> None:
    first, second = open_page(), open_page(PHONE)
    started(first)
    started(second)
    first.fill(BOX, "青禾市机关休假管理规定第二条")
    second.fill(BOX, "青禾市机关来访接待规则第三条")
    first.press(BOX, "Enter")
    second.press(BOX, "Enter")
    for tab, words in ((first, "在编工作人员"), (second, "来访登记簿")):
        tab.wait_for_selector("article[data-state=done]")
        assert words in tab.locator("article.turn").inner_text()
        assert tab.locator("article.turn").count() == 1
