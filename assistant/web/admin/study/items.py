"""题库: what is in it, one item to read and mend, approving and stopping."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.errors import DeskError
from assistant.study.question_bank import LETTERS, Content, Filter, Finding, Kind, Status
from assistant.study.question_bank.bank import LISTED
from assistant.web.admin.questions.workbench import Fields, Form, back
from assistant.web.security.access import allowed
from assistant.web.site import Site

DEEDS = {"approve": Status.APPROVED, "stop": Status.STOPPED, "draft": Status.DRAFT}


def routes(accounts: Accounts, site: Site) -> APIRouter:
    """`/admin/items`."""
    trainer = allowed(accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/items", dependencies=[Depends(trainer)])
    bank = site.bank

    @router.get("")
    def listing(
        status: str = "",
        kind: str = "",
        finding: str = "",
        topic: str = "",
        document: int | None = None,
        containing: str = "",
        waiting: bool = False,
        page: int = 0,
        done: str = "",
    ) -> HTMLResponse:
        """Items by status, kind, what the search for their source found, topic, document, words."""
        bank.sweep()
        wanted = Filter(
            Status(status) if status in list(Status) else None,
            Kind(kind) if kind in list(Kind) else None,
            topic[:40],
            document,
            Finding(finding) if finding in list(Finding) else None,
            containing[:100],
            waiting,
        )
        page = min(max(page, 0), 10_000)
        count = bank.count(wanted)
        return site.pages.page(
            "admin_items.html",
            items=bank.listing(wanted, page=page),
            wanted=wanted,
            count=count,
            counts={one: bank.count(Filter(status=one)) for one in Status},
            waiting=bank.count(Filter(waiting=True)),
            page=page,
            last=(count - 1) // LISTED if count else 0,
            kinds=list(Kind),
            findings=list(Finding),
            done=done[:100],
            section="admin",
        )

    @router.post("")
    def decide(form: Form, actor: str = Depends(trainer)) -> Response:
        chosen = [int(one) for one in form.all("item") if one.isascii() and one.isdigit() and len(one) < 12]
        do = form.one("do")
        if do == "delete":
            bank.delete(chosen)
            accounts.note(actor, "删去题目", f"{len(chosen)} 道")
            return back("/admin/items", done=f"已删去 {len(chosen)} 道（已审的题要先停用）")
        if do not in DEEDS:
            raise HTTPException(400)
        refused = bank.decide(actor, chosen, DEEDS[do])
        accounts.note(actor, f"题目{DEEDS[do]}", f"{len(chosen)} 道", ids=chosen[:50], refused=refused)
        words = f"{len(chosen) - len(refused)} 道已改为“{DEEDS[do]}”"
        if refused:
            words += f"，{len(refused)} 道的依据不成立，没有通过"
        return back("/admin/items", status=form.one("status"), done=words if chosen else "没有勾选题目")

    @router.get("/{item_id}")
    def one(item_id: int) -> HTMLResponse:
        return site.pages.page("admin_item.html", item=bank.get(item_id), error="", letters=LETTERS, section="admin")

    @router.post("/{item_id}")
    def change(item_id: int, form: Form, actor: str = Depends(trainer)) -> Response:
        item = bank.get(item_id)
        try:
            changed = bank.change(actor, item_id, _read(form, item.content))
        except DeskError as error:
            return site.pages.page(
                "admin_item.html", 400, item=item, error=str(error), letters=LETTERS, section="admin"
            )
        if form.one("do") == "approve":
            bank.decide(actor, [item_id], Status.APPROVED)
        accounts.note(actor, "修改题目", changed.content.stem[:60], id=item_id)
        return back(f"/admin/items/{item_id}")

    return router


def _read(form: Fields, before: Content) -> Content:
    """What the form of one item says; kind, source and origin stay."""
    options = [line.strip() for line in form.one("options").splitlines() if line.strip()]
    answer = form.one("answer").strip()
    if before.kind in (Kind.SINGLE, Kind.MULTIPLE):
        parts = [one for one in answer.upper() if one in LETTERS]
    elif before.kind is Kind.FILL:
        parts = [line.strip() for line in answer.splitlines() if line.strip()]
    else:
        parts = [answer]
    return Content(
        before.kind,
        form.one("stem"),
        tuple(options),
        tuple(parts),
        form.one("explanation"),
        form.one("topic"),
        before.origin,
        before.source,
    )
