"""What the routes share: the parts handed to `build`, and who is reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request

from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback
from assistant.conversations.next_questions import Offers
from assistant.conversations.runs import Runs
from assistant.study.diagnosis import Diagnoses
from assistant.study.lessons import Lessons
from assistant.study.notes import Notes
from assistant.study.outlines import Outlines
from assistant.study.plans import Plans, Readings
from assistant.study.policies import Policies
from assistant.study.question_bank import QuestionBank
from assistant.study.review import Reviews
from assistant.study.self_test import SelfTests
from assistant.web.pages import Pages
from knowledge.knowledge_base import KnowledgeBase

if TYPE_CHECKING:  # they read what the source drawer reads, which has this site
    from assistant.accounts.model import Class
    from assistant.web.chat.home_cards import HomeCards
    from assistant.web.chat.validity_banner import Successors

LOCAL_USER = "local"


def local_user(_request: Request) -> str:
    """The one reader of a machine without accounts."""
    return LOCAL_USER


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of one web application. `reader` names the user behind a request; `originals` is the folder of the
    files as they were brought in, named by their sha256 (None: no downloads); `now` is the time in UTC; `cards` are those
    of the first page, where trainers can set them, and `class_of` tells the class of a reader."""

    knowledge_base: KnowledgeBase
    conversations: Conversations
    feedback: Feedback
    notes: Notes
    outlines: Outlines
    bank: QuestionBank
    tests: SelfTests
    reviews: Reviews
    policies: Policies
    diagnoses: Diagnoses
    plans: Plans
    readings: Readings
    lessons: Lessons
    runs: Runs
    offers: Offers
    successors: Successors
    pages: Pages
    originals: Path | None
    reader: Callable[[Request], str]
    today: Callable[[], date]
    now: Callable[[], datetime]
    cards: HomeCards | None = None
    class_of: Callable[[str], Class | None] = lambda _: None
