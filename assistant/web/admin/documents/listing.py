"""The routes of the desk about all documents: the list, publishing, withdrawing, removing, what is to come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.model import Role, reaches
from assistant.web.admin.documents.agreeing import agreed, ask, harmless
from assistant.web.admin.documents.parts import OTHER, STATUS_NAMES, Desk, Form
from assistant.web.admin.documents.stopping import stops
from assistant.web.admin.paging import At, paging, part
from assistant.web.security.access import allowed, current
from knowledge.ingestion.report import named, sentences
from knowledge.metadata import suggested_topic
from knowledge.model import Document, Status, Validity
from knowledge.storage.changes import Change, remove, set_status

SHOWN = 100  # documents on a page
_DEEDS = {"publish": "发布", "withdraw": "撤下", "remove": "移除"}
#: What the list can be put in order by; a minus before it turns the order round.
ORDERS: dict[str, tuple[str, Callable[[Document], str]]] = {
    "title": ("标题", lambda one: one.card.title),
    "edition": ("版本", lambda one: one.card.edition or ""),
    "topic": ("专题", lambda one: one.card.topic or OTHER),
    "issuer": ("发文机关", lambda one: one.card.issuer or ""),
    "date": ("施行日期", lambda one: str(one.card.effective_on or one.card.issued_on or date.min)),
    "validity": ("时效", lambda one: str(list(Validity).index(one.validity))),
    "status": ("状态", lambda one: str(list(Status).index(one.status))),
    "added": ("入库", lambda one: f"{one.added_at:%Y%m%d%H%M%S}{one.id:09}"),
}


def routes(desk: Desk) -> APIRouter:
    """Everything under `/admin/documents` that is not about one page, for trainers."""
    router = APIRouter(prefix="/admin/documents", dependencies=[Depends(allowed(desk.accounts, Role.TRAINER))])
    trainer = Depends(allowed(desk.accounts, Role.TRAINER))
    library = desk.knowledge_base

    @router.get("")
    def documents(
        request: Request,
        topic: str = "",
        validity: str = "",
        status: str = "",
        issuer: str = "",
        q: str = "",
        sort: str = "",
        done: str = "",
        at: At = 0,
    ) -> HTMLResponse:
        user = current(request)
        every = library.documents()
        chosen = {"topic": topic, "validity": validity, "status": status, "issuer": issuer, "q": q[:100], "sort": sort}
        wanted = in_order([one for one in every if _wanted(one, chosen)], sort)
        place = paging(at, SHOWN, len(wanted), "/admin/documents", chosen)
        shown = part(wanted, place)
        topicless = [one for one in shown if not one.card.topic]
        suggested = {one.id: suggested_topic(one.card.title, library.register) for one in topicless}
        return desk.pages.page(
            "admin_documents.html",
            documents=shown,
            place=place,
            count=len(every),
            topics=sorted({document.card.topic or OTHER for document in every}),
            issuers=sorted({document.card.issuer for document in every if document.card.issuer}),
            suggested={number: found for number, found in suggested.items() if found},
            validities=list(Validity),
            statuses=STATUS_NAMES,
            chosen=chosen,
            here=_address(chosen),
            orders=[
                (key, label, _address({**chosen, "sort": _turned(key, sort)})) for key, (label, _) in ORDERS.items()
            ],
            done=done[:100],
            upcoming=[(day.day, day.effects) for day in library.upcoming()],
            named=named,
            administrator=user is None or reaches(user.role, Role.ADMINISTRATOR),
            section="admin",
        )

    @router.post("/{document_id}/{deed}")
    def change(document_id: int, deed: str, form: Form, actor: str = trainer) -> Response:
        """Publish, withdraw or remove; publishing at once when only this document is concerned, all else after a look
        at the effects."""
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
        if not (deed == "publish" and harmless(found, document_id)) and not agreed(form, found):
            return ask(
                desk.pages,
                form,
                found,
                own=document_id,
                heading=f"{_DEEDS[deed]}{named(document.card.title, document.card.edition)}",
                action=f"/admin/documents/{document_id}/{deed}",
                back=back,
                stopping=() if deed == "publish" else stops(desk, [document]),
            )
        done = {"publish": library.publish, "withdraw": library.withdraw, "remove": library.remove}[deed]
        done(document_id)
        effects = list(sentences(found, document_id))
        desk.accounts.note(actor, f"{_DEEDS[deed]}文件", document.card.title, document=document_id, effects=effects)
        return RedirectResponse("/admin/documents" if deed == "remove" else back, 303)

    return router


def in_order(documents: Sequence[Document], sort: str) -> list[Document]:
    """`documents` by one of ORDERS; as the library lists them when `sort` is none."""
    key = sort.removeprefix("-")
    return sorted(documents, key=ORDERS[key][1], reverse=sort.startswith("-")) if key in ORDERS else list(documents)


def _wanted(document: Document, chosen: dict[str, str]) -> bool:
    card = document.card
    return (
        chosen["topic"] in ("", card.topic or OTHER)
        and chosen["validity"] in ("", document.validity)
        and chosen["status"] in ("", document.status)
        and chosen["issuer"] in ("", card.issuer)
        and all(word in f"{card.title} {card.doc_no} {card.issuer}" for word in chosen["q"].split())
    )


def _turned(key: str, sort: str) -> str:
    """What a click on a column asks for: its order, and the other way round when it has it already."""
    return f"-{key}" if sort == key else key


def _address(chosen: dict[str, str]) -> str:
    kept = {name: value for name, value in chosen.items() if value}
    return f"/admin/documents?{urlencode(kept)}" if kept else "/admin/documents"
