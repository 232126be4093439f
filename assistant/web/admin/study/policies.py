"""The desk's cards of policies: what was read with its evidence, confirmed or put right in words of the text."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.errors import InvalidEntry
from assistant.study.policies import Part, Policy, lines_of, quotes_of
from assistant.web.admin.questions.workbench import Form, back
from assistant.web.security.access import allowed
from assistant.web.site import Site
from knowledge.model import Sureness

SURENESS = {Sureness.SURE: "确定", Sureness.DOUBTFUL: "存疑", Sureness.MISSING: "没有找到"}


def routes(accounts: Accounts, site: Site) -> APIRouter:
    """`/admin/policies`."""
    trainer = allowed(accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/policies", dependencies=[Depends(trainer)])
    library, policies = site.knowledge_base, site.policies

    def page(policy: Policy, status: int = 200, error: str = "") -> HTMLResponse:
        return site.pages.page(
            "admin_policy.html",
            status,
            policy=policy,
            parts=list(Part),
            lines_of=lines_of,
            quotes_of=quotes_of,
            sureness=SURENESS,
            error=error,
            section="admin",
        )

    @router.get("")
    def listing(done: str = "") -> HTMLResponse:
        today = site.today()
        every = policies.every(library)
        waiting = [one for one in every if one.listed and not one.confirmed_by]
        rest = [one for one in every if one not in waiting]
        return site.pages.page(
            "admin_policies.html",
            waiting=waiting,
            rest=rest,
            groups={one.document.id: one.groups(today) for one in every},
            done=done[:100],
            section="admin",
        )

    @router.get("/{document_id}")
    def one(document_id: int) -> HTMLResponse:
        return page(policies.get(library, document_id))

    @router.post("/{document_id}")
    def confirm(document_id: int, form: Form, actor: str = Depends(trainer)) -> Response:
        policy = policies.get(library, document_id)
        lines = {part: [line.rstrip() for line in form.one(part.name).splitlines() if line.strip()] for part in Part}
        listed = form.one("do") != "unlist"
        try:
            policies.confirm(actor, library, document_id, lines if listed else {}, listed=listed)
        except InvalidEntry as error:
            return page(policy, 400, str(error))
        title = policy.document.card.title
        accounts.note(actor, "核定政策卡片" if listed else "不列入政策清单", title, document=document_id)
        return back("/admin/policies", done=f"《{title}》{'已核定' if listed else '不再列入清单'}")

    return router
