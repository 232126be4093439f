"""学习: where a reader begins a self-test, goes through his wrong answers, or sees what is to be reviewed today."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.web.site import Site
from assistant.web.study.changes import offered

COUNTS = (5, 10, 20, 50)


def routes(site: Site) -> APIRouter:
    """`/study`."""
    router = APIRouter()

    @router.get("/study")
    def start(request: Request) -> HTMLResponse:
        user = site.reader(request)
        site.bank.sweep()
        return site.pages.page(
            "study.html",
            topics=site.bank.topics(),
            documents=site.bank.documents(),
            counts=COUNTS,
            tests=site.tests.listing(user),
            wrong=len(site.tests.wrong(user)),
            today=site.reviews.today(user),
            renewed=offered(site, user),
            section="study",
        )

    return router
