"""The source drawer and the page of a whole document: the quoted words, marked where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browsing import BOX, ask, reload, started
from conftest import Site

pytestmark = pytest.mark.browser


#: What has the focus, by its own name; a box of Gradio's by that of its component.
FOCUSED = """(e => e.id || (e.matches("textarea, input") ? "" : e.className.split(" ")[0]) || e.closest("[id]")?.id)(
    document.activeElement)"""


def marked(page: Any, where: str) -> str:
    """The marked words inside `where`, put together."""
    return "".join(page.locator(f"{where} mark").all_inner_texts())


def test_a_click_on_a_marker_shows_the_quoted_words_marked(page: Any, site: Site, reader: str) -> None:
    turn = ask(page, "青禾市机关休假管理规定第五条")
    turn.locator("a.cite").first.click()
    page.wait_for_selector("#original mark")
    stored = site.conversations.turn(reader, turn.get_attribute("data-turn") or "").answer
    assert stored is not None
    citation = stored.citations[0]
    assert marked(page, "#original") == citation.quote.replace("\n", "")
    drawer = page.locator("#original").inner_text()
    for wanted in ("青禾市人事办公室", "2023年版", "2023-05-10", "2023-06-01", "现行有效", "第二章 › 第五条", "1 / 1"):
        assert wanted in drawer
    page.click("#original summary:text('上文')")
    assert "分管领导批准后执行" in page.locator("#original").inner_text()
    assert page.url.startswith(f"{site.url}/?c="), "the page stays where it is"


def test_the_focus_moves_into_the_drawer_and_back(page: Any) -> None:
    turn = ask(page, "青禾市机关休假管理规定第三条")
    chip = turn.locator("a.cite").first
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#original mark")
    page.wait_for_function("document.activeElement.id === 'drawer-title'")
    page.keyboard.press("Escape")
    page.locator("#original .drawer-body").wait_for(state="hidden")
    assert chip.evaluate("chip => chip === document.activeElement")


def test_previous_and_next_walk_through_the_citations(page: Any) -> None:
    turn = ask(page, "青禾市机关来访接待规则第三条到第五条")
    turn.locator("a.cite").first.click()
    page.wait_for_selector("#original mark")
    assert page.locator("#original .counter").inner_text() == "1 / 3"
    assert page.locator("#original .previous").is_disabled()
    page.click("#original .next")
    page.locator("#original .counter", has_text="2 / 3").wait_for()
    assert "十二日内答复" in marked(page, "#original")
    assert turn.locator("a.cite.on").first.inner_text() == "[2]"
    page.wait_for_function("document.activeElement.className === 'next'")
    page.click("#original .next")
    page.locator("#original .counter", has_text="3 / 3").wait_for()
    assert page.locator("#original .next").is_disabled()


def test_the_whole_document_opens_at_the_quoted_words(page: Any, site: Site) -> None:
    turn = ask(page, "青禾市机关来访接待规则第四条")
    turn.locator("a.cite").first.click()
    page.click("text=在全文中查看")
    page.wait_for_selector("#text mark")
    assert page.locator("#text mark").first.is_visible()
    page.wait_for_timeout(100)
    box = page.locator("#text mark").first.bounding_box()
    assert 0 < box["y"] < 800
    assert "十二日内答复" in marked(page, "#text")
    assert [text.split()[0] for text in page.locator(".toc > nav > ul > li").all_inner_texts()] == [
        "第一章",
        "第二章",
        "第三章",
    ]
    page.click("text=返回问答")
    started(page)
    page.wait_for_selector("article.turn")
    assert page.url.startswith(f"{site.url}/?c=")


def test_an_old_edition_carries_a_red_banner_and_leads_to_the_one_in_force(page: Any) -> None:
    turn = ask(page, "青禾市机关休假管理规定2018年版第三条")
    assert "享受年休假五天" in turn.inner_text()
    assert turn.locator(".notice").count() >= 1
    assert turn.locator(".sources .validity").inner_text() in ("已被修订", "已废止")
    turn.locator("a.cite").first.click()
    page.click("#original .notice a")
    page.wait_for_selector("#text")
    assert "享受年休假八天" in page.locator("#text").inner_text()
    assert "2018年版" in page.locator(".editions").inner_text()


def test_two_editions_are_set_side_by_side(page: Any) -> None:
    turn = ask(page, "青禾市机关休假管理规定2018年版和2023年版对年休假天数的规定有什么变化？")
    table = turn.locator(".comparison table")
    assert table.locator("th[scope=col]").count() == 2
    row = table.locator("tbody tr", has_text="享受年休假八天")
    assert "享受年休假五天" in row.locator("td").first.inner_text()
    row.locator("a.cite").first.click()
    page.wait_for_selector("#original mark")
    assert marked(page, "#original")


def test_a_refusal_shows_the_nearest_passages_and_opens_them(page: Any) -> None:
    turn = ask(page, "青禾市机关来访接待规则第九十九条")
    assert turn.locator(".badge").inner_text() == "未作回答"
    assert "第九十九条" in turn.locator(".refusal").inner_text()
    turn = ask(page, "《青禾市机关采购办法》规定来访接待怎么做？")
    assert turn.locator(".badge").inner_text() == "未作回答"
    near = turn.locator("a.near")
    assert near.count()
    near.first.click()
    page.wait_for_selector("#original mark")
    assert marked(page, "#original")


def test_on_a_phone_the_original_covers_the_page_until_it_is_closed(phone: Any) -> None:
    turn = ask(phone, "青禾市机关休假管理规定第三条")
    turn.locator("a.cite").first.click()
    phone.wait_for_selector("#original mark")
    phone.wait_for_function("document.getElementById('center').inert && document.getElementById('bar').inert")
    phone.wait_for_timeout(400)  # the sheet slides up
    box = phone.locator("#source").bounding_box()
    assert box["width"] == 390
    assert box["y"] > 150, "what was clicked stays in sight"
    phone.click("#original .close")
    phone.locator("#original .drawer-body").wait_for(state="hidden")
    assert not phone.evaluate("document.getElementById('center').inert")


def test_everything_can_be_reached_with_the_keyboard_alone(page: Any) -> None:
    ask(page, "青禾市机关休假管理规定第三条")
    reload(page)
    page.locator("article.turn").wait_for()
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(FOCUSED))
    for wanted in ("skip", "brand", "size-switch", "theme-switch", "new", "find", "cite", "ask"):
        assert wanted in reached, f"{wanted} is not in {reached}"


def test_the_first_tab_offers_a_way_past_the_list(page: Any) -> None:
    ask(page, "青禾市机关休假管理规定第三条")
    page.fill(BOX, "还没问完")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#ask textarea')")
    assert page.input_value(BOX) == "还没问完", "the page was not loaded anew"


def test_words_are_found_inside_a_document(page: Any, site: Site) -> None:
    page.goto(f"{site.url}/document/{site.document('来访接待').id}")
    page.fill("#within input", "来访人")
    page.locator("#within-count", has_text="1 / ").wait_for()
    page.press("#within input", "Enter")
    page.locator("#within-count", has_text="2 / ").wait_for()
    page.fill("#within input", "没有的词")
    assert page.locator("#within-count").inner_text() == "没有找到"


def test_a_document_taken_out_of_the_library_shows_only_what_was_quoted(
    open_page: Callable[..., Any], site: Site, client: httpx.Client
) -> None:
    page = open_page()
    turn = ask(page, "青禾市机关来访接待规则第四条")
    document = site.document("来访接待")
    site.knowledge_base.withdraw(document.id)
    try:
        turn.locator("a.cite").first.click()
        page.wait_for_selector("#original mark")
        assert "已从库中撤下" in page.locator("#original").inner_text()
        assert "十二日内答复" in marked(page, "#original")
        assert "来访登记簿" not in page.locator("#original").inner_text()
        assert client.get(f"/document/{document.id}").status_code == 404
        assert client.get(f"/document/{document.id}/original").status_code == 404
        assert document.card.title not in client.get("/library").text
    finally:
        site.knowledge_base.publish(document.id)


def test_the_original_file_can_be_downloaded_as_it_came(site: Site, client: httpx.Client) -> None:
    document = site.document("来访接待")
    reply = client.get(f"/document/{document.id}/original")
    assert reply.status_code == 200
    assert reply.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "来访登记簿" in reply.content.decode()


def test_the_library_lists_every_document_and_can_be_narrowed(page: Any, site: Site) -> None:
    page.goto(f"{site.url}/library")
    published = site.knowledge_base.published()
    assert page.locator(".shelf li").count() == len({one.series for one in published}), "editions stand together"
    assert page.locator(".shelf li a").count() == len(published)
    page.fill("#filter", "休假 2018")
    assert page.locator(".shelf li:visible").count() == 1
    page.fill("#filter", "没有的文件")
    assert page.locator("#nothing").is_visible()
