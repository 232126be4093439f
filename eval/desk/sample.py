"""Real questions, drawn at random and masked, for trainers to judge: what they say becomes a suite."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from assistant.conversations.answer_json import answer_from_json
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import turn as _turn
from assistant.conversations.turns import TurnState
from assistant.curated_answers.similarity import bare
from assistant.model import Answer, Mode
from eval.judging.judgements import NOTHING, Judged, words_of
from eval.suite import Case, Evidence
from knowledge.storage.database import Database
from knowledge.text.masking import mask

SUITE = "real"
DRAWN = 10
NEWEST = 2000  # questions that are drawn from
_LONGEST_QUOTE = 60  # characters: enough to find the place again


class Judgement(StrEnum):
    """What a trainer says of an answer; the words are those on the screen."""

    RIGHT = "答得对"
    WRONG = "库里有答案，没答好"
    NONE = "库里没有答案"
    SKIP = "不成问题，不算"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question that somebody asked, without who, and the answer that was given."""

    id: str
    question: str
    answer: Answer


def draw(database: Database, judged: Collection[str], count: int = DRAWN) -> list[Drawn]:
    """Some of the newest questions that began a conversation and were answered, in an order that only their words decide,
    so that all trainers are shown the same ones. `judged` ids are left out."""
    query = (
        sa.select(_turn.c.question, _turn.c.answer)
        .join(_conversation, _conversation.c.id == _turn.c.conversation_id)
        .where(
            _turn.c.state == str(TurnState.DONE),
            _turn.c.answer.is_not(None),
            _turn.c.ordinal == sa.select(sa.func.min(_turn.c.ordinal)).scalar_subquery(),
            _turn.c.topic.is_(None),
            _turn.c.title.is_(None),
            _turn.c.as_of.is_(None),
            _conversation.c.deleted_at.is_(None),
        )
        .order_by(_turn.c.asked_at.desc())
        .limit(NEWEST)
    )
    found: dict[str, Drawn] = {}
    with database.read() as connection:
        for question, answer in connection.execute(query):
            masked = mask(question)
            number = id_of(masked)
            if number not in judged and number not in found:
                stored = json.loads(answer) if isinstance(answer, str) else answer
                found[number] = Drawn(number, masked, answer_from_json(stored))
    return [found[number] for number in sorted(found)[:count]]


def id_of(question: str) -> str:
    """The id of the case that a question becomes; the same for wordings that differ in punctuation only."""
    return f"real-{hashlib.sha256(bare(question).encode()).hexdigest()[:12]}"


def case_of(drawn: Drawn, judgement: Judgement) -> Case:
    """A question as a case. A right answer says where the answer stands; of what was not answered well only that it can be
    answered is known until somebody edits the case."""
    places: tuple[Evidence, ...] = ()
    if judgement is Judgement.RIGHT:
        cited = {one.passage_id: one for one in reversed(drawn.answer.citations)}
        places = tuple(
            Evidence(
                one.document.title,
                one.document.edition,
                None,
                max(one.quote.splitlines(), key=len, default="").strip()[:_LONGEST_QUOTE],
            )
            for one in list(cited.values())[::-1]
        )
    # A refusal that a trainer calls right was right because the library has nothing.
    answerable = judgement is Judgement.WRONG or (judgement is Judgement.RIGHT and drawn.answer.mode is not Mode.REFUSE)
    kind = "situation" if answerable else "not_in_library"
    return Case(drawn.id, kind, drawn.question, answerable=answerable, evidence=places)


def judged_by_a_person(drawn: Drawn, judgement: Judgement) -> Judged | None:
    """What was said of the answer, for `xuesi eval judge`; None where the words that it is judged by are not known: of an
    answer that was wrong although the library has one."""
    if judgement is Judgement.NONE:
        return Judged(drawn.id, drawn.question, NOTHING, words_of(drawn.answer), drawn.answer.mode is Mode.REFUSE)
    if judgement is Judgement.RIGHT:
        quotes = "\n".join(one.quote for one in drawn.answer.citations)
        return Judged(drawn.id, drawn.question, quotes or NOTHING, words_of(drawn.answer), True)
    return None
