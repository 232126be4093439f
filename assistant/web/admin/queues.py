"""待办: questions without an answer, answers that were disliked, and what must be looked at again."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.desk.closing import decline, supply
from assistant.desk.errors import DeskError
from assistant.desk.handling import Handled, Queue, State
from assistant.desk.queues import dates_passed, disliked, missing_documents, to_recheck
from assistant.desk.unanswered import Cluster, Refused, refused_turns
from assistant.errors import AssistantError
from assistant.feedback import Voted
from assistant.generation.masking import mask
from assistant.web.access import allowed
from assistant.web.admin.workbench import Form, Workbench, back
from knowledge.errors import KnowledgeError

SHOWN = 50  # items of a queue

NAMES = {
    Queue.UNANSWERED: "没有答上的问题",
    Queue.DISLIKED: "学员说没用的回答",
    Queue.OUTDATED: "反映已过时",
    Queue.MISSING: "缺的文件",
    Queue.RECHECK: "要复核的审定答案",
    Queue.DATES: "日期已到的文件",
}


@dataclass(frozen=True, slots=True)
class Disliked:
    """A disliked answer as trainers see it: masked, and without a name."""

    turn_id: str
    question: str
    standalone: str
    comment: str
    voted: Voted


def routes(bench: Workbench) -> APIRouter:
    """`/admin/queues`."""
    trainer = allowed(bench.accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/queues", dependencies=[Depends(trainer)])
    kb = bench.knowledge_base

    def open_of(queue: Queue) -> dict[str, Handled]:
        return bench.handling.of(queue)

    def closed(handled: dict[str, Handled], subject: str) -> bool:
        return subject in handled and handled[subject].state is not State.OPEN

    def unanswered() -> list[Refused]:
        handled = open_of(Queue.UNANSWERED)
        return [turn for turn in refused_turns(bench.conversations.database) if not closed(handled, turn.turn_id)]

    def votes(queue: Queue) -> list[Disliked]:
        handled = open_of(queue)
        return [
            Disliked(
                one.turn.id,
                mask(one.turn.question),
                mask(one.turn.answer.standalone if one.turn.answer else ""),
                mask(one.vote.comment),
                one,
            )
            for one in disliked(bench.feedback, outdated=queue is Queue.OUTDATED)
            if not closed(handled, one.turn.id)
        ]

    def items(queue: Queue, refused: list[Refused]) -> list[object]:
        handled = open_of(queue)
        if queue is Queue.UNANSWERED:
            return list(bench.clusters.gather(refused))
        if queue in (Queue.DISLIKED, Queue.OUTDATED):
            return list(votes(queue))
        if queue is Queue.MISSING:
            return [one for one in missing_documents(kb, refused) if not closed(handled, one.entry.title)]
        if queue is Queue.RECHECK:
            rechecks = to_recheck(bench.curated, kb, bench.lists.formulations)
            return [one for one in rechecks if not closed(handled, str(one.answer.id))]
        return [one for one in dates_passed(kb) if not closed(handled, one.subject)]

    def show(queue: Queue, status: int = 200, error: str = "", done: str = "") -> HTMLResponse:
        refused = unanswered()
        every = {one: items(one, refused) for one in Queue}
        return bench.page(
            "admin_queues.html",
            status,
            queue=queue,
            names=NAMES,
            counts={one: len(found) for one, found in every.items()},
            items=every[queue][:SHOWN],
            handled=open_of(queue),
            trainers=bench.trainers(),
            error=error,
            done=done,
        )

    @router.get("")
    def every(queue: str = Queue.UNANSWERED, done: str = "") -> HTMLResponse:
        return show(_queue(queue), done=done[:100])

    @router.post("")
    def change(form: Form, actor: str = Depends(trainer)) -> Response:
        queue, do, note = _queue(form.one("queue")), form.one("do"), form.one("note")
        subjects = [subject for subject in form.one("subjects").split("|") if subject]
        if not subjects or do not in ("assign", "supplied", "declined", "done"):
            raise HTTPException(400)
        try:
            if do == "assign":
                bench.handling.assign(actor, queue, subjects, form.one("assignee")[:40])
            elif queue is Queue.UNANSWERED and do in ("supplied", "declined"):
                close(actor, do, subjects, note)
            else:
                bench.handling.close(actor, queue, subjects, State(do), note)
        except (DeskError, AssistantError, KnowledgeError) as error:
            return show(queue, 400, str(error))
        words = {"assign": "分派待办", "supplied": "已补充", "declined": "不补充", "done": "处理完毕"}[do]
        bench.accounts.note(actor, f"{words}：{NAMES[queue]}", subjects[0], items=len(subjects))
        return back("/admin/queues", queue=str(queue), done=words)

    def close(actor: str, do: str, subjects: list[str], note: str) -> None:
        wanted = set(subjects)
        turns = [turn for turn in unanswered() if turn.turn_id in wanted]
        clusters: list[Cluster] = bench.clusters.gather(turns)
        if not clusters:
            raise DeskError("这些问题已经处理过了，请刷新页面。")
        parts = {"handling": bench.handling, "feedback": bench.feedback, "cases": bench.cases}
        question = clusters[0].question
        if do == "supplied":
            supply(actor, turns, question, note, answerer=bench.live.now, kb=kb, **parts)  # type: ignore[arg-type]
        else:
            decline(actor, turns, question, note, **parts)  # type: ignore[arg-type]

    return router


def _queue(name: str) -> Queue:
    if name not in list(Queue):
        raise HTTPException(404)
    return Queue(name)
