"""A text whose own term has run out is 已失效 from the day after its last one, by what it says itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from small_library import open_library, write

from knowledge.errors import InvalidCard
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Sureness, Validity

POLICY = """# 青禾县集市奖补办法

第一条 为繁荣集市，制定本办法。

第二条 每个摊位奖补五百元。

第三条 本办法自2023年4月1日起施行，有效期三年。

青禾县人民政府

2023年3月20日
"""
CLOSING = """# 关于停止执行有关文件的公告

《青禾县集市奖补办法》（青政规〔2023〕3号）自2025年7月1日起废止。

青禾县人民政府

2025年6月10日
"""


class Clock:
    day = date(2026, 3, 31)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    kb = open_library(tmp_path / "data", today=lambda: Clock.day)
    kb.add([write(tmp_path / "in", "a.md", POLICY)], publish=True)
    yield kb
    kb.close()
    Clock.day = date(2026, 3, 31)


def test_the_last_day_still_counts_and_the_next_one_does_not(library: KnowledgeBase) -> None:
    [held] = library.documents()
    assert held.card.valid_until == date(2026, 3, 31)
    assert (held.card.sureness["valid_until"], held.card.evidence["valid_until"]) == (Sureness.SURE, "有效期三年")
    assert held.validity is Validity.IN_FORCE
    assert library.validities_on(date(2026, 4, 1)) == {held.id: Validity.EXPIRED}
    [ends] = library.upcoming()
    assert (ends.day, ends.effects[0].validity) == (date(2026, 4, 1), (Validity.IN_FORCE, Validity.EXPIRED))
    Clock.day = date(2026, 4, 1)
    assert library.document(held.id).validity is Validity.EXPIRED


def test_a_first_day_put_right_moves_the_last_one_with_it(library: KnowledgeBase) -> None:
    [held] = library.documents()
    assert library.set_card(held.id, effective_on="2023-05-01").card.valid_until == date(2026, 4, 30)
    assert library.set_card(held.id, valid_until="2027-01-01").card.valid_until == date(2027, 1, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_until": "2023-03-31"},
        {"effective_on": "2026-04-01", "valid_until": "2026-03-31"},
        {"repealed_on": "2022-01-01"},
    ],
)
def test_dates_that_contradict_each_other_are_refused(library: KnowledgeBase, fields: dict[str, str]) -> None:
    [held] = library.documents()
    with pytest.raises(InvalidCard, match="互相矛盾"):
        library.set_card(held.id, **fields)
    assert library.document(held.id).card == held.card


def test_a_repeal_counts_from_the_day_it_names(library: KnowledgeBase, tmp_path: Path) -> None:
    [held] = library.documents()
    library.add([write(tmp_path / "in", "b.md", CLOSING)], publish=True)
    assert library.validities_on(date(2025, 6, 30))[held.id] is Validity.IN_FORCE
    assert library.validities_on(date(2025, 7, 1))[held.id] is Validity.REPEALED


def test_what_a_text_replaced_does_not_come_back_when_its_own_term_is_over(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    [newer] = library.documents()
    older = POLICY.replace("2023", "2019").replace("，有效期三年", "")
    [added] = library.add([write(tmp_path / "in", "old.md", older)], publish=True)
    assert library.validities_on(date(2026, 4, 1)) == {newer.id: Validity.EXPIRED, added.document_id: Validity.REVISED}
