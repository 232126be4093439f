"""For those who run the server: whether the process lives (`/healthz`), and whether it can answer (`/readyz`)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from knowledge.errors import StorageError
from knowledge.knowledge_base import KnowledgeBase

PATHS = ("/healthz", "/readyz")  # open to everybody who reaches the server: they say nothing of the library


def routes(knowledge_base: KnowledgeBase) -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    async def lives() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @router.get("/readyz")
    def answers() -> PlainTextResponse:
        """503 while the database cannot be read."""
        try:
            knowledge_base.generation  # noqa: B018 - asking is what tells
        except StorageError:
            return PlainTextResponse("数据库现在读不了。", 503)
        return PlainTextResponse("ok")

    return router
