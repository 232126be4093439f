"""组卷: papers out of approved items, looked at and printed to Word: the questions, an answer sheet, the key."""

from __future__ import annotations

import random
from enum import StrEnum

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.study.papers import MOST, Papers, composed
from assistant.study.question_bank import Filter, Kind
from assistant.web.admin.questions.workbench import Form, back
from assistant.web.export.papers import answer_sheet, key, questions
from assistant.web.export.word import to_word
from assistant.web.security.access import allowed
from assistant.web.site import Site
from assistant.web.study.download import WORD, attached

USUAL = {Kind.SINGLE: 10, Kind.MULTIPLE: 5, Kind.JUDGE: 5, Kind.FILL: 5, Kind.SHORT: 1}


class Part(StrEnum):
    """What is printed."""

    PAPER = "paper"
    SHEET = "sheet"
    KEY = "key"


MADE = {Part.PAPER: (questions, "试卷"), Part.SHEET: (answer_sheet, "答题卡"), Part.KEY: (key, "答案")}


def routes(accounts: Accounts, site: Site, papers: Papers) -> APIRouter:
    """`/admin/papers`."""
    trainer = allowed(accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/papers", dependencies=[Depends(trainer)])
    bank = site.bank

    @router.get("")
    def listing() -> HTMLResponse:
        bank.sweep()
        return site.pages.page(
            "admin_papers.html",
            papers=papers.listing(),
            topics=bank.topics(),
            documents=bank.documents(),
            usual=USUAL,
            most=MOST,
            section="admin",
        )

    @router.post("")
    def compose(form: Form, actor: str = Depends(trainer)) -> Response:
        document = form.one("document")
        number = int(document) if document.isascii() and document.isdigit() and len(document) < 12 else None
        items = bank.askable(Filter(topic=form.one("topic")[:40], document_id=number))
        wanted = {kind: _count(form.one(kind.name)) for kind in Kind}
        made = papers.add(actor, form.one("title"), composed(items, wanted, random.Random()))
        accounts.note(actor, "组卷", made.title, items=len(made.item_ids))
        return back(f"/admin/papers/{made.id}")

    @router.get("/{paper_id}")
    def one(paper_id: str) -> HTMLResponse:
        paper = papers.get(paper_id)
        items = bank.chosen(list(paper.item_ids))
        return site.pages.page("admin_paper.html", paper=paper, items=items, parts=MADE, section="admin")

    @router.post("/{paper_id}/items/{item_id}/delete")
    def take_out(paper_id: str, item_id: int) -> Response:
        papers.take_out(paper_id, bank.get(item_id).id)
        return back(f"/admin/papers/{paper_id}")

    @router.post("/{paper_id}/delete")
    def delete(paper_id: str, actor: str = Depends(trainer)) -> Response:
        paper = papers.get(paper_id)
        papers.delete(paper_id)
        accounts.note(actor, "删去试卷", paper.title)
        return back("/admin/papers")

    @router.get("/{paper_id}/{part}.docx")
    def take(paper_id: str, part: Part) -> Response:
        paper = papers.get(paper_id)
        make, name = MADE[part]
        made = make(paper.title, bank.chosen(list(paper.item_ids)), site.today())
        return attached(to_word(made, site.now()), WORD, f"{paper.title} {name}.docx")

    return router


def _count(written: str) -> int:
    return min(int(written), MOST) if written.isascii() and written.isdigit() and len(written) < 4 else 0
