"""The queues of the desk beside the unanswered questions: what readers disliked, what the library lacks, what to look at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.conversations.feedback import Reason, Voted
from assistant.curated_answers.answers import CuratedAnswer, CuratedAnswers
from assistant.curated_answers.still_valid import standing
from assistant.curation.queues.unanswered import Refused
from assistant.verification.formulations import Formulation
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Entry
from knowledge.metadata.validity import series_key
from knowledge.model import Document, Status

#: So long a document that has come into force is shown.
NEWLY = timedelta(days=60)
#: So long before its last day a document is shown as 即将到期.
SOON = timedelta(days=60)
#: From this score of `Register.belongs` a question is all but made of one document's subjects.
ITS_OWN = 0.5


@dataclass(frozen=True, slots=True)
class Missing:
    """A document of the register that the library lacks, with the refused questions that belong to it, masked: those that
    were refused by naming it, and those whose subject is its own."""

    entry: Entry
    questions: tuple[str, ...] = ()

    @property
    def asked(self) -> int:
        return len(self.questions)


@dataclass(frozen=True, slots=True)
class Recheck:
    """A curated answer that is out of use, and why."""

    answer: CuratedAnswer
    reasons: tuple[str, ...]

    @property
    def subject(self) -> str:
        """What was closed is open again once the answer was changed."""
        return f"{self.answer.id}:{self.answer.changed_at:%Y%m%d%H%M%S}"


@dataclass(frozen=True, slots=True)
class DatePassed:
    """A document whose date has come: `what` happened on `day`."""

    document: Document
    day: date
    what: str

    @property
    def subject(self) -> str:
        return f"{self.document.id}:{self.day}"


def disliked(votes: Sequence[Voted], *, outdated: bool) -> list[Voted]:
    """Of answers that readers voted down those reported as 已过时, or all others."""
    return [voted for voted in votes if (voted.vote.reason is Reason.OUTDATED) == outdated]


def missing_documents(kb: KnowledgeBase, refused: Sequence[Refused]) -> list[Missing]:
    """Documents in force of the register that are not in the library, those asked for most often first."""
    held = {document.series for document in kb.documents()}
    lacking = [entry for entry in kb.register.entries if entry.in_force and series_key(entry.title) not in held]
    asked: dict[str, list[str]] = {series_key(entry.title): [] for entry in lacking}
    for turn in refused:
        title = turn.missing or _subject_of(kb, turn.question)
        if title and series_key(title) in asked:
            asked[series_key(title)].append(turn.question)
    found = [Missing(entry, tuple(asked[series_key(entry.title)])) for entry in lacking]
    return sorted(found, key=lambda one: -one.asked)


def _subject_of(kb: KnowledgeBase, question: str) -> str | None:
    """The document whose subject a question is that nothing was found for."""
    best = next(iter(kb.register.belongs(question)), None)
    return best[0].title if best and best[1] >= ITS_OWN else None


def to_recheck(curated: CuratedAnswers, kb: KnowledgeBase, formulations: Iterable[Formulation]) -> list[Recheck]:
    """Curated answers that are out of use because of what they cite or say."""
    known = tuple(formulations)
    found = [Recheck(answer, standing(answer, kb, known).reasons) for answer in curated.every()]
    return [one for one in found if one.reasons]


def dates_passed(kb: KnowledgeBase) -> list[DatePassed]:
    """Published documents that were repealed, whose term has run out or soon will, or that came into force lately, and
    drafts that came into force while they waited; the latest date first."""
    today = kb.today()
    found = []
    for document in kb.documents():
        card, published = document.card, document.status is Status.PUBLISHED
        if card.repealed_on and card.repealed_on <= today and published:
            found.append(DatePassed(document, card.repealed_on, "已到废止日期，仍在发布"))
        elif card.valid_until and published and card.valid_until < today:
            found.append(DatePassed(document, card.valid_until, "有效期已满，仍在发布"))
        elif card.valid_until and published and card.valid_until <= today + SOON:
            left = (card.valid_until - today).days
            found.append(
                DatePassed(document, card.valid_until, f"即将到期，{f'还有 {left} 天' if left else '今天是最后一天'}")
            )
        elif card.effective_on and card.effective_on <= today:
            # What was in force already when it was brought in waits for no date, only to be published.
            if document.status is Status.DRAFT and card.effective_on > document.added_at.date():
                found.append(DatePassed(document, card.effective_on, "已到施行日期，还没有发布"))
            elif published and card.effective_on > today - NEWLY:
                found.append(DatePassed(document, card.effective_on, "新近施行，请核对旧版和审定答案"))
    return sorted(found, key=lambda one: one.day, reverse=True)
