"""The red banner over an answer from a text that is no longer in force leads to the provision in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, ask
from conftest import Site
from samples import answer_of

from assistant.model import Notice, NoticeCode
from assistant.web.chat.validity_banner import Successors

pytestmark = pytest.mark.browser


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Any]) -> Any:
    return open_page(request.param)


def test_the_banner_leads_to_the_same_article_of_the_edition_in_force(page: Any, site: Site) -> None:
    turn = ask(page, "青禾市机关休假管理规定2018年版第四条")
    banner = turn.locator(".notice")
    assert banner.count() == 1
    assert "已被修订" in banner.inner_text()
    banner.locator("a", has_text="看现行2023年版第四条").click()
    page.wait_for_selector("#text mark")
    marked = "".join(page.locator("#text mark").all_inner_texts())
    assert marked.startswith("第四条")
    assert "分管领导批准后执行" in marked
    assert site.document("休假", "2023").card.title in page.inner_text("h1")


def test_an_article_leads_to_its_successor_under_another_number(site: Site) -> None:
    answer = answer_of(site, "休假", ["第五条　本规定自2018年4月1日起施行。"], "2018")
    [banner] = Successors(site.knowledge_base).banners(answer)
    assert [way.words for way in banner.ways] == ["看现行2023年版第六条"]


def test_words_without_a_counterpart_lead_to_the_whole_text(site: Site) -> None:
    answer = answer_of(site, "休假", ["2018年3月1日青禾市人事办公室印发"], "2018")
    [banner] = Successors(site.knowledge_base).banners(answer)
    current = site.document("休假", "2023")
    assert [(way.words, way.address) for way in banner.ways] == [("看现行的2023年版", f"/document/{current.id}")]


def test_a_text_in_force_has_no_banner_and_other_notices_stay(site: Site) -> None:
    answer = answer_of(site, "休假", ["机关工作人员连续工作满一年的，享受年休假八天。"], "2023")
    assert Successors(site.knowledge_base).banners(answer) == ()


def test_that_a_model_failed_is_told_quietly(site: Site) -> None:
    answer = answer_of(site, "休假", ["机关工作人员连续工作满一年的，享受年休假八天。"], "2023")
    told = "语言模型没有给出内容，以下是原文摘录。"
    failed = replace(
        answer, notices=(Notice(NoticeCode.NOT_WRITTEN, told), Notice(NoticeCode.OTHER_FIGURE, "请核对。"))
    )
    banners = Successors(site.knowledge_base).banners(failed)
    assert [(one.text, one.quiet) for one in banners] == [(told, True), ("请核对。", False)]


def test_a_comparison_leads_to_the_whole_text(page: Any) -> None:
    turn = ask(page, "青禾市机关休假管理规定2018年版和2023年版有什么变化？")
    assert turn.locator(".comparison table").count() == 1
    assert turn.locator(".notice a").all_inner_texts() == ["看现行的2023年版"]
