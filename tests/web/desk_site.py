"""The desk for the web tests: an application of its own over the shared library, with people in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from browsing import running, visitor
from made_up_library import write_library
from starlette.applications import Starlette

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.answerer import Answerer
from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback
from assistant.conversations.turns import TurnState
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curated_answers.matching import Reviewed
from assistant.curation.lists import Lists
from assistant.curation.reloading import LiveAnswerer, ReadersAnswers
from assistant.model import Answer
from assistant.web import build
from assistant.web.admin.questions.workbench import Questions
from assistant.web.api.programs import Programs
from assistant.web.api.record import Record
from assistant.web.security.access import allowed
from eval.desk import evaluation_desk
from eval.reporting.frame import Frame
from eval.reporting.pages import router as eval_pages
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

PASSWORD = "长江黄河泰山长城二〇二六"
#: Refused, and about the same thing.
OVERTIME = ("加班补贴一天多少钱", "加班补助一天发多少钱", "加班一天给多少补贴")
HUGE = "110101199003074514"  # has the shape of an identity number


@dataclass
class DeskSite:
    """A running desk with everything behind it."""

    url: str
    app: Starlette
    data: Path
    kb: KnowledgeBase
    conversations: Conversations
    accounts: Accounts
    answerer: LiveAnswerer

    @contextmanager
    def enter(self, name: str = "") -> Iterator[httpx.Client]:
        """A client with a session of `name`."""
        cookies = {"xuesi_session": self.session(name)} if name else {}
        with visitor(self.url, cookies=cookies) as client:
            yield client

    def session(self, name: str) -> str:
        """The token of a new session of `name`."""
        return self.accounts.sessions.begin(self.accounts.user(name).id)

    def ask(self, name: str, question: str) -> tuple[str, Answer]:
        """Let a user ask and be answered, without a browser; the id of the turn and the answer."""
        user = self.accounts.user(name).id
        turn = self.conversations.ask(user, question)
        answer = self.answerer.now.answer(question)
        self.conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
        return turn.id, answer

    def cases(self) -> Sequence[dict[str, object]]:
        """What stands in cases.jsonl."""
        path = self.data / "cases.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@contextmanager
def desk_site(
    data: Path,
    further: Callable[[Accounts], dict[str, object]] | None = None,
    now: Callable[[], datetime] | None = None,
    runs: Path | None = None,
) -> Iterator[DeskSite]:
    """A desk in the folder `data`, with a library, an administrator, a trainer and two trainees. `now` is the clock of study,
    in UTC; with `runs`, a folder, trainers evaluate in the browser."""
    register = Register.load()
    kb = KnowledgeBase.open(data, lambda: open_encoder("builtin"), register=register)
    kb.add([write_library(data.parent / "made-up")], publish=True)
    conversations, accounts = Conversations.open(data, now=now), Accounts.open(data)
    accounts.add_first("root1", PASSWORD)
    accounts.add("root1", "teacher", PASSWORD, Role.TRAINER)
    for name in ("xy01", "xy02"):
        accounts.add("root1", name, PASSWORD, Role.TRAINEE)
    lists, curated = Lists(data), CuratedAnswers(conversations.database)

    def answerer() -> Answerer:
        return Answerer(kb, register, lists.lexicon, blocked=lists.blocked, reviewed=Reviewed(curated, kb))

    live = LiveAnswerer(answerer, lists.stamp)
    answers = ReadersAnswers(live, kb, accounts.membership.groups_of)
    pages: dict[str, object] = further(accounts) if further else {}
    if runs:
        may, kept = allowed(accounts, Role.TRAINER), runs
        pages["/admin/eval"] = ("评测", lambda desk: evaluation_desk(kept, data, kb, lambda: live.now, may, desk))
    app = build(
        answerer=answers,
        programs=Programs(answers, Record(conversations)),
        knowledge_base=kb,
        conversations=conversations,
        accounts=accounts,
        originals=data / "originals",
        questions=Questions(live, lists, curated),
        further=pages,  # type: ignore[arg-type]
        **({"now": now, "today": lambda: now().date()} if now else {}),  # type: ignore[arg-type]
    )
    with running(app) as url:
        yield DeskSite(url, app, data, kb, conversations, accounts, live)
    conversations.close()
    accounts.close()
    kb.close()


def evaluations(accounts: Accounts) -> dict[str, object]:
    """The pages of evaluation runs, as `xuesi serve` puts them under the desk."""
    may = allowed(accounts, Role.TRAINER)
    return {"/admin/eval": ("评测", lambda pages: eval_pages(Path("no-runs-yet"), may, Frame(pages, {})))}


def complain(site: DeskSite, name: str, turn_id: str, comment: str = "") -> None:
    """Tell the trainers that a question was refused."""
    Feedback(site.conversations).report(site.accounts.user(name).id, turn_id, comment)
