"""公开提问: which of the questions that were answered well may be offered to everybody on the first page."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.conversations.feedback import LISTED, Opinion, plain
from assistant.conversations.popular import LONGEST
from assistant.web.admin.questions.workbench import Form, Workbench, back
from assistant.web.security.access import allowed

ADDRESS = "/admin/questions"


@dataclass(frozen=True, slots=True)
class Liked:
    """A question whose answer readers found useful; who they are, is not told."""

    question: str
    votes: int
    approved: bool


def routes(bench: Workbench) -> APIRouter:
    """`/admin/questions`: the list, and letting a question be seen or not."""
    router = APIRouter(prefix=ADDRESS)
    trainer = Depends(allowed(bench.accounts, Role.TRAINER))

    @router.get("")
    def listing(actor: str = trainer) -> HTMLResponse:
        return bench.page("admin_questions.html", questions=liked(bench))

    @router.post("")
    def decide(form: Form, actor: str = trainer) -> Response:
        question, approved = form.one("question").strip(), form.one("do") == "approve"
        if plain(question) not in {plain(one.question) for one in liked(bench)}:
            raise HTTPException(400, "这个问题已经不在名单里了，请刷新页面后再试。")
        bench.feedback.approve(question, approved)
        bench.accounts.note(actor, "公开提问" if approved else "不再公开提问", question)
        return back(ADDRESS)

    return router


def liked(bench: Workbench) -> list[Liked]:
    """Questions that opened a conversation without a 范围 and were voted up, the latest first."""
    approved = bench.feedback.approved()
    found: dict[str, Liked] = {}
    for voted in bench.feedback.votes(Opinion.UP, LISTED):
        turn = voted.turn
        if turn.ordinal > 1 or turn.within or turn.as_of or len(turn.question) > LONGEST:
            continue
        key = plain(turn.question)
        known = found.get(key)
        found[key] = Liked(
            known.question if known else turn.question, (known.votes if known else 0) + 1, key in approved
        )
    return list(found.values())
