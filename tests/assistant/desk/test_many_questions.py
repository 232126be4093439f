"""The trainers' queues with ten thousand conversations: nobody waits for them, and nothing is missing from them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from small_library import open_library, regulation, write

from assistant.accounts.store import Accounts
from assistant.answerer import Answerer
from assistant.answering.refusals import NO_ANSWER
from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback, Opinion
from assistant.conversations.schema import conversation, turn, vote
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curation.lists import Lists
from assistant.curation.queues.handling import Handling, Queue, State
from assistant.curation.queues.unanswered import MOST_TURNS, Clusters, refused_turns
from assistant.curation.reloading import LiveAnswerer
from assistant.web.admin.questions.workbench import Questions, workbench
from assistant.web.admin.waiting import Counts
from assistant.web.pages import Pages

CONVERSATIONS = 10_000
REFUSED_EVERY = 4
NOW = datetime(2026, 6, 1)


class SlowEncoder:
    """Takes its time for each question; the vector tells its first character."""

    name, dimension, seconds = "slow", 64, 0.01

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        time.sleep(self.seconds)
        return np.eye(64, dtype=np.float32)["甲乙丙".index(text[0])]


def answer(refused: bool) -> str:
    citation = {"marker": 1, "address": "第一条", "quote": "借书由阅览室登记" * 30, "start": 0, "end": 240}
    refusal = {"code": NO_ANSWER, "reason": "没有", "missing": None, "nearest": [citation] * 5} if refused else None
    return json.dumps({"standalone": "借书怎么办", "text": "甲" * 800, "refusal": refusal, "citations": [citation] * 5})


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    opened = Conversations.open(tmp_path)
    texts = [answer(refused) for refused in (True, False)]
    times = [NOW + timedelta(minutes=number) for number in range(CONVERSATIONS)]
    dated = [{"created_at": at, "updated_at": at} for at in times]
    ids = [
        {"id": f"c{number}", "user": f"u{number % 200}", "title": "", "pinned": False} for number in range(len(times))
    ]
    turns = [
        {
            "id": f"t{number}",
            "conversation_id": f"c{number}",
            "ordinal": 1,
            "question": "借书怎么办",
            "state": "done",
            "answer": texts[number % REFUSED_EVERY > 0],
            "asked_at": at,
        }
        for number, at in enumerate(times)
    ]
    for start in range(0, CONVERSATIONS, 1000):  # no write transaction of ours is long, not here either
        some = slice(start, start + 1000)
        with opened.database.write() as connection:
            connection.execute(conversation.insert(), [a | b for a, b in zip(ids[some], dated[some], strict=True)])
        with opened.database.write() as connection:
            connection.execute(turn.insert(), turns[some])
    yield opened
    opened.close()


def test_refused_questions_are_found_without_reading_every_answer(conversations: Conversations) -> None:
    began = time.thread_time()
    found = refused_turns(conversations.database)
    took = time.thread_time() - began
    assert len(found) == MOST_TURNS
    assert found[0].asked_at == NOW + timedelta(minutes=CONVERSATIONS - REFUSED_EVERY)
    assert took < 0.25


def test_votes_are_found_in_their_order(conversations: Conversations) -> None:
    with conversations.database.write() as connection:
        rows = [
            {"turn_id": f"t{number}", "user": "u", "opinion": "up", "reason": None, "comment": "", "voted_at": NOW}
            for number in range(2000)
        ]
        connection.execute(vote.insert(), rows)
    began = time.thread_time()
    assert Feedback(conversations).votes(Opinion.DOWN) == []
    assert time.thread_time() - began < 0.1


def test_questions_that_are_not_encoded_yet_hold_nobody_up(conversations: Conversations) -> None:
    turns = refused_turns(conversations.database, 60)
    different = [replace(one, question=f"{'甲乙丙'[number % 3]}{number}") for number, one in enumerate(turns)]
    clusters = Clusters(SlowEncoder, patience=0.1)
    clusters.warm()
    began = time.thread_time()
    first = clusters.gather(different)
    assert time.thread_time() - began < 0.5
    assert sum(one.count for one in first) == 60
    assert len(first) > 3
    deadline = time.monotonic() + 60
    while len(found := clusters.gather(different)) > 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [one.count for one in found] == [20, 20, 20]
    while (again := clusters.gather(different)) is not found and time.monotonic() < deadline:
        found = again
    assert clusters.gather(different) is found  # nothing new was asked


def test_what_waits_is_counted_for_every_page_of_the_desk(conversations: Conversations, tmp_path: Path) -> None:
    kb, accounts, lists = open_library(tmp_path), Accounts.open(tmp_path), Lists(tmp_path)
    kb.add([write(tmp_path, "draft.md", regulation("阅览办法", ["登记"]))])
    live = LiveAnswerer(lambda: Answerer(kb, kb.register, lists.lexicon), lists.stamp)
    about = Questions(live, lists, CuratedAnswers(conversations.database))
    counts = Counts(workbench(accounts, kb, conversations, Feedback(conversations), Pages(), about))
    with conversations.database.write() as connection:
        rows = [
            {"turn_id": f"t{number}", "user": "u", "opinion": "down", "reason": reason, "comment": "", "voted_at": NOW}
            for number, reason in enumerate((None, "已过时", "其他"))
        ]
        connection.execute(vote.insert(), rows)
    handling = Handling(conversations.database)
    refused = [f"t{number}" for number in range(0, CONVERSATIONS, REFUSED_EVERY)]
    handling.close("teacher", Queue.UNANSWERED, refused[:1000], State.DECLINED)
    handling.close("teacher", Queue.DISLIKED, ["t2"], State.DONE)
    counts()
    began = time.thread_time()
    found = counts()
    took = time.thread_time() - began
    waiting = found["/admin/queues"]
    assert waiting.count >= len(refused) - 1000 + 2
    for words in (f"没有答上的提问 {len(refused) - 1000} 次", "没用的回答 1 个", "已过时 1 个"):
        assert words in waiting.words
    assert found["/admin/documents"].count == 1
    assert "/admin/items" not in found
    assert took < 0.1
    print(f"\ncounting what waits among {CONVERSATIONS} conversations: {took * 1000:.0f} ms")
    accounts.close()
    kb.close()
