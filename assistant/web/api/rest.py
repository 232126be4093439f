"""REST under /api/v1: ask, search, read and compare documents; its description for programs, and a page for people."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from assistant.accounts.api_keys import Scope
from assistant.conversations.answer_json import answer_json, hits_json
from assistant.web.api import shapes
from assistant.web.api.programs import MOST_HITS, Programs
from assistant.web.api.rights import may
from assistant.web.pages import Pages

VERSION = "1"
AsksFor = Annotated[str, Depends(may(Scope.ASK))]
SearchesFor = Annotated[str, Depends(may(Scope.SEARCH))]
ReadsFor = Annotated[str, Depends(may(Scope.DOCUMENTS))]


def routes(programs: Programs, pages: Pages) -> APIRouter:
    """`/api/v1/…` and the page about it, `/docs`."""
    troubles: dict[int | str, dict[str, Any]] = {
        status: {"model": shapes.Trouble, "description": words}
        for status, words in (
            (400, "请求的内容不对"),
            (401, "没有密钥，或密钥已停用、过期"),
            (403, "密钥没有这项用途"),
            (429, "用得太快，或提问的人太多；回复头 Retry-After 是几秒后再试"),
        )
    }
    router = APIRouter(prefix="/api/v1", responses=troubles)

    @router.post("/ask", summary="提问", response_model=shapes.Reply, tags=["提问"])
    def ask(question: shapes.Question, reader: AsksFor) -> dict[str, object]:
        """一个问题得到一个句句有出处的回答；库里没有答案就说没有。"""
        return answer_json(programs.answer(reader, question.asked()))

    @router.get("/search", summary="检索条文片段", response_model=shapes.Found, tags=["检索"])
    def search(
        reader: SearchesFor,
        q: Annotated[str, Query(max_length=2_000, description="检索词或问题")] = "",
        k: Annotated[int, Query(ge=1, le=MOST_HITS, description="最多多少段")] = 10,
    ) -> dict[str, object]:
        """好的在前；同一条文的其他版本并入现行版本。"""
        return hits_json(q, programs.search(reader, q, k))

    @router.get("/documents", summary="列出文件", tags=["文件"])
    def documents(reader: ReadsFor) -> list[shapes.Card]:
        """能看到的全部已发布文件。"""
        return [shapes.card(one) for one in programs.documents(reader)]

    @router.get("/documents/{document_id}", summary="读文件或其中一条", tags=["文件"])
    def document(
        document_id: int,
        reader: ReadsFor,
        address: Annotated[str, Query(max_length=300, description="出处，如 第五十九条；不写则是全文")] = "",
    ) -> shapes.Part:
        """原文，一字不改。"""
        return shapes.part(programs.read(reader, document_id, address))

    @router.get("/documents/{document_id}/compare/{other_id}", summary="对照两个版本", tags=["文件"])
    def compare(document_id: int, other_id: int, reader: ReadsFor) -> shapes.Compared:
        """同一文件的两个版本逐条对照。"""
        return shapes.compared(*programs.compare(reader, document_id, other_id))

    described = [route for route in router.routes if isinstance(route, APIRoute)]

    @cache
    def description() -> dict[str, Any]:
        about = "句句有出处的问答、检索和原文。请求头写 Authorization: Bearer 密钥；没有账号的单机不用密钥。"
        made = get_openapi(title="学思", version=VERSION, description=about, routes=described)
        made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"key": []}]
        return made

    @router.get("/openapi.json", include_in_schema=False)
    def openapi() -> dict[str, Any]:
        return description()

    whole = APIRouter()
    whole.include_router(router)

    @whole.get("/docs", include_in_schema=False)
    def page() -> HTMLResponse:
        return pages.page("api.html", api=description(), section="api")

    return whole
