"""待办: questions without an answer, answers that were disliked, and what must be looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.curation.queues.board import NAMES, Item
from assistant.curation.queues.handling import Handled, Queue, State
from assistant.errors import AssistantError
from assistant.web.admin.paging import At, paging, part
from assistant.web.admin.questions.workbench import Form, Workbench, back
from assistant.web.security.access import allowed
from knowledge.errors import KnowledgeError

SHOWN = 50  # items of a queue on a page
#: How the items of a queue can be closed.
CLOSINGS: dict[Queue, tuple[tuple[str, str], ...]] = {
    Queue.UNANSWERED: (("supplied", "已补充"), ("declined", "不补充")),
    Queue.DISLIKED: (("done", "处理完毕"),),
    Queue.OUTDATED: (("done", "处理完毕"),),
    Queue.MISSING: (("declined", "不补充"),),
    Queue.RECHECK: (("done", "不再使用"),),
    Queue.DATES: (("done", "处理完毕"),),
}
WORDS = {"assign": "分派待办", "supplied": "已补充", "declined": "不补充", "done": "处理完毕"}


def routes(bench: Workbench) -> APIRouter:
    """`/admin/queues`."""
    trainer = allowed(bench.accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/queues", dependencies=[Depends(trainer)])
    board = bench.board

    def show(
        queue: Queue, actor: str, mine: bool = False, status: int = 200, error: str = "", done: str = "", at: int = 0
    ) -> HTMLResponse:
        every = board.every()
        own = {queue: _assigned(found, board.handling.of(queue), actor) for queue, found in every.items()}
        items = own[queue] if mine else every[queue]
        place = paging(at, SHOWN, len(items), "/admin/queues", {"queue": str(queue), "mine": "1" if mine else ""})
        return bench.page(
            "admin_queues.html",
            status,
            queue=queue,
            names=NAMES,
            counts={one: len(found) for one, found in (own if mine else every).items()},
            mine=mine,
            of_mine=sum(len(found) for found in own.values()),
            items=part(items, place),
            place=place,
            handled=board.handling.of(queue),
            closings=CLOSINGS[queue],
            trainers=bench.trainers(),
            error=error,
            done=done,
        )

    @router.get("")
    def every(
        queue: str = Queue.UNANSWERED, done: str = "", mine: str = "", at: At = 0, actor: str = Depends(trainer)
    ) -> HTMLResponse:
        return show(_queue(queue), actor, bool(mine), done=done[:100], at=at)

    @router.post("")
    def change(form: Form, actor: str = Depends(trainer)) -> Response:
        """What is done about one item (`subjects`) or about all that are ticked (`subject`)."""
        queue, do, mine = _queue(form.one("queue")), form.one("do"), form.one("mine")
        sent = [form.one("subjects")] if form.one("subjects") else form.all("subject")
        items = [found for one in sent if (found := [subject for subject in one.split("|") if subject])]
        if not items or do not in WORDS:
            return show(queue, actor, bool(mine), 400, "一项也没有勾选，或者没有选要做什么；请先勾选再点按钮。")
        subjects = [subject for found in items for subject in found]
        failed: list[str] = []
        if do == "assign":
            board.handling.assign(actor, queue, subjects, form.one("assignee")[:40])
        else:
            for found in items:
                try:
                    board.close(actor, queue, found, State(do), form.one("note"), bench.live.now)
                except (AssistantError, KnowledgeError) as error:
                    failed.append(str(error))
        if len(failed) < len(items):
            bench.accounts.note(
                actor, f"{WORDS[do]}：{NAMES[queue]}", subjects[0], items=len(subjects), note=form.one("note")
            )
        if failed:
            done = f"{len(items) - len(failed)} 项已办，{len(failed)} 项没有办成：" if len(items) > 1 else ""
            return show(queue, actor, bool(mine), 400, done + "；".join(dict.fromkeys(failed)))
        words = WORDS[do] if len(items) == 1 else f"{WORDS[do]} {len(items)} 项"
        return back("/admin/queues", queue=str(queue), mine=mine, done=words)

    return router


def _assigned(items: Sequence[Item], handled: Mapping[str, Handled], actor: str) -> list[Item]:
    """The items that `actor` looks after."""
    return [
        item
        for item in items
        if any(handled[subject].assignee == actor for subject in item.subjects if subject in handled)
    ]


def _queue(name: str) -> Queue:
    if name not in list(Queue):
        raise HTTPException(404)
    return Queue(name)
