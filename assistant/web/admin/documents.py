"""The routes of the desk about documents: the list of all, publishing, withdrawing."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.web.access import allowed
from assistant.web.pages import Pages
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Status, Validity

STATUS_NAMES = {Status.DRAFT: "草稿", Status.PUBLISHED: "已发布", Status.WITHDRAWN: "已撤下"}


def routes(accounts: Accounts, knowledge_base: KnowledgeBase, pages: Pages) -> APIRouter:
    """Everything under `/admin/documents`, for trainers."""
    router = APIRouter(prefix="/admin/documents", dependencies=[Depends(allowed(accounts, Role.TRAINER))])
    trainer = Depends(allowed(accounts, Role.TRAINER))

    @router.get("")
    def documents(topic: str = "", validity: str = "", status: str = "") -> HTMLResponse:
        every = knowledge_base.documents()
        shown = [
            document
            for document in every
            if topic in ("", document.card.topic or "其他")
            and validity in ("", document.validity)
            and status in ("", document.status)
        ]
        return pages.page(
            "admin_documents.html",
            documents=shown,
            count=len(every),
            topics=sorted({document.card.topic or "其他" for document in every}),
            validities=list(Validity),
            statuses=STATUS_NAMES,
            chosen={"topic": topic, "validity": validity, "status": status},
            section="admin",
        )

    @router.post("/{document_id}/publish")
    def publish(document_id: int, actor: str = trainer) -> Response:
        document = knowledge_base.publish(document_id)
        accounts.note(actor, "发布文件", document.card.title, document=document_id)
        return RedirectResponse("/admin/documents", 303)

    @router.post("/{document_id}/withdraw")
    def withdraw(document_id: int, actor: str = trainer) -> Response:
        document = knowledge_base.withdraw(document_id)
        accounts.note(actor, "撤下文件", document.card.title, document=document_id)
        return RedirectResponse("/admin/documents", 303)

    return router
