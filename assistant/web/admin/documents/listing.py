"""The routes of the desk about all documents: the list, publishing, withdrawing, removing, what is to come."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.model import Role, reaches
from assistant.web.admin.documents.agreeing import agreed, ask, harmless
from assistant.web.admin.documents.parts import STATUS_NAMES, Desk, Form
from assistant.web.security.access import allowed, current
from knowledge.ingestion.report import named, sentences
from knowledge.model import Status, Validity
from knowledge.storage.changes import Change, remove, set_status

_DEEDS = {"publish": "发布", "withdraw": "撤下", "remove": "移除"}
OTHER = "其他"


def routes(desk: Desk) -> APIRouter:
    """Everything under `/admin/documents` that is not about one page, for trainers."""
    router = APIRouter(prefix="/admin/documents", dependencies=[Depends(allowed(desk.accounts, Role.TRAINER))])
    trainer = Depends(allowed(desk.accounts, Role.TRAINER))
    library = desk.knowledge_base

    @router.get("")
    def documents(request: Request, topic: str = "", validity: str = "", status: str = "", q: str = "") -> HTMLResponse:
        user = current(request)
        every = library.documents()
        words = q.split()
        shown = [
            document
            for document in every
            if topic in ("", document.card.topic or OTHER)
            and validity in ("", document.validity)
            and status in ("", document.status)
            and all(word in f"{document.card.title} {document.card.doc_no} {document.card.issuer}" for word in words)
        ]
        return desk.pages.page(
            "admin_documents.html",
            documents=shown,
            count=len(every),
            topics=sorted({document.card.topic or OTHER for document in every}),
            validities=list(Validity),
            statuses=STATUS_NAMES,
            chosen={"topic": topic, "validity": validity, "status": status, "q": q},
            upcoming=[(day.day, day.effects) for day in library.upcoming()],
            named=named,
            administrator=user is None or reaches(user.role, Role.ADMINISTRATOR),
            section="admin",
        )

    @router.post("/{document_id}/{deed}")
    def change(document_id: int, deed: str, form: Form, actor: str = trainer) -> Response:
        """Publish, withdraw or remove; at once when only this document is concerned, else after a look at the
        effects."""
        if deed not in _DEEDS:
            raise HTTPException(404)
        document = library.document(document_id)
        back = f"/admin/documents/{document_id}" if form.get("from") == "page" else "/admin/documents"
        if deed == "publish" and (reason := desk.barred(actor, document)):
            return desk.pages.page("admin_refused.html", 403, message=reason, section="admin")

        def apply(changing: Change) -> None:
            if deed == "remove":
                remove(changing, document_id)
            else:
                set_status(changing, document_id, Status.PUBLISHED if deed == "publish" else Status.WITHDRAWN)

        found = library.preview(apply)
        if not (harmless(found, document_id) and deed != "remove") and not agreed(form, found):
            heading = f"{_DEEDS[deed]}{named(document.card.title, document.card.edition)}"
            action = f"/admin/documents/{document_id}/{deed}"
            return ask(desk.pages, form, found, own=document_id, heading=heading, action=action, back=back)
        done = {"publish": library.publish, "withdraw": library.withdraw, "remove": library.remove}[deed]
        done(document_id)
        effects = list(sentences(found, document_id))
        desk.accounts.note(actor, f"{_DEEDS[deed]}文件", document.card.title, document=document_id, effects=effects)
        return RedirectResponse("/admin/documents" if deed == "remove" else back, 303)

    return router
