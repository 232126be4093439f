"""What a reader thinks of an answer: 有用 or 没用 with a reason, and 告诉教员 under a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from assistant.conversations import Turn
from assistant.feedback import Opinion, Reason, Report, Vote
from assistant.web.site import Site


@dataclass(frozen=True, slots=True)
class Said:
    """What one reader said about one turn."""

    vote: Vote | None = None
    report: Report | None = None


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
        if judged.opinion is None:
            site.feedback.unvote(user, turn_id)
        else:
            site.feedback.vote(user, turn_id, judged.opinion, judged.reason, judged.comment)
        asking_why = judged.opinion is Opinion.DOWN and not judged.final
        turn = site.conversations.turn(user, turn_id)
        return site.pages.page("_vote.html", turn=turn, opinion=_said(site, user, turn), asking_why=asking_why)

    @router.post("/{turn_id}/report")
    def report(request: Request, turn_id: str, told: Told) -> HTMLResponse:
        user = site.reader(request)
        site.feedback.report(user, turn_id, told.comment)
        turn = site.conversations.turn(user, turn_id)
        return site.pages.page("_report.html", turn=turn, opinion=_said(site, user, turn))

    return router


def opinions(site: Site, user: str, conversation_id: str) -> dict[str, Said]:
    """What the reader said about the turns of a conversation, by turn."""
    votes = site.feedback.votes_in(user, conversation_id)
    reports = site.feedback.reports_in(user, conversation_id)
    return {turn_id: Said(votes.get(turn_id), reports.get(turn_id)) for turn_id in {*votes, *reports}}


def turn_html(site: Site, user: str, turn: Turn) -> str:
    """One turn as it stands in the page of its conversation."""
    return site.pages.render("_turn.html", turn=turn, opinions=opinions(site, user, turn.conversation_id))


def _said(site: Site, user: str, turn: Turn) -> Said | None:
    return opinions(site, user, turn.conversation_id).get(turn.id)
