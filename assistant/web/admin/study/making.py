"""出题: items made from the words of a document, as drafts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.errors import InvalidEntry
from assistant.study.lessons import MOST, lesson, touches
from assistant.study.question_bank import Finding
from assistant.study.question_bank.making import make
from assistant.web.admin.questions.workbench import back
from assistant.web.security.access import allowed
from assistant.web.site import Site
from assistant.web.study.changes import edition_before
from knowledge.model import Status, Validity

COUNTS = (5, 10, 20, 40)


def routes(accounts: Accounts, site: Site) -> APIRouter:
    """`/admin/items/make`."""
    trainer = allowed(accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/items/make", dependencies=[Depends(trainer)])
    kb = site.knowledge_base

    @router.get("")
    def choose() -> HTMLResponse:
        documents = [one for one in kb.published() if one.validity is Validity.IN_FORCE]
        return site.pages.page(
            "admin_items_make.html",
            documents=documents,
            renewed=[one for one in documents if edition_before(kb, one)],
            counts=COUNTS,
            section="admin",
        )

    @router.post("")
    def begin(
        document: Annotated[int, Form()], count: Annotated[int, Form()] = COUNTS[1], actor: str = Depends(trainer)
    ) -> Response:
        chosen = kb.document(document)
        if chosen.status is not Status.PUBLISHED or chosen.validity is not Validity.IN_FORCE:
            raise InvalidEntry(f"《{chosen.card.title}》没有发布或者不是现行有效，不能出题。")
        items = make(kb, chosen, count if count in COUNTS else COUNTS[1])
        made = site.bank.add(actor, [one.content for one in items], finding=Finding.CONFIRMED)
        kept = [one for one in made if one is not None]
        accounts.note(actor, "依据原文出题", chosen.card.title, items=len(kept))
        words = (
            f"《{chosen.card.title}》出了 {len(kept)} 道草稿"
            if kept
            else f"《{chosen.card.title}》里没有找到新的可以出题的句子"
        )
        return back("/admin/items", status="草稿", done=words)

    @router.post("/changes")
    def on_changes(document: Annotated[int, Form()], actor: str = Depends(trainer)) -> Response:
        """Items on just what a new edition changed."""
        chosen = kb.document(document)
        older = edition_before(kb, chosen)
        if older is None or chosen.status is not Status.PUBLISHED or chosen.validity is not Validity.IN_FORCE:
            raise InvalidEntry(f"《{chosen.card.title}》没有更早的版本，或者不是现行有效，不能就改动出题。")
        of = lesson(kb, older, chosen)
        items = make(kb, chosen, MOST, within=lambda start, end: touches(of, start, end))
        made = site.bank.add(actor, [one.content for one in items], finding=Finding.CONFIRMED)
        kept = [one for one in made if one is not None]
        accounts.note(actor, "就改动出题", chosen.card.title, items=len(kept))
        words = f"《{chosen.card.title}》的改动出了 {len(kept)} 道草稿" if kept else "改动里没有找到新的可以出题的句子"
        return back("/admin/items", status="草稿", done=words)

    return router
