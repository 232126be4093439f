"""All queues in one place, for the desk's page and for the command line: what is open in each, and closing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answerer import Answerer
from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback, Opinion, Voted
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curation.cases import Cases
from assistant.curation.lists import Lists
from assistant.curation.queues.closing import decline, supply
from assistant.curation.queues.disputed import dates_passed, disliked, missing_documents, to_recheck
from assistant.curation.queues.handling import Handling, Queue, State
from assistant.curation.queues.unanswered import Cluster, Clusters, Refused, refused_turns
from assistant.errors import InvalidEntry, NoSuchItem
from knowledge.knowledge_base import KnowledgeBase
from knowledge.text.masking import mask

NAMES: Mapping[Queue, str] = {
    Queue.UNANSWERED: "没有答上的问题",
    Queue.DISLIKED: "学员说没用的回答",
    Queue.OUTDATED: "反映已过时",
    Queue.MISSING: "缺的文件",
    Queue.RECHECK: "要复核的审定答案",
    Queue.DATES: "日期已到和即将到期的文件",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One open item. `subjects` are what its handling is kept under, `title` is what it is about in one line, `why` what
    there is to do; `what` is the thing itself, for who shows more of it. Nothing in it names an asker."""

    subjects: tuple[str, ...]
    title: str
    why: str
    what: object


@dataclass(frozen=True, slots=True)
class Disliked:
    """A disliked answer, masked."""

    question: str
    standalone: str
    comment: str
    voted: Voted


@dataclass(frozen=True, slots=True)
class Board:
    """The queues of one data folder."""

    knowledge_base: KnowledgeBase
    conversations: Conversations
    feedback: Feedback
    curated: CuratedAnswers
    lists: Lists
    cases: Cases
    handling: Handling
    clusters: Clusters

    def items(self, queue: Queue) -> list[Item]:
        """What is open in a queue, what matters most first."""
        return self._open(queue, _Material(self))

    def every(self) -> dict[Queue, list[Item]]:
        """What is open in each queue."""
        material = _Material(self)
        return {queue: self._open(queue, material) for queue in Queue}

    def _open(self, queue: Queue, material: _Material) -> list[Item]:
        handled = self.handling.of(queue)
        found = self._found(queue, material)
        closed = {subject for subject, one in handled.items() if one.state is not State.OPEN}
        return [item for item in found if not closed.issuperset(item.subjects)]

    def close(
        self, actor: str, queue: Queue, subjects: Sequence[str], state: State, note: str, answerer: Answerer
    ) -> None:
        """Close items, by any subject of each. An unanswered question is 已补充 only when `answerer` answers it now.

        Raises InvalidEntry and NoSuchItem.
        """
        wanted = set(subjects)
        items = [item for item in self.items(queue) if wanted.intersection(item.subjects)]
        if not items:
            raise NoSuchItem("没有这一项待办，或者已经处理过了；请刷新后再看。")
        if queue is not Queue.UNANSWERED:
            self.handling.close(actor, queue, [subject for item in items for subject in item.subjects], state, note)
            return
        if state not in (State.SUPPLIED, State.DECLINED):
            raise InvalidEntry("没有答上的问题只能以“已补充”或“不补充”关闭。")
        for item in items:
            cluster = item.what
            assert isinstance(cluster, Cluster)
            parts = (self.handling, self.feedback, self.cases)
            if state is State.SUPPLIED:
                supply(actor, cluster, note, answerer, self.knowledge_base, *parts)
            else:
                decline(actor, cluster, note, *parts)

    def unanswered(self) -> list[Refused]:
        """The refused turns that are open."""
        handled = self.handling.of(Queue.UNANSWERED)
        return [
            turn
            for turn in refused_turns(self.conversations.database)
            if turn.turn_id not in handled or handled[turn.turn_id].state is State.OPEN
        ]

    def _found(self, queue: Queue, material: _Material) -> list[Item]:
        if queue is Queue.UNANSWERED:
            return [
                Item(tuple(turn.turn_id for turn in one.turns), one.question, f"问过 {one.count} 次", one)
                for one in self.clusters.gather(material.refused)
            ]
        if queue in (Queue.DISLIKED, Queue.OUTDATED):
            return [_disliked(one) for one in disliked(material.votes, outdated=queue is Queue.OUTDATED)]
        if queue is Queue.MISSING:
            return [
                Item((one.entry.title,), f"《{one.entry.title}》", f"问到 {one.asked} 次" if one.asked else "", one)
                for one in missing_documents(self.knowledge_base, material.refused)
            ]
        if queue is Queue.RECHECK:
            rechecks = to_recheck(self.curated, self.knowledge_base, self.lists.formulations)
            return [Item((one.subject,), one.answer.questions[0], "；".join(one.reasons), one) for one in rechecks]
        return [
            Item((one.subject,), one.document.card.title, f"{one.day}：{one.what}", one)
            for one in dates_passed(self.knowledge_base)
        ]


class _Material:
    """What several queues are made of, read once for all of them."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @cached_property
    def refused(self) -> list[Refused]:
        return self._board.unanswered()

    @cached_property
    def votes(self) -> list[Voted]:
        return self._board.feedback.votes(Opinion.DOWN)


def _disliked(one: Voted) -> Item:
    answer = one.turn.answer
    shown = Disliked(mask(one.turn.question), mask(answer.standalone if answer else ""), mask(one.vote.comment), one)
    return Item((one.turn.id,), shown.question, str(one.vote.reason or "没用"), shown)
