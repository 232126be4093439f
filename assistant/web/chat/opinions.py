"""What a reader thinks of an answer: 有用 or 没用 with a reason, and 告诉教员 under a refusal."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from assistant.conversations.feedback import Opinion, Reason
from assistant.web.site import Site


class Judgement(BaseModel, extra="forbid"):
    """A vote as the browser sends it; None takes an earlier one back. `final` closes the form that asks why."""

    opinion: Opinion | None
    reason: Reason | None = None
    comment: str = ""
    final: bool = False


class Told(BaseModel, extra="forbid"):
    """Words to the trainers, which may be left out."""

    comment: str = ""


def routes(site: Site) -> APIRouter:
    """Vote and report; each reply is the part of the page as it now stands."""
    router = APIRouter(prefix="/api/turn")

    @router.post("/{turn_id}/vote")
    def vote(request: Request, turn_id: str, judged: Judgement) -> HTMLResponse:
        user = site.reader(request)
        noted = None
        if judged.opinion is None:
            site.feedback.unvote(user, turn_id)
        else:
            noted = site.feedback.vote(user, turn_id, judged.opinion, judged.reason, judged.comment)
        asking_why = judged.opinion is Opinion.DOWN and not judged.final
        return site.pages.page("_vote.html", turn_id=turn_id, vote=noted, asking_why=asking_why)

    @router.post("/{turn_id}/report")
    def report(request: Request, turn_id: str, told: Told) -> HTMLResponse:
        noted = site.feedback.report(site.reader(request), turn_id, told.comment)
        return site.pages.page("_report.html", report=noted)

    return router
