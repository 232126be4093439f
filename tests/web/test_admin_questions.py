"""A trainer lets a question that was answered well be seen by everybody; a trainee cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import running, visitor
from conftest import Site
from samples import answer_of, questions_of

from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback, Opinion
from assistant.conversations.turns import TurnState
from assistant.web import build

QUESTION = "来访事项多少日内答复来访人？"


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    opened = Conversations.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    opened = Accounts.open(tmp_path)
    yield opened
    opened.close()


def test_an_approved_question_stands_on_the_first_page(
    site: Site, conversations: Conversations, accounts: Accounts
) -> None:
    turn = conversations.ask("somebody", QUESTION)
    answer = answer_of(site, "来访", ["来访事项应当自登记之日起十二日内答复来访人；情况复杂的"])
    conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
    Feedback(conversations).vote("somebody", turn.id, Opinion.UP)
    parts = {"knowledge_base": site.knowledge_base, "conversations": conversations, "accounts": accounts}
    questions = questions_of(site.knowledge_base, conversations, site.stage.real)  # type: ignore[arg-type]
    app = build(answerer=site.stage, **parts, questions=questions)  # type: ignore[arg-type]
    with running(app) as url, visitor(url) as client:
        assert QUESTION not in client.get("/").text
        page = client.get("/admin/questions").text
        assert QUESTION in page
        assert "somebody" not in page
        decided = client.post("/admin/questions", data={"question": QUESTION, "do": "approve"})
        assert decided.status_code == 303
        assert "已公开" in client.get("/admin/questions").text
        assert QUESTION in client.get("/").text
        client.post("/admin/questions", data={"question": QUESTION, "do": "withdraw"})
        assert QUESTION not in client.get("/").text
        made_up = client.post("/admin/questions", data={"question": "没有人问过", "do": "approve"})
        assert made_up.status_code == 400
    assert [entry.action for entry in accounts.history(2)] == ["不再公开提问", "公开提问"]
