"""Items reach trainees only when a trainer approved them and while the words they rest on hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from duty_library import DUTY, Clock, answer_within, bring, most_paid

from assistant.errors import InvalidEntry, NoSuchItem
from assistant.study.question_bank import Content, Filter, Finding, Kind, QuestionBank, Status, checked
from knowledge.knowledge_base import KnowledgeBase

ACTOR = "teacher"


def approved(bank: QuestionBank, content: Content) -> int:
    (made,) = bank.add(ACTOR, [content], finding=Finding.CONFIRMED)
    assert made is not None
    assert bank.decide(ACTOR, [made], Status.APPROVED) == []
    return made


def test_only_approved_items_reach_trainees(bank: QuestionBank, kb: KnowledgeBase) -> None:
    first, second = bank.add(ACTOR, [answer_within(kb), most_paid(kb)])
    assert bank.askable() == []
    assert first
    assert second
    bank.decide(ACTOR, [first], Status.APPROVED)
    assert [one.id for one in bank.askable()] == [first]
    bank.decide(ACTOR, [first], Status.STOPPED)
    assert bank.askable() == []


def test_the_same_item_is_not_taken_twice_however_its_marks_and_options_stand(
    bank: QuestionBank, kb: KnowledgeBase
) -> None:
    choice = most_paid(kb)
    turned = replace(choice, stem=choice.stem.replace("（ ）", "（　　）"), options=choice.options[::-1], answer=("C",))
    assert [bool(one) for one in bank.add(ACTOR, [choice, turned, choice])] == [True, False, False]


def test_an_item_is_found_by_kind_topic_document_and_words(bank: QuestionBank, kb: KnowledgeBase) -> None:
    first, second = bank.add(ACTOR, [answer_within(kb), replace(most_paid(kb), topic="补助")])
    document = kb.documents()[0].id

    def found(wanted: Filter) -> list[int]:
        assert bank.count(wanted) == len(bank.listing(wanted))
        return [one.id for one in bank.listing(wanted)]

    assert found(Filter(kind=Kind.FILL)) == [first]
    assert found(Filter(topic="补助")) == [second]
    assert found(Filter(document_id=document)) == [second, first]
    assert found(Filter(containing="节假日 补助")) == [second]
    assert found(Filter(status=Status.APPROVED)) == []
    with pytest.raises(NoSuchItem):
        bank.get(99)


def test_an_item_stops_when_its_words_change_and_waits_for_a_trainer(
    bank: QuestionBank, kb: KnowledgeBase, tmp_path: Path
) -> None:
    within, paid = approved(bank, answer_within(kb)), approved(bank, most_paid(kb))
    bring(kb, tmp_path, DUTY.replace("三日内作出", "五日内作出"))
    assert [one.id for one in bank.askable()] == [paid], "the other words only moved with the new version"
    item = bank.get(within)
    assert (item.status, "原文已改动" in item.reason) == (Status.STOPPED, True)
    assert [one.id for one in bank.listing(Filter(waiting=True))] == [within]
    source = bank.get(paid).content.source
    assert source
    assert source.version_id == kb.documents()[0].version_id
    assert bank.decide(ACTOR, [within], Status.APPROVED) == [within], "what does not hold cannot be approved"


def test_an_item_stops_when_its_document_loses_force_or_goes(
    bank: QuestionBank, kb: KnowledgeBase, clock: Clock
) -> None:
    one = approved(bank, answer_within(kb))
    document = kb.documents()[0].id
    kb.set_card(document, repealed_on="2026-04-01")
    assert [item.id for item in bank.askable()] == [one]
    clock.now = datetime(2026, 4, 2, 8, 0)
    assert bank.askable() == []
    assert "已废止" in bank.get(one).reason
    kb.set_card(document, repealed_on=None)
    assert bank.decide(ACTOR, [one], Status.APPROVED) == []
    kb.withdraw(document)
    assert bank.askable() == []
    assert "已撤下" in bank.get(one).reason


def test_an_item_on_a_document_that_is_kept_to_some_is_asked_of_nobody(bank: QuestionBank, kb: KnowledgeBase) -> None:
    one = approved(bank, answer_within(kb))
    kb.set_card(kb.documents()[0].id, audience="人事处")
    assert bank.askable() == []
    assert "限定了谁能看" in bank.get(one).reason


def test_a_changed_item_is_a_draft_again(bank: QuestionBank, kb: KnowledgeBase) -> None:
    one = approved(bank, most_paid(kb))
    changed = bank.change(ACTOR, one, replace(most_paid(kb), explanation="见第四条"))
    assert (changed.status, changed.content.explanation) == (Status.DRAFT, "见第四条")
    other = approved(bank, answer_within(kb))
    with pytest.raises(InvalidEntry, match=f"编号 {one}"):
        bank.change(ACTOR, other, most_paid(kb))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"stem": " "}, "题干是空的"),
        ({"answer": ()}, "没有答案"),
        ({"answer": ("E",)}, "不在选项里"),
        ({"answer": ("A", "B")}, "2 个答案"),
        ({"options": ("甲",), "answer": ("A",)}, "1 个选项"),
        ({"options": ("二百元", "２００元", "200 元", "二百 元")}, "选项 B 和 C 相同"),
        ({"kind": Kind.MULTIPLE}, "多选题只有一个答案"),
        ({"kind": Kind.JUDGE, "options": ()}, "“对”或“错”"),
        ({"kind": Kind.FILL, "options": (), "answer": ("一", "二")}, "1 个空，答案有 2 个"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(changes: dict[str, object], reason: str) -> None:
    whole = Content(Kind.SINGLE, "补助不超过（ ）。", ("一百元", "二百元"), ("B",))
    with pytest.raises(InvalidEntry, match=reason):
        checked(replace(whole, **changes))  # type: ignore[arg-type]
