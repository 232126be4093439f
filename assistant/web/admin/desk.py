"""The trainer's desk but for its documents: where it begins, and its pages in one router."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from assistant.accounts.model import Role
from assistant.web.admin import audit, home, keys, people
from assistant.web.admin.questions import curated, lists, overview, public, queues, search_trial
from assistant.web.admin.questions.workbench import Workbench
from assistant.web.admin.waiting import Counts
from assistant.web.security.access import allowed


def routes(bench: Workbench) -> APIRouter:
    """Everything under `/admin` that does not concern documents."""
    bench.pages.count_waiting(Counts(bench))
    router = APIRouter()

    @router.get("/admin/", dependencies=[Depends(allowed(bench.accounts, Role.TRAINER))])
    def start() -> Response:
        return RedirectResponse("/admin/overview", 303)

    for part in (overview, queues, public, search_trial, curated, lists, home):
        router.include_router(part.routes(bench))
    router.include_router(people.routes(bench.accounts, bench.pages))
    router.include_router(keys.routes(bench.accounts, bench.pages))
    router.include_router(audit.routes(bench.accounts, bench.pages))
    return router
