"""What the empty page offers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import started
from conftest import Site
from samples import answer_of

from assistant.conversations.feedback import Feedback, Opinion, ReportState
from assistant.conversations.turns import TurnState
from assistant.model import Answer, Mode, Refusal
from assistant.web.chat.home import ENTRANCES, QUESTIONS, entrances, newest, renewed
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

LIBRARY = Path(__file__).resolve().parents[2] / "knowledge" / "library"


def test_every_example_names_a_guide_of_the_starter_library_on_its_topic() -> None:
    guides = [path.read_text(encoding="utf-8") for path in LIBRARY.glob("*.md")]
    for topic, _, examples in ENTRANCES:
        assert topic in ("不会", "不敢", "不想")
        for example in examples[:QUESTIONS]:
            named = [guide for guide in guides if f"\ntitle: {example.answered_by}" in guide]
            assert len(named) == 1, example


def test_no_question_is_offered_that_the_library_cannot_answer(site: Site) -> None:
    assert all(not entrance.questions for entrance in entrances(site.knowledge_base))


@pytest.mark.browser
def test_without_guides_the_page_offers_articles_to_look_up(open_page: Callable[..., Any]) -> None:
    page = open_page()
    offered = page.locator("#first button.example, #hello button.example").all_inner_texts()
    assert offered
    assert all(question.endswith("第二条") for question in offered)


@pytest.mark.browser
def test_the_first_page_shows_what_is_new_and_what_others_asked(
    open_page: Callable[..., Any], site: Site, reader: str
) -> None:
    for user in (f"{reader}-1", f"{reader}-2"):
        turn = site.conversations.ask(user, "来访事项多少日内答复来访人？")
        answer = answer_of(site, "来访", ["来访事项应当自登记之日起十二日内答复来访人；情况复杂的"])
        site.conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
        Feedback(site.conversations).vote(user, turn.id, Opinion.UP)
    page = open_page()
    started(page)
    panel = page.locator(".panel", has_text="大家问过")
    assert "来访事项多少日内答复来访人？" in panel.inner_text()
    assert reader not in page.content().replace(f'"{reader}"', "")
    news = page.locator(".panel", has_text="新入库的文件")
    assert news.locator("li").count() == 4
    news.locator("a", has_text="来访接待规则").click()
    page.wait_for_selector("#text")


@pytest.mark.browser
def test_who_reported_a_question_is_told_on_the_first_page_when_it_was_met(
    open_page: Callable[..., Any], site: Site, reader: str
) -> None:
    turn = site.conversations.ask(reader, "采购办法怎么规定？")
    refusal = Refusal("no_answer", "库中没有找到。")
    site.conversations.close_turn(
        turn.id, TurnState.DONE, answer=Answer("问", "问", Mode.REFUSE, (), (), 0.0, refusal=refusal)
    )
    feedback = Feedback(site.conversations)
    feedback.close(feedback.report(reader, turn.id).id, ReportState.SUPPLIED, "采购办法已入库")
    page = open_page()
    started(page)
    page.locator(".good-news a").click()
    page.locator("article.turn .told", has_text="采购办法已入库").wait_for()


def test_a_document_that_was_replaced_is_listed_as_renewed(tmp_path: Path) -> None:
    file = tmp_path / "办法.txt"
    file.write_text("样例办法\n\n第一条　为了甲，制定本办法。\n", encoding="utf-8")
    library = KnowledgeBase.open(tmp_path / "data", lambda: open_encoder("builtin"), register=Register.load())
    library.add([file], publish=True)
    assert renewed(library, library.published()) == []
    file.write_text("样例办法\n\n第一条　为了甲和乙，制定本办法。\n", encoding="utf-8")
    library.add([file], publish=True)
    assert [one.document.card.title for one in renewed(library, library.published())] == ["样例办法"]
    assert [one.document.id for one in newest(library.published())] == [one.id for one in library.published()]
    library.close()
