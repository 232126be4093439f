"""Conversations are kept whole, belong to one reader, and survive a restart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversations.answer_json import answer_from_json, answer_json
from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.errors import InvalidQuestion, NotYours
from assistant.model import Answer, Citation, CitedDocument, Mode, Notice, NoticeCode, Refusal, Role, Sentence, Table
from knowledge.model import Validity

DOCUMENT = CitedDocument(3, "样例条例", "样发〔2020〕1号", "样例机关", "2020", Validity.REVISED)
CITATION = Citation(1, DOCUMENT, 7, 21, "第二章/第五条", "年假为五天。", 120, 126)
EXTRACT = Answer(
    question="年假几天",
    standalone="样例条例规定年假几天",
    mode=Mode.EXTRACT,
    sentences=(Sentence("年假为五天。", (1,)), Sentence("按条文比对。", (), Role.NOTE)),
    citations=(CITATION,),
    confidence=0.81,
    notices=(Notice(NoticeCode.NOT_IN_FORCE, "《样例条例》已被修订。", 1),),
    table=Table(("旧版", "新版"), ("第五条",), (((0,), ()),)),
    timings_ms={"search": 3.5},
)
REFUSAL = Answer(
    question="明年几天",
    standalone="明年几天",
    mode=Mode.REFUSE,
    sentences=(),
    citations=(),
    confidence=0.0,
    refusal=Refusal("not_in_library", "库中没有《休假办法》。", (CITATION,), "休假办法"),
)


class Clock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, 0)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def conversations(tmp_path: Path, database_url: str | None, clock: Clock) -> Iterator[Conversations]:
    opened = Conversations.open(tmp_path, database_url, now=clock)
    yield opened
    opened.close()


@pytest.mark.parametrize("answer", [EXTRACT, REFUSAL], ids=["extract", "refusal"])
def test_an_answer_comes_back_exactly_as_it_was_stored(conversations: Conversations, answer: Answer) -> None:
    turn = conversations.ask("甲", answer.question)
    conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
    kept = conversations.turn("甲", turn.id)
    assert kept.answer == answer
    assert kept.state is TurnState.DONE
    assert answer_from_json(answer_json(answer)) == answer


def test_a_conversation_is_named_after_its_first_question(conversations: Conversations) -> None:
    turn = conversations.ask("甲", "  公务员法\n第五十九条  ")
    assert conversations.get("甲", turn.conversation_id).title == "公务员法 第五十九条"
    long = conversations.ask("甲", "长" * 300)
    assert len(conversations.get("甲", long.conversation_id).title) == 40


def test_turns_follow_in_the_order_asked_and_their_history_comes_from_the_database(
    conversations: Conversations,
) -> None:
    first = conversations.ask("甲", "年假几天")
    conversations.close_turn(first.id, TurnState.DONE, answer=EXTRACT)
    second = conversations.ask("甲", "那病假呢", first.conversation_id, as_of=date(2020, 5, 1))
    assert [turn.ordinal for turn in conversations.turns("甲", first.conversation_id)] == [1, 2]
    assert [(m.role, m.content) for m in conversations.history("甲", second.id)] == [
        ("user", "年假几天"),
        ("assistant", EXTRACT.text),
    ]
    assert conversations.history("甲", first.id) == []
    assert conversations.turn("甲", second.id).as_of == date(2020, 5, 1)


def test_other_peoples_conversations_do_not_exist(conversations: Conversations) -> None:
    turn = conversations.ask("甲", "年假几天")
    attempts = [
        lambda: conversations.get("乙", turn.conversation_id),
        lambda: conversations.turns("乙", turn.conversation_id),
        lambda: conversations.turn("乙", turn.id),
        lambda: conversations.history("乙", turn.id),
        lambda: conversations.ask("乙", "我也问", turn.conversation_id),
        lambda: conversations.ask_again("乙", turn.id),
        lambda: conversations.rename("乙", turn.conversation_id, "改名"),
        lambda: conversations.pin("乙", turn.conversation_id, True),
        lambda: conversations.delete("乙", turn.conversation_id),
        lambda: conversations.restore("乙", turn.conversation_id),
    ]
    for attempt in attempts:
        with pytest.raises(NotYours):
            attempt()
    assert conversations.listing("乙") == []
    assert conversations.get("甲", turn.conversation_id).title == "年假几天"


def test_a_question_waits_for_the_one_before_it(conversations: Conversations) -> None:
    first = conversations.ask("甲", "年假几天")
    with pytest.raises(InvalidQuestion, match="还在回答"):
        conversations.ask("甲", "病假几天", first.conversation_id)
    conversations.close_turn(first.id, TurnState.DONE, answer=EXTRACT)
    assert conversations.ask("甲", "病假几天", first.conversation_id).ordinal == 2


def test_the_last_question_can_be_answered_again(conversations: Conversations) -> None:
    first = conversations.ask("甲", "年假几天")
    conversations.close_turn(first.id, TurnState.FAILED, message="出错了。")
    again = conversations.ask_again("甲", first.id)
    assert (again.id, again.state, again.message) == (first.id, TurnState.ANSWERING, None)
    conversations.close_turn(first.id, TurnState.DONE, answer=EXTRACT)
    conversations.close_turn(
        conversations.ask("甲", "病假几天", first.conversation_id).id, TurnState.DONE, answer=REFUSAL
    )
    with pytest.raises(InvalidQuestion):
        conversations.ask_again("甲", first.id)


def test_the_list_is_pinned_first_then_latest_first_and_can_be_searched(conversations: Conversations) -> None:
    old = conversations.ask("甲", "信访事项多少日内答复")
    conversations.close_turn(old.id, TurnState.DONE, answer=REFUSAL)
    middle = conversations.ask("甲", "年假几天")
    conversations.close_turn(middle.id, TurnState.DONE, answer=EXTRACT)
    new = conversations.ask("甲", "100%怎么算_")
    conversations.pin("甲", old.conversation_id, True)
    assert [one.id for one in conversations.listing("甲")] == [
        old.conversation_id,
        new.conversation_id,
        middle.conversation_id,
    ]
    found = {word: [one.id for one in conversations.listing("甲", word)] for word in ("信访", "五天", "0%", "五_天")}
    assert found == {
        "信访": [old.conversation_id],
        "五天": [middle.conversation_id],
        "0%": [new.conversation_id],
        "五_天": [],
    }


def test_a_deleted_conversation_can_be_brought_back_for_a_week(conversations: Conversations, clock: Clock) -> None:
    turn = conversations.ask("甲", "年假几天")
    conversations.close_turn(turn.id, TurnState.DONE, answer=EXTRACT)
    conversations.delete("甲", turn.conversation_id)
    assert conversations.listing("甲") == []
    with pytest.raises(NotYours):
        conversations.turn("甲", turn.id)
    conversations.recover()
    assert conversations.restore("甲", turn.conversation_id).title == "年假几天"
    assert conversations.turn("甲", turn.id).answer == EXTRACT
    conversations.delete("甲", turn.conversation_id)
    clock.now += timedelta(days=8)
    conversations.recover()
    with pytest.raises(NotYours):
        conversations.restore("甲", turn.conversation_id)


def test_after_a_restart_everything_is_there_and_cut_off_answers_are_marked(
    tmp_path: Path, database_url: str | None
) -> None:
    before = Conversations.open(tmp_path, database_url)
    done = before.ask("甲", "年假几天")
    before.close_turn(done.id, TurnState.DONE, answer=EXTRACT)
    cut = before.ask("甲", "病假几天", done.conversation_id)
    before.close()
    after = Conversations.open(tmp_path, database_url)
    assert after.recover() == 1
    states = [turn.state for turn in after.turns("甲", done.conversation_id)]
    assert states == [TurnState.DONE, TurnState.INTERRUPTED]
    assert after.turn("甲", cut.id).answer is None
    assert after.recover() == 0
    after.close()


def test_an_empty_title_is_refused(conversations: Conversations) -> None:
    turn = conversations.ask("甲", "年假几天")
    with pytest.raises(InvalidQuestion):
        conversations.rename("甲", turn.conversation_id, "  ")
    assert conversations.rename("甲", turn.conversation_id, " 休假 ").title == "休假"
