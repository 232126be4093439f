"""Fifty conversations at once from one process: how long until the first sentence, against one alone."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from browsing import running
from conftest import Site
from load_client import seconds_to_first_sentence
from samples import answer_of

from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.model import Answer, Event, Finished, Message, Progress, Said
from assistant.web import build
from assistant.web.chat.shell.mounting import SESSIONS

READERS = 50
DAYS = "机关工作人员连续工作满一年的，享受年休假八天。"
FIRST, BETWEEN, SENTENCES = 0.3, 0.1, 20  # a model that is quick: seconds to its first sentence, then between two

pytestmark = pytest.mark.slow


class Written:
    """Answers at the pace of a model that serves everybody at once."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def stream(self, question: str, history: Sequence[Message] = (), **_: object) -> Iterator[Event]:
        for stage in ("理解问题", "检索", "核对引文", "撰写回答"):
            yield Progress(stage)
        time.sleep(FIRST)
        for i in range(SENTENCES):
            yield Said(self._answer.sentences[0], self._answer.citations if i == 0 else ())
            time.sleep(BETWEEN)
        yield Finished(self._answer)


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[round(0.95 * (len(seconds) - 1))]


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    opened = Conversations.open(tmp_path)
    yield opened
    opened.close()


def measured(url: str, questions: list[str]) -> tuple[float, float]:
    """p95 of one reader alone (of seven tries) and of fifty at once."""
    alone = p95([seconds_to_first_sentence(url, questions[i : i + 1])[0] for i in range(7)][2:])
    return alone, p95(seconds_to_first_sentence(url, questions))


def test_fifty_written_answers_stream_at_once(
    site: Site, conversations: Conversations, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = Written(answer_of(site, "休假", [DAYS], "2023"))
    app = build(
        answerer=answers,
        knowledge_base=site.knowledge_base,
        conversations=conversations,
        reader=lambda request: request.headers.get("x-reader", "local"),
    )
    with running(app) as url:
        alone, together = measured(url, [f"第{i}位读者的问题" for i in range(READERS)])
    with capsys.disabled():
        print(f"\n写成的回答：一人 {alone:.2f} 秒，{READERS} 人同时 p95 {together:.2f} 秒，{together / alone:.1f} 倍")
    assert together < READERS * alone, "no better than one after the other"  # 18 times with Gradio, on two busy cores
    for number in range(READERS):
        [kept] = conversations.listing(f"load-{number}")[:1]
        [turn] = conversations.turns(f"load-{number}", kept.id)
        assert turn.state is TurnState.DONE
        assert turn.question == f"第{number}位读者的问题"


def test_sessions_that_are_over_do_not_pile_up(site: Site, conversations: Conversations) -> None:
    app = build(answerer=site.stage.real, knowledge_base=site.knowledge_base, conversations=conversations)
    gradio = app.router.routes[-1].app._app  # type: ignore[attr-defined]
    held = gradio.state_holder
    for number in range(SESSIONS + 20):
        held[f"session-{number}"]
    assert len(held.session_data) == len(held.time_last_used) == SESSIONS
    with running(app) as url:  # one whose session was forgotten goes on
        assert seconds_to_first_sentence(url, ["来访事项登记之后多少日内应当答复来访人？"])


def test_fifty_extracts_are_asked_at_once(
    site: Site, conversations: Conversations, capsys: pytest.CaptureFixture[str]
) -> None:
    app = build(
        answerer=site.stage.real,
        knowledge_base=site.knowledge_base,
        conversations=conversations,
        reader=lambda request: request.headers.get("x-reader", "local"),
    )
    questions = [f"来访事项登记之后第{i}天还没有答复，多少日内应当答复来访人？" for i in range(READERS)]
    with running(app) as url:
        alone, together = measured(url, questions)
    with capsys.disabled():
        print(f"\n摘录的回答：一人 {alone:.2f} 秒，{READERS} 人同时 p95 {together:.2f} 秒，{together / alone:.1f} 倍")
    assert together < 2 * READERS * alone, "worse than one after the other"
