"""Whether the process lives (`/healthz`), and whether it can answer (`/readyz`): open to everybody, they tell no more."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from knowledge.errors import StorageError
from knowledge.knowledge_base import KnowledgeBase


def routes(knowledge_base: KnowledgeBase) -> APIRouter:
    """The two addresses."""
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
