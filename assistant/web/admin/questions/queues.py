"""待办: questions without an answer, answers that were disliked, and what must be looked at again."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.curation.queues.board import NAMES
from assistant.curation.queues.handling import Queue, State
from assistant.errors import AssistantError
from assistant.web.admin.questions.workbench import Form, Workbench, back
from assistant.web.security.access import allowed
from knowledge.errors import KnowledgeError

SHOWN = 50  # items of a queue
WORDS = {"assign": "分派待办", "supplied": "已补充", "declined": "不补充", "done": "处理完毕"}


def routes(bench: Workbench) -> APIRouter:
    """`/admin/queues`."""
    trainer = allowed(bench.accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/queues", dependencies=[Depends(trainer)])
    board = bench.board

    def show(queue: Queue, status: int = 200, error: str = "", done: str = "") -> HTMLResponse:
        every = board.every()
        return bench.page(
            "admin_queues.html",
            status,
            queue=queue,
            names=NAMES,
            counts={one: len(found) for one, found in every.items()},
            items=every[queue][:SHOWN],
            handled=board.handling.of(queue),
            trainers=bench.trainers(),
            error=error,
            done=done,
        )

    @router.get("")
    def every(queue: str = Queue.UNANSWERED, done: str = "") -> HTMLResponse:
        return show(_queue(queue), done=done[:100])

    @router.post("")
    def change(form: Form, actor: str = Depends(trainer)) -> Response:
        queue, do = _queue(form.one("queue")), form.one("do")
        subjects = [subject for subject in form.one("subjects").split("|") if subject]
        if not subjects or do not in WORDS:
            raise HTTPException(400)
        try:
            if do == "assign":
                board.handling.assign(actor, queue, subjects, form.one("assignee")[:40])
            else:
                board.close(actor, queue, subjects, State(do), form.one("note"), bench.live.now)
        except (AssistantError, KnowledgeError) as error:
            return show(queue, 400, str(error))
        bench.accounts.note(actor, f"{WORDS[do]}：{NAMES[queue]}", subjects[0], items=len(subjects))
        return back("/admin/queues", queue=str(queue), done=WORDS[do])

    return router


def _queue(name: str) -> Queue:
    if name not in list(Queue):
        raise HTTPException(404)
    return Queue(name)
