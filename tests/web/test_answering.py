"""Runs: answers made in the background, with or without anyone looking."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from browsing import until

from assistant.conversations.conversations import Conversations
from assistant.conversations.runs import TROUBLE, Runs, TooBusy
from assistant.conversations.turns import TurnState
from assistant.errors import InvalidQuestion
from assistant.model import Answer, Event, Finished, Message, Mode, Progress


class Told:
    """Answers with the question itself, after `before` was called."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.before = before

    def stream(self, question: str, history: Sequence[Message] = (), **_: object) -> Iterator[Event]:
        yield Progress("理解问题")
        self.before()
        yield Finished(Answer(question, question, Mode.EXTRACT, (), (), 0.5))


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    opened = Conversations.open(tmp_path)
    yield opened
    opened.close()


def test_an_answer_is_finished_although_nobody_follows_it(conversations: Conversations) -> None:
    runs = Runs(Told(), conversations)
    turn = conversations.ask("甲", "有人吗")
    runs.start("甲", turn)
    until(lambda: conversations.turn("甲", turn.id).state is TurnState.DONE)
    until(lambda: runs.get(turn.id) is None)
    runs.close()


@pytest.mark.parametrize(
    ("error", "message"),
    [(InvalidQuestion("问题太怪。"), "问题太怪。"), (ValueError("internal detail"), TROUBLE)],
    ids=["known", "unknown"],
)
def test_an_error_becomes_a_sentence(conversations: Conversations, error: Exception, message: str) -> None:
    def fail() -> None:
        raise error

    runs = Runs(Told(fail), conversations)
    turn = conversations.ask("甲", "会失败")
    runs.start("甲", turn)
    until(lambda: conversations.turn("甲", turn.id).state is TurnState.FAILED)
    assert conversations.turn("甲", turn.id).message == message
    runs.close()


def test_when_too_many_wait_the_next_is_turned_away(conversations: Conversations) -> None:
    hold = threading.Event()
    runs = Runs(Told(lambda: hold.wait(10) and None), conversations, workers=1, waiting=2)
    turns = [conversations.ask("甲", f"第{i}个") for i in range(3)]
    for turn in turns:
        runs.check_room()
        runs.start("甲", turn)
    with pytest.raises(TooBusy):
        runs.check_room()
    hold.set()
    until(lambda: all(conversations.turn("甲", turn.id).state is TurnState.DONE for turn in turns))
    runs.check_room()
    runs.close()


def test_a_stopped_run_ends_at_once_and_its_late_result_is_thrown_away(conversations: Conversations) -> None:
    hold = threading.Event()
    runs = Runs(Told(lambda: hold.wait(10) and None), conversations)
    turn = conversations.ask("甲", "停")
    run = runs.start("甲", turn)
    until(lambda: bool(run.steps(0)))
    runs.stop(turn.id)
    assert conversations.turn("甲", turn.id).state is TurnState.STOPPED
    hold.set()
    time.sleep(0.05)
    assert conversations.turn("甲", turn.id).state is TurnState.STOPPED
    runs.stop(turn.id)
    runs.close()


def test_many_answers_at_once_are_not_mixed_up(conversations: Conversations) -> None:
    runs = Runs(Told(lambda: time.sleep(0.002)), conversations, workers=8)
    turns = [conversations.ask(f"读者{i}", f"问题{i}") for i in range(50)]
    for i, turn in enumerate(turns):
        runs.start(f"读者{i}", turn)
    until(lambda: not any(runs.get(turn.id) for turn in turns))
    for i, turn in enumerate(turns):
        answer = conversations.turn(f"读者{i}", turn.id).answer
        assert answer is not None
        assert answer.question == f"问题{i}"
    runs.close()


def test_a_follower_that_comes_late_gets_every_step(conversations: Conversations) -> None:
    hold = threading.Event()
    runs = Runs(Told(lambda: hold.wait(10) and None), conversations)
    run = runs.start("甲", conversations.ask("甲", "迟到"))
    until(lambda: bool(run.steps(0)))
    heard = threading.Event()
    leave = run.listen(heard.set)
    assert [step.stage for step in run.steps(0)] == ["理解问题"]
    hold.set()
    assert heard.wait(10)
    until(lambda: len(run.steps(0)) == 2)
    assert run.steps(1)[0].ended
    leave()
    runs.close()
