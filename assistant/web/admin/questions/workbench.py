"""What the desk's pages about questions share: the parts they work with, who is working, reading a form."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curation.cases import Cases
from assistant.curation.lists import Lists
from assistant.curation.queues.board import Board
from assistant.curation.queues.handling import Handling
from assistant.curation.queues.unanswered import Clusters
from assistant.curation.reloading import LiveAnswerer
from assistant.web.pages import Pages
from assistant.web.security.access import LOCAL_ACTOR
from knowledge.knowledge_base import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Questions:
    """What the composition root hands in for the desk's pages about questions: the answerer of the chat, the trainers'
    lists and the curated answers that it answers with."""

    live: LiveAnswerer
    lists: Lists
    curated: CuratedAnswers


ENCODING_SECONDS = 0.2  # for which the page of the queues may be held up


@dataclass(frozen=True, slots=True)
class Workbench:
    """The parts of the desk that concern questions. `live` is the answerer of the chat, asked here for extracts only."""

    accounts: Accounts
    knowledge_base: KnowledgeBase
    conversations: Conversations
    feedback: Feedback
    pages: Pages
    curated: CuratedAnswers
    lists: Lists
    cases: Cases
    board: Board
    live: LiveAnswerer

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page of the desk."""
        return self.pages.page(template, status, section="admin", **values)

    def trainers(self) -> list[str]:
        """Who may be asked to look after something, by name."""
        able = (Role.TRAINER, Role.ADMINISTRATOR)
        return [user.name for user in self.accounts.users() if user.role in able and not user.disabled] or [LOCAL_ACTOR]


def workbench(
    accounts: Accounts,
    knowledge_base: KnowledgeBase,
    conversations: Conversations,
    feedback: Feedback,
    pages: Pages,
    about: Questions,
) -> Workbench:
    """The workbench of one data folder."""
    live, lists, curated = about.live, about.lists, about.curated
    cases, handling = Cases(knowledge_base.data), Handling(conversations.database)
    clusters = Clusters(lambda: knowledge_base.encoder, patience=ENCODING_SECONDS)
    threading.Thread(target=clusters.warm, name="clusters", daemon=True).start()
    board = Board(knowledge_base, conversations, feedback, curated, lists, cases, handling, clusters)
    return Workbench(accounts, knowledge_base, conversations, feedback, pages, curated, lists, cases, board, live)


async def _form(request: Request) -> Fields:
    sent = await request.form()
    return Fields([(name, value) for name, value in sent.multi_items() if not isinstance(value, UploadFile)])


class Fields:
    """What a form sent, as text."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def one(self, name: str) -> str:
        """The last value of a field, "" when it was not sent."""
        found = self.all(name)
        return found[-1] if found else ""

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return [value for given, value in self._pairs if given == name]


Form = Annotated[Fields, Depends(_form)]


def back(address: str, **query: str) -> RedirectResponse:
    """To another page of the desk once something was done."""
    from starlette.datastructures import URL

    kept: Mapping[str, str] = {name: value for name, value in query.items() if value}
    return RedirectResponse(URL(address).include_query_params(**kept), 303)
