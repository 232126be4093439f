"""What the empty page offers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Site

from assistant.web.home import ENTRANCES, entrances

LIBRARY = Path(__file__).resolve().parents[2] / "knowledge" / "library"


def test_every_example_names_a_guide_of_the_starter_library_on_its_topic() -> None:
    guides = [path.read_text(encoding="utf-8") for path in LIBRARY.glob("*.md")]
    for topic, _, examples in ENTRANCES:
        assert len(examples) == 3
        for example in examples:
            named = [guide for guide in guides if f"\ntitle: {example.answered_by}" in guide]
            assert len(named) == 1, example
            assert topic in ("不会", "不敢", "不想")


def test_no_question_is_offered_that_the_library_cannot_answer(site: Site) -> None:
    assert all(not entrance.questions for entrance in entrances(site.knowledge_base))


@pytest.mark.browser
def test_without_guides_the_page_offers_articles_to_look_up(open_page: Callable[..., Any]) -> None:
    page = open_page()
    offered = page.locator("button.example").all_inner_texts()
    assert offered
    assert all(question.endswith("第二条") for question in offered)
