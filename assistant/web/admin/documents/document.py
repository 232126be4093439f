"""The desk's page of one document: identity card, validity and series, passages, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.model import Role
from assistant.conversations.cited import Asked, questions_citing
from assistant.web.admin.documents.agreeing import agreed, ask
from assistant.web.admin.documents.card_form import differences, rows, said_in
from assistant.web.admin.documents.parts import STATUS_NAMES, Desk, Form, whole_number
from assistant.web.answer_layout import time_in_words
from assistant.web.reader.excerpts import contents
from assistant.web.security.access import allowed
from knowledge.chunking.edits import EditKind
from knowledge.chunking.splitting import SENTENCE_END
from knowledge.errors import InvalidCard, InvalidCut
from knowledge.ingestion.report import named, sentences
from knowledge.model import Document, Passage, Validity
from knowledge.parsing.comparison import Change, revision
from knowledge.storage.changes import set_overrides

PASSAGES_PER_PAGE = 100
_EDIT_NAMES = {EditKind.OFF: "停用", EditKind.SPLIT: "分开", EditKind.MERGE: "合并"}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a passage between two places where it may be split; `at` is its offset in the passage."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage with the questions whose answers cite it, each once with how often."""

    passage: Passage
    parts: tuple[Part, ...]
    asked: tuple[tuple[str, int], ...]


def routes(desk: Desk) -> APIRouter:
    """`/admin/documents/{id}` and what can be changed there, for trainers."""
    router = APIRouter(prefix="/admin/documents", dependencies=[Depends(allowed(desk.accounts, Role.TRAINER))])
    trainer = Depends(allowed(desk.accounts, Role.TRAINER))
    library = desk.knowledge_base

    def page(document_id: int, number: int, status: int = 200, error: str = "") -> HTMLResponse:
        document = library.document(document_id)
        outline = library.outline(document.version_id)
        passages = library.passages(document.version_id)
        pages = max(1, -(-len(passages) // PASSAGES_PER_PAGE))
        number = min(max(number, 1), pages)
        some = passages[(number - 1) * PASSAGES_PER_PAGE : number * PASSAGES_PER_PAGE]
        asked = questions_citing(library.database, document_id)
        changes = library.cutting.changes(document_id)
        origin = library.origin(document_id)
        history = library.history(document_id)
        return desk.pages.page(
            "admin_document.html",
            status,
            document=document,
            rows=rows(origin.parsed, document, origin.said),
            said=origin.said,
            statuses=STATUS_NAMES,
            validities=list(Validity),
            series=[one for one in library.documents() if one.series == document.series and one.id != document_id],
            titles=sorted({one.card.title for one in library.documents()}),
            contents=contents(outline),
            passages=[shown(one, asked, document.version_id) for one in some],
            place={p.start: (i // PASSAGES_PER_PAGE) + 1 for i, p in enumerate(passages)},
            page=number,
            page_count=pages,
            questions=len({one.question for one in asked}),
            edits=[(e, _EDIT_NAMES[e.kind], e in changes.unplaced) for e in changes.edits],
            history=[(one, after is not None and one.sha256 == after.sha256) for one, after in _with_older(history)],
            notes=history[0].notes,
            error=error,
            named=named,
            section="admin",
        )

    @router.get("/{document_id}")
    def show(document_id: int, page_number: int = 1) -> HTMLResponse:
        return page(document_id, page_number)

    @router.post("/{document_id}/card")
    def card(document_id: int, form: Form, actor: str = trainer) -> Response:
        document = library.document(document_id)
        origin = library.origin(document_id)
        try:
            values, dropped = said_in(form, document, origin.parsed, origin.said)
        except InvalidCard as error:
            return page(document_id, 1, 400, str(error))
        found = library.preview(lambda change: set_overrides(change, document_id, values, dropped=dropped))
        changes = differences(document, origin.said, values, dropped, origin.parsed)
        if (found.now or found.later) and not agreed(form, found):
            return ask(
                desk.pages,
                form,
                found,
                own=document_id,
                heading=f"修改{named(document.card.title, document.card.edition)}的文件信息",
                action=f"/admin/documents/{document_id}/card",
                back=f"/admin/documents/{document_id}",
                changes=changes,
            )
        if values:
            library.set_card(document_id, **values)
        if dropped:
            library.take_back(document_id, dropped)
        if values or dropped:
            effects = list(sentences(found, document_id))
            detail = {name: [before, after] for name, before, after in changes}
            title = document.card.title
            desk.accounts.note(actor, "修改文件信息", title, document=document_id, changes=detail, effects=effects)
        return RedirectResponse(f"/admin/documents/{document_id}", 303)

    @router.post("/{document_id}/cut")
    def cut(document_id: int, form: Form, actor: str = trainer) -> Response:
        """`do` is what and where: `off:12`, `on:12`, `merge:12`, `split:12:40`, `forget:3`; numbers are passage ids, the
        last that of a change."""
        document = library.document(document_id)
        deed, *numbers = form.get("do", "").split(":")
        first, *more = [whole_number(text) for text in numbers] or [0]
        known = {one.id: one for one in library.passages(document.version_id)}
        if deed != "forget" and first not in known:
            return page(document_id, 1, 409, "这个条文片段刚刚变了，请在下面重新操作。")
        try:
            if deed in ("on", "off"):
                library.cutting.switch(first, deed == "on")
            elif deed == "merge":
                library.cutting.merge(first)
            elif deed == "split" and more:
                library.cutting.split(first, more[0])
            elif deed == "forget":
                library.cutting.forget(document_id, first)
            else:
                raise HTTPException(400, "没有这种切分操作，请刷新页面后再试。")
        except InvalidCut as error:
            return page(document_id, 1, 400, str(error))
        names = {"on": "启用条文片段", "off": "停用条文片段", "merge": "合并条文片段", "split": "分开条文片段"}
        address = known[first].address if first in known else ""
        action = names.get(deed, "撤销切分改动")
        desk.accounts.note(actor, action, document.card.title, document=document_id, address=address)
        number = whole_number(form.get("page", "1"))
        return RedirectResponse(f"/admin/documents/{document_id}?page_number={number}#p-{address}", 303)

    @router.post("/{document_id}/reread")
    def reread(document_id: int, actor: str = trainer) -> Response:
        """Read the original again. What readers see of a published document changes with it, so there the second person
        counts as well."""
        document = library.document(document_id)
        if reason := desk.barred(actor, document):
            return desk.pages.page("admin_refused.html", 403, message=reason, section="admin")
        added = library.reread(document_id)
        desk.accounts.note(actor, "重新识别文件", document.card.title, document=document_id, outcome=added.status)
        return RedirectResponse(f"/admin/documents/{document_id}", 303)

    @router.get("/{document_id}/diff")
    def diff(document_id: int, old: int, new: int) -> HTMLResponse:
        """Two stored versions of this document or of others, by version id."""
        document = library.document(document_id)
        sides = [library.document_of_version(one) for one in (old, new)]
        if any(side.series != document.series and side.id != document_id for side in sides):
            raise HTTPException(404)
        found = revision(library.text(old), library.outline(old), library.text(new), library.outline(new))
        return desk.pages.page(
            "admin_diff.html",
            document=document,
            sides=sides,
            times=[_time_of(desk, side, one) for side, one in zip(sides, (old, new), strict=True)],
            pairs=[pair for pair in found.pairs if pair.change is not Change.UNCHANGED or pair.moved],
            counts=[(change.value, found.count(change)) for change in Change],
            named=named,
            section="admin",
        )

    return router


def shown(passage: Passage, asked: Sequence[Asked], version_id: int) -> Shown:
    """A passage with where it may be split, and the questions whose answers quote it."""
    counts: dict[str, int] = {}
    for one in asked:
        here = one.start < passage.end and one.end > passage.start if one.version_id == version_id else None
        if here or (here is None and one.quote and one.quote in passage.text):
            counts[one.question] = counts.get(one.question, 0) + 1
    return Shown(passage, parts_of(passage.text), tuple(counts.items()))


def parts_of(text: str) -> tuple[Part, ...]:
    """`text` in pieces that begin where a sentence or a line begins; together they are all of it."""
    places = sorted({*(found.end() for found in SENTENCE_END.finditer(text)), *_line_starts(text)})
    cuts = [0]
    for place in places:
        if text[cuts[-1] : place].strip() and text[place:].strip():
            cuts.append(place)
    return tuple(Part(a, text[a:b]) for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True))


def _line_starts(text: str) -> list[int]:
    return [i + 1 for i, c in enumerate(text) if c == "\n"]


def _with_older(history: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Versions, newest first, each with the one before it."""
    return list(zip(history, [*history[1:], None], strict=True))


def _time_of(desk: Desk, side: Document, version_id: int) -> str:
    for one in desk.knowledge_base.history(side.id):
        if one.id == version_id:
            return f"{time_in_words(one.created_at)} 存入"
    return ""
