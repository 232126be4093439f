"""研讨提纲: made of notes or answers, arranged on its page, kept as it is changed, taken away."""

from __future__ import annotations

from typing import Any

import docx
import httpx
import pytest
from browsing import ask
from conftest import Site
from samples import place, save

from assistant.study.outlines import Outlines

pytestmark = pytest.mark.browser


def saved(page: Any) -> None:
    page.locator("#saved", has_text="已保存").wait_for()


def stored(site: Site, reader: str) -> Any:
    return Outlines(site.conversations).listing(reader)[0]


def test_chosen_notes_become_an_outline_with_headings_from_their_chapters(
    page: Any, site: Site, client: httpx.Client, reader: str
) -> None:
    save(client, reader, place(site, "适用于青禾市各级机关"))
    save(client, reader, place(site, "享受年休假八天"), "我们科室的做法")
    save(client, reader, place(site, "十二日内答复来访人", "来访接待", None))
    page.goto(f"{site.url}/notes")
    page.check("#all")
    page.click("button[value=outline]")
    page.wait_for_selector("#parts")
    page.wait_for_load_state()  # the script has begun
    words = [box.input_value() for box in page.locator(".part .words").all()]
    assert sorted(words) == [
        "年休假（《青禾市机关休假管理规定》）",
        "总则（《青禾市机关休假管理规定》）",
        "接待（《青禾市机关来访接待规则》）",
    ]
    assert "我们科室的做法" in [box.input_value() for box in page.locator(".points textarea").all()]
    page.fill("#topic", "怎样落实休假制度")
    saved(page)
    page.reload()
    assert page.input_value("#topic") == "怎样落实休假制度"


def test_points_are_moved_taken_out_brought_back_and_kept(
    page: Any, site: Site, client: httpx.Client, reader: str
) -> None:
    for words in ("享受年休假八天", "年休假可以分段安排"):
        save(client, reader, place(site, words))
    page.goto(f"{site.url}/notes")
    page.check("#all")
    page.click("button[value=outline]")
    page.wait_for_selector("#parts .point")
    page.wait_for_load_state()  # the script has begun
    first, second = (point.inner_text().split("\n")[0] for point in page.locator("#parts .point").all())
    page.locator("#parts .point").nth(1).locator("[data-do=up]").click()
    assert page.evaluate("document.activeElement.dataset.do") == "up", "the focus stays on the button"
    saved(page)
    order = [point.excerpt.quote for point in stored(site, reader).headings[0].points]
    assert order == [second, first]
    page.click("#add-part")
    page.locator("#parts .point").nth(1).locator("[data-do=down]").click()
    page.locator(".part").nth(1).locator(".words").fill("第二部分")
    page.locator(".part").nth(1).locator("textarea").fill("我的体会")
    saved(page)
    assert [len(heading.points) for heading in stored(site, reader).headings] == [1, 1]
    assert stored(site, reader).headings[1].points[0].thought == "我的体会"
    page.locator("#parts .point").nth(1).locator("[data-do=out]").click()
    saved(page)
    assert [len(heading.points) for heading in stored(site, reader).headings] == [1, 0]
    page.click(".toast button")
    saved(page)
    page.reload()
    assert page.locator("#parts .point").count() == 2
    assert page.locator(".part").nth(1).locator("textarea").input_value() == "我的体会"


def test_passages_are_found_in_the_library_by_the_topic_and_added(page: Any, site: Site, reader: str) -> None:
    page.goto(f"{site.url}/notes")
    page.fill("#topic", "来访事项多少日内答复")
    page.click("text=新建提纲")
    page.wait_for_selector("#found .point")
    hit = page.locator("#found .point", has_text="十二日内答复来访人")
    hit.locator("text=加入提纲").click()
    saved(page)
    points = stored(site, reader).headings[0].points
    assert len(points) == 1
    assert "十二日内答复来访人" in points[0].excerpt.quote
    page.click("#find button")
    page.wait_for_timeout(300)
    assert page.locator("#found .point", has_text="十二日内答复来访人").count() == 0, "what is in it is not found again"


def test_an_answer_becomes_an_outline_and_that_a_file(phone: Any, site: Site, reader: str) -> None:
    turn = ask(phone, "青禾市机关来访接待规则第三条到第五条")
    turn.locator("text=导出").click()
    phone.click("button[value=outline]")
    phone.wait_for_selector("#parts .point")
    phone.wait_for_load_state()  # the script has begun
    assert phone.locator("#parts .point").count() == 3
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.locator("#parts textarea").first.fill("登记要写全")
    with phone.expect_download() as download:
        phone.click("a[href$=docx]")
    document = docx.Document(download.value.path())
    written = [paragraph.text for paragraph in document.paragraphs]
    assert "一、接待（《青禾市机关来访接待规则》）" in written
    assert "思考：登记要写全" in written, "what was typed a moment ago is in the file"
    assert any(one.startswith("（一）") and "来访登记簿" in one for one in written)
    assert document.core_properties.subject == "研讨提纲"


def test_the_page_cannot_put_words_into_the_library_s_mouth(site: Site, client: httpx.Client, reader: str) -> None:
    headers = {"X-Reader": reader}
    made = client.post("/outlines", data={"topic": "题"}, headers=headers)
    address = "/api" + made.headers["location"]
    chosen = place(site, "享受年休假八天")
    good = {"topic": "题", "headings": [{"words": "一", "points": [chosen | {"thought": ""}]}]}
    assert client.post(address, json=good, headers=headers).status_code == 204
    for wrong in ({"quote": "编造的话"}, {"end": 99_999_999}, {"version": 99_999}):
        bad = {"topic": "题", "headings": [{"words": "一", "points": [chosen | {"thought": ""} | wrong]}]}
        assert client.post(address, json=bad, headers=headers).status_code == 400
    assert stored(site, reader).headings[0].points[0].excerpt.quote == "享受年休假八天"


def test_an_outline_is_deleted_with_undo(page: Any, site: Site, client: httpx.Client, reader: str) -> None:
    client.post("/outlines", data={"topic": "要删的题目"}, headers={"X-Reader": reader})
    page.goto(f"{site.url}/notes")
    page.click("[data-do=delete-outline]")
    page.locator(".outlines a", has_text="要删的题目").wait_for(state="hidden")
    assert Outlines(site.conversations).listing(reader) == []
    page.click(".toast button")
    page.locator(".outlines a", has_text="要删的题目").wait_for()
    assert len(Outlines(site.conversations).listing(reader)) == 1
