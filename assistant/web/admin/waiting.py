"""What waits for somebody on the pages of the desk: the numbers beside the ways to them."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

import sqlalchemy as sa

from assistant.conversations.feedback import Opinion, Reason
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import handling as _handling
from assistant.conversations.schema import turn as _turn
from assistant.conversations.schema import vote as _vote
from assistant.conversations.turns import TurnState
from assistant.curation.queues.disputed import dates_passed, to_recheck
from assistant.curation.queues.handling import Queue, State
from assistant.curation.queues.unanswered import open_to_an_answer
from assistant.study.question_bank import Status as ItemStatus
from assistant.study.question_bank.tables import item as _item
from assistant.web.admin.questions.workbench import Workbench
from assistant.web.pages import Waiting
from knowledge.model import Status
from knowledge.operations.upload_queue import waiting_for_a_person

#: How the parts of 待办 are called here.
_WORDS = {
    Queue.UNANSWERED: "没有答上的提问 {} 次",
    Queue.DISLIKED: "学员说没用的回答 {} 个",
    Queue.OUTDATED: "反映已过时 {} 个",
    Queue.RECHECK: "要复核的审定答案 {} 个",
    Queue.DATES: "日期已到或将到的文件 {} 份",
}


class Counts:
    """Counts what waits. What the tables say is asked in one statement, and what the documents say is kept until they
    change. The documents that the register knows and the library lacks are no task by themselves and not counted."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._lock = Lock()
        self._kept: tuple[object, frozenset[str], frozenset[str]] = (None, frozenset(), frozenset())

    def __call__(self) -> Mapping[str, Waiting]:
        """What waits, by the address of its page; nothing where nothing does."""
        bench = self._bench
        with bench.conversations.database.read() as connection:
            row = connection.execute(_COUNTED).one()
            closed = connection.execute(_CLOSED).all()
        recheck, dates = self._of_documents()
        done = {(one.queue, one.subject) for one in closed}
        open_ones = {
            Queue.UNANSWERED: row.refused + row.possible,
            Queue.DISLIKED: row.disliked,
            Queue.OUTDATED: row.outdated,
            Queue.RECHECK: sum((str(Queue.RECHECK), one) not in done for one in recheck),
            Queue.DATES: sum((str(Queue.DATES), one) not in done for one in dates),
        }
        drafts = len(bench.knowledge_base.documents(status=Status.DRAFT))
        found = {
            "/admin/queues": Waiting(
                sum(open_ones.values()),
                "、".join(_WORDS[queue].format(count) for queue, count in open_ones.items() if count),
            ),
            "/admin/documents": Waiting(drafts, f"草稿 {drafts} 份，还没有发布"),
            "/admin/intake": Waiting(row.held, f"等人核对后发布的新版本 {row.held} 份"),
            "/admin/items": Waiting(row.items, f"待审的题 {row.items} 道"),
        }
        return {address: one for address, one in found.items() if one.count}

    def _of_documents(self) -> tuple[frozenset[str], frozenset[str]]:
        """The subjects of the queues that only documents, curated answers and the day decide."""
        bench = self._bench
        kb, answers = bench.knowledge_base, bench.curated.every()
        formulations = tuple(bench.lists.formulations)
        state = (kb.generation, kb.today(), [(one.id, one.changed_at) for one in answers], formulations)
        with self._lock:
            if self._kept[0] != state:
                recheck = frozenset(one.subject for one in to_recheck(bench.curated, kb, formulations))
                self._kept = (state, recheck, frozenset(one.subject for one in dates_passed(kb)))
            return self._kept[1:]


def _open(queue: Queue, subject: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Nobody has closed it."""
    return ~sa.exists().where(
        _handling.c.queue == str(queue), _handling.c.subject == subject, _handling.c.state != str(State.OPEN)
    )


def _questions(which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    here = sa.select(sa.func.count()).join_from(_turn, _conversation, _conversation.c.id == _turn.c.conversation_id)
    return here.where(
        which,
        _turn.c.state == str(TurnState.DONE),
        _conversation.c.deleted_at.is_(None),
        _open(Queue.UNANSWERED, _turn.c.id),
    ).scalar_subquery()


def _votes(queue: Queue) -> sa.ScalarSelect[int]:
    outdated = _vote.c.reason == Reason.OUTDATED
    of_queue = outdated if queue is Queue.OUTDATED else sa.or_(_vote.c.reason.is_(None), ~outdated)
    return (
        sa.select(sa.func.count())
        .select_from(_vote)
        .where(_vote.c.opinion == str(Opinion.DOWN), of_queue, _open(queue, _vote.c.turn_id))
        .scalar_subquery()
    )


def _counted() -> sa.Select[tuple[int, ...]]:
    refused, possible = open_to_an_answer()
    items = sa.select(sa.func.count()).select_from(_item).where(_item.c.status == str(ItemStatus.DRAFT))
    return sa.select(
        _questions(refused).label("refused"),
        _questions(possible).label("possible"),
        _votes(Queue.DISLIKED).label("disliked"),
        _votes(Queue.OUTDATED).label("outdated"),
        waiting_for_a_person().label("held"),
        items.scalar_subquery().label("items"),
    )


_COUNTED = _counted()
_CLOSED = sa.select(_handling.c.queue, _handling.c.subject).where(
    _handling.c.queue.in_([str(Queue.RECHECK), str(Queue.DATES)]), _handling.c.state != str(State.OPEN)
)
