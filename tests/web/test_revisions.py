"""修订对照: two editions side by side, with the changed words marked and a choice of what to show."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from conftest import Site

pytestmark = pytest.mark.browser


def address(site: Site) -> str:
    old, new = site.document("休假", "2018"), site.document("休假", "2023")
    return f"/document/{new.id}/revision/{old.id}"


def shown(page: Any) -> list[str]:
    return [pair.inner_text().split("\n")[0] for pair in page.locator(".pair:visible h3").all()]


def test_articles_stand_side_by_side_with_the_changed_words_marked(page: Any, site: Site) -> None:
    page.goto(site.url + address(site))
    third = page.locator(".pair", has_text="享受年休假八天")
    assert third.locator(".older del").all_inner_texts() == ["五"]
    assert third.locator(".newer ins").first.inner_text() == "八"
    older, newer = (third.locator(side).bounding_box() for side in (".older", ".newer"))
    assert older["x"] + older["width"] <= newer["x"] + 1
    assert abs(older["y"] - newer["y"]) < 2
    assert (
        page.locator(".pair.added", has_text="不享受当年的年休假").locator(".older").inner_text()
        == "2018年版没有这一条"
    )
    assert "第五条 → 第六条" in " ".join(page.locator(".pair.changed h3").all_inner_texts())


def test_only_what_changed_is_shown_on_demand_and_the_choice_is_in_the_address(page: Any, site: Site) -> None:
    page.goto(site.url + address(site))
    every = page.locator(".pair:visible").count()
    page.click("text=只看有改动的")
    assert page.locator(".pair.same:visible").count() == 0
    changed = page.locator(".pair:visible").count()
    assert 0 < changed < every
    page.reload()
    assert page.locator(".pair:visible").count() == changed
    page.click(".only label:has-text('新增')")
    assert page.locator(".pair:visible").count() == page.locator(".pair.added").count() == 1


def test_one_walks_from_change_to_change_with_the_keyboard(page: Any, site: Site) -> None:
    page.goto(site.url + address(site))
    page.focus("#walk button[data-step='1']")
    page.keyboard.press("Enter")
    page.locator("#walk output", has_text="1 / ").wait_for()
    assert page.evaluate("document.activeElement.matches('.pair:not(.same)')")
    page.click("#walk button[data-step='1']")
    page.locator("#walk output", has_text="2 / ").wait_for()


def test_on_a_phone_the_two_texts_stand_one_above_the_other(phone: Any, site: Site) -> None:
    phone.goto(site.url + address(site))
    third = phone.locator(".pair", has_text="享受年休假八天")
    older, newer = (third.locator(side).bounding_box() for side in (".older", ".newer"))
    assert newer["y"] >= older["y"] + older["height"] - 1
    assert "2018年版" in third.locator(".older").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_document_page_and_a_citation_lead_there_to_their_own_article(page: Any, site: Site) -> None:
    new = site.document("休假", "2023")
    start = site.knowledge_base.text(new.version_id).index("享受年休假八天")
    page.goto(f"{site.url}/document/{new.id}?at={start}-{start + 7}#quote")
    page.click(".sheet-tools .against")
    page.wait_for_selector(".pair.here")
    assert "享受年休假八天" in page.locator(".pair.here").inner_text()
    assert page.locator(".pair.here").bounding_box()["y"] < 800
    page.click("text=返回全文")
    page.wait_for_selector("#text")


def test_the_older_edition_stands_on_the_left_whichever_is_named_first(site: Site, client: httpx.Client) -> None:
    old, new = site.document("休假", "2018"), site.document("休假", "2023")
    one = client.get(f"/document/{new.id}/revision/{old.id}").text
    other = client.get(f"/document/{old.id}/revision/{new.id}").text
    assert one == other


def test_documents_of_different_series_or_unpublished_ones_are_not_compared(site: Site, client: httpx.Client) -> None:
    old, new, rules = site.document("休假", "2018"), site.document("休假", "2023"), site.document("来访接待")
    reply = client.get(f"/document/{new.id}/revision/{rules.id}")
    assert reply.status_code == 404
    assert "不是同一文件的两个版本" in reply.text
    assert client.get(f"/document/{new.id}/revision/{new.id}").status_code == 404
    site.knowledge_base.withdraw(old.id)
    try:
        assert client.get(f"/document/{new.id}/revision/{old.id}").status_code == 404
        assert "享受年休假五天" not in client.get(f"/document/{new.id}").text
    finally:
        site.knowledge_base.publish(old.id)
