"""Passages are saved from the drawer, from a document and from a selection; notes are found, changed and taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browsing import PHONE, ask
from conftest import Site
from made_up_library import LEAVE_2023
from samples import place, save

pytestmark = pytest.mark.browser


def select(page: Any, first: str, last: str) -> None:
    """Select from the words `first` to the end of the words `last` inside the text of a document."""
    page.evaluate(
        """([first, last]) => {
          const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
          const range = new Range();
          while (walker.nextNode()) {
            const { data } = walker.currentNode;
            if (data.includes(first)) range.setStart(walker.currentNode, data.indexOf(first));
            if (data.includes(last)) { range.setEnd(walker.currentNode, data.indexOf(last) + last.length); break; }
          }
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        [first, last],
    )


def test_a_quote_is_saved_from_the_drawer_with_a_remark(page: Any, site: Site, reader: str) -> None:
    turn = ask(page, "青禾市机关休假管理规定第五条")
    turn.locator("a.cite").first.click()
    page.wait_for_selector("#original mark")
    page.click("#original [data-keep]")
    page.fill("dialog textarea", "年休假的例外")
    page.click("dialog button[value=save]")
    page.locator(".toast", has_text="已收藏到笔记").wait_for()
    assert page.locator("#original").is_visible()
    page.click(".toast button")
    page.wait_for_url("**/notes")
    note = page.locator("li.note").first
    for wanted in (
        "青禾市机关休假管理规定",
        "2023年版",
        "现行有效",
        "第二章 › 第五条",
        "年休假的例外",
        "（三）当年已经享受寒暑假",
    ):
        assert wanted in note.inner_text()
    stored = site.notes(reader)[0]
    assert (
        site.knowledge_base.text(stored.excerpt.version_id)[stored.excerpt.start : stored.excerpt.end]
        == stored.excerpt.quote
    )
    note.locator("text=看原文").click()
    page.wait_for_selector("#text mark")
    marked = "".join(page.locator("#text mark").all_inner_texts())
    assert marked == stored.excerpt.quote.replace("\n", "")


def test_words_selected_across_paragraphs_are_saved_at_their_true_offsets(page: Any, site: Site, reader: str) -> None:
    page.goto(f"{site.url}/document/{site.document('休假', '2023').id}")
    select(page, "享受年休假八天", "一般不跨年度")
    page.locator(".selected", has_text="已选").wait_for()
    page.click(".selected [data-do=keep]")
    page.click("dialog button[value=save]")
    page.locator(".toast", has_text="已收藏").wait_for()
    chosen = site.notes(reader)[0].excerpt
    assert chosen.quote == "享受年休假八天。\n年休假可以分段安排，一般不跨年度"
    assert chosen.address == "第二章/第三条"
    assert site.knowledge_base.text(chosen.version_id)[chosen.start : chosen.end] == chosen.quote


def test_selected_words_are_copied_with_their_source(open_page: Callable[..., Any], site: Site) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{site.url}/document/{site.document('休假', '2018').id}")
    select(page, "享受年休假五天", "享受年休假五天")
    page.click(".selected [data-do=copy]")
    page.locator(".toast", has_text="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“享受年休假五天”\n——《青禾市机关休假管理规定》（2018年版，")
    assert copied.endswith("）第二章第三条。引用前请核对现行文本。")


def test_nothing_is_offered_for_words_outside_of_a_text(page: Any, site: Site) -> None:
    page.goto(f"{site.url}/document/{site.document('来访接待').id}")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.card'))")
    page.wait_for_timeout(100)
    assert page.locator(".selected").is_hidden()


def test_notes_are_searched_edited_deleted_and_brought_back(
    page: Any, site: Site, client: httpx.Client, reader: str
) -> None:
    save(client, reader, place(site, "享受年休假八天"), "原来的话")
    save(client, reader, place(site, "十二日内答复来访人", "来访接待", None))
    page.goto(f"{site.url}/notes")
    assert page.locator("li.note").count() == 2
    page.fill("#containing", "原来的")
    page.press("#containing", "Enter")
    page.wait_for_url("**containing=*")
    assert page.locator("li.note").count() == 1
    page.click("[data-do=edit]")
    page.fill(".remarking textarea", "改过的话<b>")
    page.click("text=保存批注")
    page.locator(".own", has_text="改过的话<b>").wait_for()
    assert page.evaluate("document.activeElement.dataset.do") == "edit"
    page.goto(f"{site.url}/notes")
    page.locator("li.note", has_text="改过的话").locator("[data-do=delete]").click()
    page.locator("li.note", has_text="改过的话").wait_for(state="detached")
    assert len(site.notes(reader)) == 1
    page.click(".toast button")
    page.locator("li.note", has_text="改过的话").wait_for()
    assert len(site.notes(reader)) == 2


def test_chosen_notes_are_taken_away_as_a_file(
    open_page: Callable[..., Any], site: Site, client: httpx.Client, reader: str
) -> None:
    save(client, reader, place(site, "享受年休假五天", edition="2018"), "旧的")
    save(client, reader, place(site, "享受年休假八天"))
    page = open_page(PHONE, "/notes", accept_downloads=True)
    assert page.locator(".taking button").first.is_disabled()
    page.locator("li.note", has_text="五天").locator("input[type=checkbox]").check()
    with page.expect_download() as download:
        page.click("button[value=md]")
    text = download.value.path().read_text(encoding="utf-8")
    assert "> 享受年休假五天[^1]" in text
    assert "批注：旧的" in text
    assert "请核对现行文本" in text
    assert "八天" not in text
    page.check("#all")
    with page.expect_download() as download:
        page.click("button[value=docx]")
    assert download.value.suggested_filename.endswith(".docx")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_only_words_of_published_documents_can_be_saved(site: Site, client: httpx.Client, reader: str) -> None:
    good = place(site, "享受年休假八天")
    other = site.document("来访接待")
    headers = {"X-Reader": reader}
    for wrong in (
        {"start": -5},
        {"end": 10_000_000},
        {"start": good["end"], "end": good["start"]},
        {"version": 999_999},
        {"document": other.id},
    ):
        reply = client.post("/api/notes", json=good | wrong, headers=headers)
        assert reply.status_code == 400, wrong
        assert reply.json()["message"]
    site.knowledge_base.withdraw(other.id)
    try:
        hidden = {"document": other.id, "version": other.version_id, "start": 0, "end": 5}
        assert client.post("/api/notes", json=hidden, headers=headers).status_code == 400
        assert client.post("/api/quote", json=hidden, headers=headers).status_code == 400
    finally:
        site.knowledge_base.publish(other.id)
    assert client.post("/api/notes", json=good | {"quote": "编的"}, headers=headers).status_code == 400
    assert site.notes(reader) == []


def test_a_note_outlives_a_new_version_of_its_file_and_opens_at_the_old_text(
    page: Any, site: Site, client: httpx.Client, reader: str, tmp_path: Any
) -> None:
    name = "青禾市会议室使用办法.txt"
    text = LEAVE_2023.replace("休假管理规定", "会议室使用办法").replace(
        "2018年印发的《青禾市机关会议室使用办法》同时废止。", ""
    )
    (tmp_path / name).write_text(text, encoding="utf-8")
    added = site.knowledge_base.add([tmp_path / name], publish=True)[0]
    document = site.knowledge_base.document(added.document_id)
    try:
        save(client, reader, place(site, "享受年休假八天", "会议室"))
        (tmp_path / name).write_text(
            text.replace("八天", "十天").replace("第一章　总则", "第一章　一般规定"), encoding="utf-8"
        )
        site.knowledge_base.add([tmp_path / name], publish=True)
        assert site.knowledge_base.document(document.id).version_id != document.version_id
        page.goto(f"{site.url}/notes")
        page.click("text=看原文")
        page.wait_for_selector("#text mark")
        assert "享受年休假八天" in "".join(page.locator("#text mark").all_inner_texts())
        assert "更新以前的文本" in page.locator(".sheet .notice").inner_text()
        site.knowledge_base.withdraw(document.id)
        page.goto(f"{site.url}/notes")
        assert "享受年休假八天" in page.locator("li.note").inner_text()
        assert "已从库中撤下" in page.locator("li.note").inner_text()
        assert page.locator("text=看原文").count() == 0
    finally:
        site.knowledge_base.remove(document.id)


def test_saved_passages_are_marked_in_their_document(
    open_page: Callable[..., Any], site: Site, client: httpx.Client, reader: str
) -> None:
    held = site.document("休假管理规定", "2023")
    page = open_page(path=f"/document/{held.id}")
    before = page.locator("#text").inner_text()
    select(page, "连续工作满一年", "年休假八天")
    page.click(".selected [data-do=keep]")
    page.fill("dialog textarea", "要背下来")
    page.click("dialog button[value=save]")
    page.locator(".toast", has_text="已收藏到笔记").wait_for()
    page.reload()
    [kept] = page.locator("#text .kept").all_inner_texts()
    assert kept == "连续工作满一年的，享受年休假八天"
    assert page.locator("#text").inner_text() == before, "the text stays as it is"
    link = page.locator("#text .kept-here")
    assert link.get_attribute("aria-label") == "我的笔记：要背下来"
    link.click()
    page.wait_for_url("**/notes#note-*")
    assert page.locator("li.note:target").count() == 1
    stranger = client.get(f"/document/{held.id}", headers={"X-Reader": "someone-else"})
    assert 'class="kept"' not in stranger.text, "nobody else sees them"
