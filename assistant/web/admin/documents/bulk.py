"""Many documents of the list at once: a topic for all, the topics that the register suggests, publishing, withdrawing."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from assistant.accounts.model import Role
from assistant.web.admin.documents.choosing import Choice, Ticked, Ticks, chosen, look
from assistant.web.admin.documents.parts import OTHER, Desk
from assistant.web.admin.documents.stopping import stops
from assistant.web.security.access import allowed
from knowledge.ingestion.report import sentences
from knowledge.metadata import suggested_topic
from knowledge.model import Document, Status
from knowledge.storage.changes import Change, set_status

ADDRESS = "/admin/documents"
ACTION = f"{ADDRESS}/bulk"


def routes(desk: Desk) -> APIRouter:
    """`POST /admin/documents/bulk`, for trainers; `do` is topic, suggested, publish or withdraw."""
    router = APIRouter(prefix=ADDRESS)
    library = desk.knowledge_base

    @router.post("/bulk")
    def bulk(form: Ticks, actor: str = Depends(allowed(desk.accounts, Role.TRAINER))) -> Response:
        do = form.fields.get("do", "")
        known = {one.id: one for one in library.documents()}
        documents = [known[number] for number in form.ids if number in known]
        if do in ("topic", "suggested"):
            return topics(do, form, documents, actor)
        if do in ("publish", "withdraw"):
            listed = [known[number] for number in _listed(form) if number in known] or documents
            return show_or_hide(do, form, listed, actor)
        return refused("没有这种操作，请刷新页面后再试。")

    def topics(do: str, form: Ticked, documents: list[Document], actor: str) -> Response:
        if not documents:
            return refused("一份文件也没有勾选；请回到清单，先在前面的方框里勾选。")
        given = " ".join(form.fields.get("topic", "").split())
        if do == "topic" and not given:
            return refused("没有写专题的名称；请选一个已有的专题，或者写一个新的。")
        given = "" if given == OTHER else given
        wanted = {one.id: given if do == "topic" else _suggestion(desk, one) for one in documents}
        changing = [one for one in documents if wanted[one.id] is not None and wanted[one.id] != (one.card.topic or "")]
        for one in changing:
            library.set_card(one.id, topic=wanted[one.id])
            after = wanted[one.id] or OTHER
            detail = {"专题": [one.card.topic or OTHER, after]}
            desk.accounts.note(actor, "修改文件信息", one.card.title, document=one.id, changes=detail)
        left = len(documents) - len(changing)
        return back(f"{len(changing)} 份归入专题" + (f"，{left} 份没有变化" if left else ""))

    def show_or_hide(do: str, form: Ticked, documents: list[Document], actor: str) -> Response:
        publishing = do == "publish"
        status = Status.PUBLISHED if publishing else Status.WITHDRAWN
        concerned = [one for one in documents if (one.status is Status.PUBLISHED) is not publishing]
        if not concerned:
            return refused(f"勾选的文件里没有可以{'发布' if publishing else '撤下'}的；请回到清单重新勾选。")
        choices = [Choice(one, barred=desk.barred(actor, one) if publishing else "") for one in concerned]
        fields = {"do": do, "listed": "|".join(str(one.id) for one in concerned)}
        word = "发布" if publishing else "撤下"

        def apply(change: Change, own: Sequence[int]) -> None:
            for number in own:
                set_status(change, number, status)

        seen = look(
            desk,
            Ticked(form.ids, form.seen, fields),
            chosen(choices, form),
            apply,
            heading=f"{word} {len(concerned)} 份文件",
            action=ACTION,
            back=ADDRESS,
            button=f"{word}勾选的文件",
            stopping=(lambda _: ()) if publishing else (lambda going: stops(desk, going)),
        )
        if isinstance(seen, Response):
            return seen
        agreed_to, found = seen
        for one in agreed_to:
            (library.publish if publishing else library.withdraw)(one.id)
            desk.accounts.note(actor, f"{word}文件", one.card.title, document=one.id)
        effects = list(sentences(found, None))
        desk.accounts.note(actor, f"{word}一批文件", f"{len(agreed_to)} 份", effects=effects)
        return back(f"{word}了 {len(agreed_to)} 份")

    def refused(message: str) -> Response:
        return desk.pages.page(
            "admin_refused.html", 400, heading="没有改动", message=message, back=ADDRESS, section="admin"
        )

    def back(done: str) -> Response:
        from starlette.datastructures import URL

        return RedirectResponse(URL(ADDRESS).include_query_params(done=done), 303)

    return router


def _listed(form: Ticked) -> list[int]:
    """The documents that the page of effects was made for, ticked or not."""
    numbers = form.fields.get("listed", "").split("|")
    return [int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 12]


def _suggestion(desk: Desk, document: Document) -> str | None:
    """What the register suggests for a document without a topic; None for no change."""
    return None if document.card.topic else suggested_topic(document.card.title, desk.knowledge_base.register)
