"""What readers say about answers: votes with a reason, and reports of refused questions to the trainers.

Nothing here is shown to other readers, except questions (never who asked them) that two readers asked or a trainer
approved: see `popular.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from assistant.conversations.conversations import Conversations
from assistant.conversations.schema import approved_question as _approved
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import report as _report
from assistant.conversations.schema import turn as _turn
from assistant.conversations.schema import vote as _vote
from assistant.conversations.stamps import utc_now
from assistant.conversations.turns import Turn, TurnState, to_turn
from assistant.errors import InvalidFeedback
from assistant.understanding.blocked import BLOCKED
from knowledge.storage.database import Database
from knowledge.text.masking import mask

LONGEST_COMMENT = 500  # characters
LISTED = 200  # entries of a list, the newest first


class Opinion(StrEnum):
    """What a reader thinks of an answer."""

    UP = "up"  # 有用
    DOWN = "down"  # 没用


class Reason(StrEnum):
    """Why an answer was of no use, in the words of the screen."""

    OFF_POINT = "没答到点上"
    WRONG_QUOTE = "引用不对"
    OUTDATED = "已过时"
    OTHER = "其他"


class ReportState(StrEnum):
    """How far the trainers have come with a report; all but OPEN are closed."""

    OPEN = "open"
    SUPPLIED = "supplied"  # 已补充
    DECLINED = "declined"  # 不补充; the note says why


@dataclass(frozen=True, slots=True)
class Vote:
    """One reader's opinion of one turn; whose it is, is not told. `reason` only with DOWN. Times are UTC."""

    turn_id: str
    opinion: Opinion
    reason: Reason | None
    comment: str
    voted_at: datetime


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote with the full turn that it is about, for trainers."""

    vote: Vote
    turn: Turn


@dataclass(frozen=True, slots=True)
class Report:
    """One refused question in the trainers' queue; who asked it, is not told. `turn_id` is None once its reader deleted
    the conversation; `note` is what the trainer said when closing it."""

    id: int
    turn_id: str | None
    question: str
    missing: str | None
    comment: str
    state: ReportState
    note: str
    opened_at: datetime
    closed_at: datetime | None


class Feedback:
    """Votes and reports, kept beside the turns of `conversations`. Safe to share between threads.

    Methods that name a reader's turn raise NotYours when `user` has no such one, InvalidFeedback when it cannot be taken.
    """

    def __init__(self, conversations: Conversations, now: Callable[[], datetime] | None = None) -> None:
        self._conversations = conversations
        self._database: Database = conversations.database
        self._now = now or utc_now

    # Readers

    def vote(self, user: str, turn_id: str, opinion: Opinion, reason: Reason | None = None, comment: str = "") -> Vote:
        """Note what a reader thinks of an answer; an earlier opinion of his is replaced."""
        turn = self._conversations.turn(user, turn_id)
        if turn.state is not TurnState.DONE:
            raise InvalidFeedback("这个问题还没有完整的回答，等回答完成后再评价。")
        vote = Vote(turn_id, opinion, reason if opinion is Opinion.DOWN else None, _checked(comment), self._now())
        with self._database.write() as connection:
            connection.execute(_vote.delete().where(_vote.c.turn_id == turn_id, _vote.c.user == user))
            connection.execute(
                _vote.insert().values(
                    turn_id=turn_id,
                    user=user,
                    opinion=str(vote.opinion),
                    reason=str(vote.reason) if vote.reason else None,
                    comment=vote.comment,
                    voted_at=vote.voted_at,
                )
            )
        return vote

    def unvote(self, user: str, turn_id: str) -> None:
        """Take an opinion back."""
        self._conversations.turn(user, turn_id)
        with self._database.write() as connection:
            connection.execute(_vote.delete().where(_vote.c.turn_id == turn_id, _vote.c.user == user))

    def report(self, user: str, turn_id: str, comment: str = "") -> Report:
        """Put a refused question into the trainers' queue; a second time changes nothing but the comment."""
        turn = self._conversations.turn(user, turn_id)
        refusal = turn.answer.refusal if turn.answer else None
        if refusal is None:
            raise InvalidFeedback("这个问题已有回答，不需要告诉教员；回答不对请点“没用”。")
        if refusal.code == BLOCKED:
            raise InvalidFeedback("这个话题按规定不作回答，补充文件也不会改变，不需要告诉教员。")
        comment = _checked(comment)
        with self._database.write() as connection:
            row = connection.execute(sa.select(_report).where(_report.c.turn_id == turn_id)).first()
            if row is None:
                values = {"user": user, "question": mask(turn.question), "missing": refusal.missing, "note": ""}
                opened = {"state": str(ReportState.OPEN), "opened_at": self._now()}
                connection.execute(_report.insert().values(turn_id=turn_id, comment=comment, **values, **opened))
            elif comment:
                connection.execute(_report.update().where(_report.c.id == row.id).values(comment=comment))
            return _to_report(connection.execute(sa.select(_report).where(_report.c.turn_id == turn_id)).one())

    def votes_in(self, user: str, conversation_id: str) -> dict[str, Vote]:
        """The reader's own votes in a conversation, by turn."""
        query = sa.select(_vote).join(_turn).where(_turn.c.conversation_id == conversation_id, _vote.c.user == user)
        with self._database.read() as connection:
            return {row.turn_id: _to_vote(row) for row in connection.execute(query)}

    def reports_in(self, user: str, conversation_id: str) -> dict[str, Report]:
        """The reader's own reports in a conversation, by turn."""
        query = sa.select(_report).join(_turn).where(_turn.c.conversation_id == conversation_id, _report.c.user == user)
        with self._database.read() as connection:
            return {row.turn_id: _to_report(row) for row in connection.execute(query)}

    def supplied(self, user: str, limit: int = 3) -> list[tuple[Report, str]]:
        """The reader's reports that trainers met with a document and whose turns are still there, the newest first, each
        with the conversation it was made in."""
        query = (
            sa.select(_report, _turn.c.conversation_id)
            .join(_turn, _turn.c.id == _report.c.turn_id)
            .join(_conversation, _conversation.c.id == _turn.c.conversation_id)
            .where(
                _report.c.user == user,
                _report.c.state == str(ReportState.SUPPLIED),
                _conversation.c.deleted_at.is_(None),
            )
            .order_by(_report.c.closed_at.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(_to_report(row), row.conversation_id) for row in connection.execute(query)]

    # Trainers

    def votes(self, opinion: Opinion | None = None, limit: int = LISTED) -> list[Voted]:
        """Everybody's votes with their turns, the newest first; not those of deleted conversations."""
        query = (
            sa.select(_vote, _turn)
            .join(_turn, _turn.c.id == _vote.c.turn_id)
            .join(_conversation, _conversation.c.id == _turn.c.conversation_id)
            .where(_conversation.c.deleted_at.is_(None))
            .order_by(_vote.c.voted_at.desc(), _vote.c.turn_id)
            .limit(limit)
        )
        if opinion:
            query = query.where(_vote.c.opinion == str(opinion))
        with self._database.read() as connection:
            return [Voted(_to_vote(row), to_turn(row)) for row in connection.execute(query)]

    def reports(self, state: ReportState | None = ReportState.OPEN, limit: int = LISTED) -> list[Report]:
        """The trainers' queue, the newest first; with None also what is closed."""
        query = sa.select(_report).order_by(_report.c.opened_at.desc(), _report.c.id.desc()).limit(limit)
        if state:
            query = query.where(_report.c.state == str(state))
        with self._database.read() as connection:
            return [_to_report(row) for row in connection.execute(query)]

    def reported_turn(self, report_id: int) -> Turn | None:
        """The full turn behind a report; None once its reader deleted it. Raises InvalidFeedback without such a report."""
        report = self._report(report_id)
        query = (
            sa.select(_turn)
            .join(_conversation)
            .where(_turn.c.id == report.turn_id, _conversation.c.deleted_at.is_(None))
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return to_turn(row) if row else None

    def close(self, report_id: int, state: ReportState, note: str = "") -> Report:
        """Say what came of a report (OPEN opens it again); its asker sees `note`."""
        report = self._report(report_id)
        closed_at = None if state is ReportState.OPEN else self._now()
        values = {"state": str(state), "note": _checked(note), "closed_at": closed_at}
        with self._database.write() as connection:
            connection.execute(_report.update().where(_report.c.id == report.id).values(**values))
        return self._report(report_id)

    def approve(self, question: str, approved: bool = True) -> None:
        """Let a question be offered to everybody on the first page once an answer to it was voted up, or no longer."""
        with self._database.write() as connection:
            connection.execute(_approved.delete().where(_approved.c.question == plain(question)))
            if approved:
                connection.execute(_approved.insert().values(question=plain(question), approved_at=self._now()))

    def approved(self) -> frozenset[str]:
        """The approved questions, as `plain` writes them."""
        with self._database.read() as connection:
            return frozenset(connection.execute(sa.select(_approved.c.question)).scalars())

    def _report(self, report_id: int) -> Report:
        with self._database.read() as connection:
            row = connection.execute(sa.select(_report).where(_report.c.id == report_id)).first()
        if row is None:
            raise InvalidFeedback(f"没有编号为 {report_id} 的反映，请刷新页面。")
        return _to_report(row)


def plain(question: str) -> str:
    """`question` as two readers' wordings are compared: without spaces and the mark at its end."""
    return "".join(question.split()).rstrip("？?。.！!")


def _checked(comment: str) -> str:
    comment = comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise InvalidFeedback(f"说明有 {len(comment)} 个字，最多 {LONGEST_COMMENT} 个字，请缩短。")
    return mask(comment)


def _to_vote(row: sa.Row[tuple[object, ...]]) -> Vote:
    reason = Reason(row.reason) if row.reason else None
    return Vote(row.turn_id, Opinion(row.opinion), reason, row.comment, row.voted_at)


def _to_report(row: sa.Row[tuple[object, ...]]) -> Report:
    state = ReportState(row.state)
    times = (row.opened_at, row.closed_at)
    return Report(row.id, row.turn_id, row.question, row.missing, row.comment, state, row.note, *times)
