"""The administrators' page about the language model: where it is, whether it answers, what it cost, who may ask how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.conversations.usage import usage_since
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import SAYS
from assistant.generation.quota import Allowance
from assistant.generation.trial import Trial, try_out
from assistant.verification.checker import Policy, Support
from assistant.web.pages import Pages
from assistant.web.security.access import allowed
from knowledge.storage.database import Database

DAYS = 30
TREATMENTS = {Support.REMOVED: "不显示", Support.UNFOUND: "加标记“未在来源中找到依据”", Support.SUPPORTED: "照常显示"}


@dataclass(frozen=True, slots=True)
class Writing:
    """The language model at work, with the limits on asking it and the treatment of what it cannot prove."""

    endpoint: Endpoint
    allowance: Allowance
    policy: Policy


def routes(accounts: Accounts, database: Database, pages: Pages, writing: Writing | None) -> APIRouter:
    """`/admin/model`, for administrators only; `writing` is None where no model is configured."""
    administrator = Depends(allowed(accounts, Role.ADMINISTRATOR))
    router = APIRouter(prefix="/admin", dependencies=[administrator])

    def page(trial: Trial | None = None) -> HTMLResponse:
        since = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=DAYS)
        return pages.page(
            "admin_model.html",
            writing=writing,
            usage=usage_since(database, since),
            days=DAYS,
            trial=trial,
            treatments=TREATMENTS,
            says={str(failure): words for failure, words in SAYS.items()},
            section="admin",
        )

    @router.get("/model")
    def show() -> HTMLResponse:
        return page()

    @router.post("/model/check")
    def check() -> HTMLResponse:
        return page(try_out(writing.endpoint) if writing else None)

    return router
