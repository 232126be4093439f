"""导入题库: a file is read and shown before anything is kept; sources are searched afterwards, in the background."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import Annotated

from fastapi import APIRouter, Depends, Form, UploadFile
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.errors import InvalidEntry
from assistant.study.question_bank import Filter, Finding, Status
from assistant.study.question_bank.checking import check_sources
from assistant.study.question_bank.exporting import to_jsonl, to_xlsx
from assistant.study.question_bank.importing import LARGEST, SHAPES, Report, read_bank
from assistant.web.admin.questions.workbench import back
from assistant.web.security.access import allowed
from assistant.web.site import Site

UPLOAD = "/admin/items/import"
WAITING = 4  # files that were shown and not kept yet
SHOWN = 30
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

__all__ = ["LARGEST", "UPLOAD", "routes"]


def routes(accounts: Accounts, site: Site) -> APIRouter:
    """`/admin/items/import`, `/admin/items/check` and `/admin/items/export`."""
    trainer = allowed(accounts, Role.TRAINER)
    router = APIRouter(dependencies=[Depends(trainer)])
    waiting: OrderedDict[str, tuple[str, Report]] = OrderedDict()
    searching = threading.Lock()

    def page(
        error: str = "", status: int = 200, token: str = "", name: str = "", report: Report | None = None
    ) -> HTMLResponse:
        return site.pages.page(
            "admin_items_import.html",
            status,
            error=error,
            token=token,
            name=name,
            report=report,
            shapes=SHAPES,
            shown=SHOWN,
            section="admin",
        )

    def search() -> None:
        """Look for the sources of what was not searched yet; one thread does so at a time."""
        with searching:
            items = site.bank.listing(Filter(finding=Finding.UNSEARCHED), size=None)
            check_sources(site.bank, site.knowledge_base, items)

    @router.get(UPLOAD)
    def choose() -> HTMLResponse:
        return page()

    @router.post(UPLOAD)
    def look(file: UploadFile) -> HTMLResponse:
        """Read a file and show what it holds."""
        data, name = file.file.read(LARGEST + 1), file.filename or ""
        try:
            report = read_bank(name, data)
        except InvalidEntry as error:
            return page(str(error), 400)
        token = hashlib.sha256(name.encode() + data).hexdigest()[:24]
        waiting[token] = (name, report)
        while len(waiting) > WAITING:
            waiting.popitem(last=False)
        return page(token=token, name=name, report=report)

    @router.post(f"{UPLOAD}/keep")
    def keep(token: Annotated[str, Form()], actor: str = Depends(trainer)) -> Response:
        """Keep the items of a file that was shown."""
        if token not in waiting:
            return page("这份文件要重新选一次：看过预览以后，服务重启过，或者又看了别的文件。", 400)
        name, report = waiting.pop(token)
        made = site.bank.add(actor, [one.content for one in report.read])
        kept = [one for one in made if one is not None]
        accounts.note(
            actor, "导入题库", name, kept=len(kept), known=len(made) - len(kept), rejected=len(report.rejected)
        )
        threading.Thread(target=search, name="item-sources", daemon=True).start()
        words = f"导入 {len(kept)} 道草稿，题库里已有 {len(made) - len(kept)} 道，没有读出 {len(report.rejected)} 道；正在查找依据"
        return back("/admin/items", status="草稿", done=words)

    @router.get("/admin/items/export")
    def export(form: str = "xlsx", status: str = "") -> Response:
        items = site.bank.listing(Filter(status=Status(status) if status in list(Status) else None), size=None)[::-1]
        content, kind = (to_jsonl(items).encode(), "application/jsonl") if form == "jsonl" else (to_xlsx(items), _XLSX)
        name = "question-bank." + ("jsonl" if form == "jsonl" else "xlsx")
        return Response(content, media_type=kind, headers={"Content-Disposition": f"attachment; filename={name}"})

    return router
