"""试检索: what the chat's own search finds for a question, half by half, and saving the question as an evaluation case."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.answerer import Answerer
from assistant.curation.cases import place_of
from assistant.curation.search_trace import Halves, halves
from assistant.errors import AssistantError
from assistant.model import LABELS, Mode
from assistant.understanding.question import LONGEST_QUESTION, Understood
from assistant.web.admin.questions.workbench import Form, Workbench, back
from assistant.web.security.access import allowed

KIND_NAMES = {
    "article": "查条文",
    "change": "比版本",
    "comparison": "作比较",
    "definition": "问定义",
    "number": "问数字",
    "list": "问列举",
    "who": "问主体",
    "other": "其他",
}


def routes(bench: Workbench) -> APIRouter:
    """`/admin/search`."""
    trainer = allowed(bench.accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/search", dependencies=[Depends(trainer)])

    def look(answerer: Answerer, q: str) -> tuple[Understood, list[Halves]]:
        understood, rankings = answerer.searched(q)
        return understood, [halves(ranking) for ranking in rankings]

    @router.get("")
    def page(q: str = "", saved: str = "") -> HTMLResponse:
        q, error, understood, answer = q[:LONGEST_QUESTION], "", None, None
        searches: list[Halves] = []
        if q.strip():
            answerer = bench.live.now
            try:
                understood, searches = look(answerer, q)
                answer = answerer.answer(q, mode=Mode.EXTRACT)
            except AssistantError as wrong:
                error = str(wrong)
        return bench.page(
            "admin_search.html",
            q=q,
            saved=saved,
            error=error,
            understood=understood,
            kinds=KIND_NAMES,
            searches=searches,
            answer=answer,
            labels=LABELS,
        )

    @router.post("/save")
    def save(form: Form, actor: str = Depends(trainer)) -> Response:
        q, passage = form.one("q")[:LONGEST_QUESTION], form.one("passage")
        places = []
        if passage:
            found = bench.knowledge_base.get_passages(
                [int(passage)] if passage.isascii() and passage.isdigit() and len(passage) < 19 else []
            )
            for held, document in found.values():
                places.append(place_of(bench.knowledge_base, document, held.start, held.end))
            if not places:
                return bench.page("error.html", 400, message="这条原文已不在库里，请重新检索后再存。")
        understood, _ = bench.live.now.searched(q)
        number = bench.cases.save(q, places, kind=understood.kind)
        bench.accounts.note(actor, "保存评测题", number, answerable=bool(places))
        return back("/admin/search", q=q, saved="可以回答" if places else "应当拒答")

    return router
