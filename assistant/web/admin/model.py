"""The administrators' page about the language model: choosing it, whether it answers, what it cost, who may ask how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.conversations.usage import usage_since
from assistant.generation.chosen import Choice, ChosenModel
from assistant.generation.failures import SAYS, WrongEndpoint
from assistant.generation.quota import Allowance
from assistant.generation.trial import Trial, try_out
from assistant.verification.checker import Policy, Support
from assistant.web.pages import Pages
from assistant.web.security.access import allowed
from knowledge.storage.database import Database

DAYS = 30
TREATMENTS = {Support.REMOVED: "不显示", Support.UNFOUND: "加标记“未在来源中找到依据”", Support.SUPPORTED: "照常显示"}
_THINKING = {"": None, "on": True, "off": False}
Field = Annotated[str, Form(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Writing:
    """The language model at work, with the limits on asking it and the treatment of what it cannot prove."""

    model: ChosenModel
    allowance: Allowance
    policy: Policy


def routes(accounts: Accounts, database: Database, pages: Pages, writing: Writing) -> APIRouter:
    """`/admin/model`, for administrators only."""
    administrator = Depends(allowed(accounts, Role.ADMINISTRATOR))
    router = APIRouter(prefix="/admin", dependencies=[administrator])

    def page(trial: Trial | None = None, error: str = "", done: str = "", given: Choice | None = None) -> HTMLResponse:
        since = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=DAYS)
        endpoint = writing.model.endpoint
        return pages.page(
            "admin_model.html",
            400 if error else 200,
            writing=writing,
            settings=endpoint.settings if endpoint else None,
            chosen=writing.model.chosen,
            has_key=writing.model.has_key,
            given=given,
            usage=usage_since(database, since),
            days=DAYS,
            trial=trial,
            error=error or writing.model.trouble,
            done=done,
            treatments=TREATMENTS,
            says={str(failure): words for failure, words in SAYS.items()},
            section="admin",
        )

    @router.get("/model")
    def show() -> HTMLResponse:
        return page()

    @router.post("/model")
    def choose(
        base_url: Field = "",
        model: Field = "",
        api_key: Field = "",
        provider: Field = "",
        filing_number: Field = "",
        thinking: Field = "",
        actor: str = administrator,
    ) -> HTMLResponse:
        """Keep the choice and try it at once."""
        choice = Choice(
            base_url=base_url.strip(),
            model=model.strip(),
            api_key=api_key.strip(),
            provider=provider.strip(),
            filing_number=filing_number.strip(),
            thinking=_THINKING.get(thinking),
        )
        try:
            writing.model.choose(actor, choice)
        except WrongEndpoint as error:
            return page(error=str(error), given=choice)
        endpoint = writing.model.endpoint
        return page(try_out(endpoint) if endpoint else None, done="已保存，从下一个问题起使用；下面是试答的结果。")

    @router.post("/model/forget")
    def forget(actor: str = administrator) -> HTMLResponse:
        writing.model.forget(actor)
        return page(done="浏览器里的设置和密钥已删去。")

    @router.post("/model/check")
    def check() -> HTMLResponse:
        endpoint = writing.model.endpoint
        return page(try_out(endpoint) if endpoint else None)

    return router
