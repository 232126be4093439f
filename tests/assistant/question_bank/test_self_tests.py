"""Practice and papers are marked, kept for their reader alone, and what was wrong comes back."""

from __future__ import annotations

import random
from datetime import UTC, timedelta

import pytest
from duty_library import Clock, answer_within, most_paid

from assistant.conversations.conversations import Conversations
from assistant.errors import InvalidEntry, InvalidQuestion, NotYours
from assistant.study.question_bank import Item, QuestionBank, Status
from assistant.study.review import Known, Reviews
from assistant.study.self_test import Mode, SelfTests, picked
from knowledge.knowledge_base import KnowledgeBase


@pytest.fixture
def items(bank: QuestionBank, kb: KnowledgeBase) -> list[Item]:
    made = [one for one in bank.add("teacher", [answer_within(kb), most_paid(kb)]) if one]
    bank.decide("teacher", made, Status.APPROVED)
    return bank.askable()


@pytest.fixture
def tests(conversations: Conversations, clock: Clock) -> SelfTests:
    return SelfTests(conversations, clock)


@pytest.fixture
def reviews(conversations: Conversations, clock: Clock) -> Reviews:
    return Reviews(conversations, clock, local=lambda moment: moment.replace(tzinfo=UTC))


def test_a_practice_marks_each_answer_and_ends_with_the_last(tests: SelfTests, items: list[Item]) -> None:
    within, paid = items
    test = tests.begin("甲", Mode.PRACTICE, "值班", [within.id, paid.id])
    assert tests.reply("甲", test.id, within, ["3天"]).right
    assert tests.get("甲", test.id).open_items == (paid.id,)
    assert tests.reply("甲", test.id, within, ["5天"]).right is False
    assert tests.reply("甲", test.id, paid, ["A"]).right is False
    done = tests.get("甲", test.id)
    assert (done.right, done.finished_at is not None) == (1, True), "the first answer counts"


def test_a_paper_keeps_what_was_left_open_as_not_answered(tests: SelfTests, items: list[Item]) -> None:
    test = tests.begin("甲", Mode.PAPER, "值班", [one.id for one in items])
    tests.reply("甲", test.id, items[1], ["B"])
    tests.finish("甲", test.id)
    done = tests.get("甲", test.id)
    assert (done.right, done.open_items) == (1, (items[0].id,))
    with pytest.raises(InvalidQuestion):
        tests.reply("甲", test.id, items[0], ["三日"])


def test_wrong_answers_stay_until_they_are_right_twice_in_a_row(
    tests: SelfTests, items: list[Item], clock: Clock
) -> None:
    def answer(words: str) -> list[int]:
        clock.now += timedelta(minutes=1)
        test = tests.begin("甲", Mode.PRACTICE, "值班", [items[0].id])
        tests.reply("甲", test.id, items[0], [words])
        return tests.wrong("甲")

    assert answer("三日") == []
    assert [answer(one) for one in ("五日", "三日", "五日", "三日")] == [[items[0].id]] * 4
    assert answer("3日") == []


def test_nobody_else_sees_a_test_or_a_card(tests: SelfTests, reviews: Reviews, items: list[Item]) -> None:
    test = tests.begin("甲", Mode.PRACTICE, "值班", [items[0].id])
    reviews.add_item("甲", items[0].id)
    card = reviews.every("甲")[0]
    assert (tests.listing("乙"), tests.wrong("乙"), reviews.every("乙")) == ([], [], [])
    for attempt in (
        lambda: tests.get("乙", test.id),
        lambda: tests.reply("乙", test.id, items[0], ["三日"]),
        lambda: tests.forget("乙", test.id),
        lambda: reviews.rate("乙", card.id, Known.GOOD),
        lambda: reviews.put_off("乙", card.id, 1),
        lambda: reviews.remove("乙", card.id),
    ):
        with pytest.raises(NotYours):
            attempt()
    tests.forget("甲", test.id)
    assert tests.listing("甲") == []


def test_a_test_without_items_says_why(tests: SelfTests) -> None:
    with pytest.raises(InvalidQuestion, match="教员审定"):
        tests.begin("甲", Mode.PRACTICE, "值班", [])


def test_unseen_items_come_first(items: list[Item]) -> None:
    assert picked(items, 1, {items[0].id}, random.Random(1)) == [items[1].id]
    assert sorted(picked(items, 9, set(), random.Random(1))) == [one.id for one in items]


def test_a_card_comes_back_later_each_time_it_is_known(reviews: Reviews, items: list[Item], clock: Clock) -> None:
    reviews.add_item("甲", items[0].id)
    reviews.add_item("甲", items[0].id)
    (card,) = reviews.today("甲").cards
    waits = []
    for _ in range(4):
        clock.now = max(clock.now, card.due)
        before = clock.now
        card = reviews.rate("甲", card.id, Known.GOOD)
        waits.append((card.due - before).days)
        assert reviews.today("甲").cards == ()
    assert waits == sorted(waits)
    assert waits[0] >= 1
    assert waits[-1] > 14
    clock.now = card.due
    assert (reviews.rate("甲", card.id, Known.FORGOTTEN).due - clock.now).days < waits[-1] / 2


def test_after_a_holiday_a_day_asks_for_no_more_than_its_pace(reviews: Reviews, clock: Clock) -> None:
    for item_id in range(100, 140):
        reviews.add_item("甲", item_id)
    reviews.set_pace("甲", 10)
    first = reviews.today("甲")
    assert (len(first.cards), first.waiting, first.days_behind) == (10, 30, 3)
    for card in first.cards:
        reviews.rate("甲", card.id, Known.GOOD)
    assert (len(reviews.today("甲").cards), reviews.today("甲").done) == (0, 10)
    clock.now += timedelta(days=30)
    after = reviews.today("甲")
    assert (len(after.cards), after.waiting) == (10, 30)
    learnt = [one.item_id in {known.item_id for known in first.cards} for one in after.cards]
    assert learnt == [True, True, False] * 3 + [True], (
        "what was learnt is saved first, and what is new does not wait for ever"
    )
    with pytest.raises(InvalidEntry):
        reviews.set_pace("甲", 1000)


def test_a_card_can_be_put_off_and_brought_forward(reviews: Reviews, items: list[Item], clock: Clock) -> None:
    reviews.add_item("甲", items[0].id)
    reviews.add_note("甲", "n1")
    one, other = reviews.every("甲")
    reviews.put_off("甲", one.id, 3)
    today = reviews.today("甲")
    assert [card.id for card in today.cards] == [other.id]
    assert today.next_on == (clock.now + timedelta(days=3)).date()
    assert [card.id for card in reviews.earlier("甲")] == [one.id]
    reviews.remove("甲", one.id)
    assert [card.id for card in reviews.every("甲")] == [other.id]
