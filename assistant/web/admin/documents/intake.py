"""Bringing files in: the page with the queue, uploads one file to a request, cancel, retry."""

from __future__ import annotations

import re
import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.accounts.model import Role, reaches
from assistant.web.admin.documents.card_form import SURENESS_NAMES
from assistant.web.admin.documents.parts import STATUS_NAMES, Desk, Form
from assistant.web.admin.documents.publishing import copies, to_publish
from assistant.web.security.access import allowed, current
from knowledge.errors import KnowledgeError
from knowledge.ingestion.report import named
from knowledge.model import Sureness
from knowledge.operations.upload_queue import AGAIN, OPEN, Job, JobState
from knowledge.operations.waiting_files import FOLDER
from knowledge.parsing.loaders import ARCHIVES, READABLE

UPLOAD = "/admin/intake/files"  # the one address that takes large bodies
STATE_NAMES = {
    JobState.QUEUED: "排队",
    JobState.RUNNING: "处理中",
    JobState.STOPPING: "正在取消",
    JobState.DONE: "完成",
    JobState.HELD: "待发布",
    JobState.FAILED: "失败",
    JobState.CANCELLED: "已取消",
    JobState.INTERRUPTED: "中断",
}
OUTCOME_NAMES = {"new": "新文件", "updated": "新版本", "unchanged": "库里已有"}
_BATCH = re.compile(r"[0-9a-f]{16}")
_LONGEST_NAME = 400

Name = Annotated[str, Query(max_length=_LONGEST_NAME)]


def routes(desk: Desk) -> APIRouter:
    """Everything under `/admin/intake`, for trainers; web pages are for administrators."""
    router = APIRouter(prefix="/admin/intake", dependencies=[Depends(allowed(desk.accounts, Role.TRAINER))])
    trainer = Depends(allowed(desk.accounts, Role.TRAINER))
    administrator = Depends(allowed(desk.accounts, Role.ADMINISTRATOR))
    library, intake = desk.knowledge_base, desk.intake

    def values(jobs: list[Job]) -> dict[str, Any]:
        documents = {one.id: one for one in library.documents()}
        return {
            "jobs": jobs,
            "documents": documents,
            "states": STATE_NAMES,
            "outcomes": OUTCOME_NAMES,
            "statuses": STATUS_NAMES,
            "open": OPEN,
            "again": AGAIN,
            "held": JobState.HELD,
            "sureness": Sureness,
            "copies": {job.id: copies(job) for job in jobs},
            "publishable": {job.id for job in to_publish(jobs, documents)},
        }

    @router.get("")
    def page(request: Request, batch: str = "", done: str = "", actor: str = trainer) -> HTMLResponse:
        user = current(request)
        jobs = intake.jobs.listing(batch=batch) if batch else intake.jobs.listing()
        return desk.pages.page(
            "admin_intake.html",
            **values(jobs),
            batch=secrets.token_hex(8),
            shown_batch=batch,
            done=done[:200],
            may_fetch=(user is None or reaches(user.role, Role.ADMINISTRATOR)) and bool(desk.rules.hosts),
            hosts=desk.rules.hosts,
            largest=desk.rules.largest,
            readable=sorted(READABLE | ARCHIVES),
            section="admin",
        )

    @router.get("/jobs")
    def jobs(batch: str = "") -> HTMLResponse:
        """The rows of the queue, for the page to renew; `X-Open` says how many jobs are not finished."""
        some = intake.jobs.listing(batch=batch) if batch else intake.jobs.listing()
        rendered = desk.pages.render("_jobs.html", **values(some))
        left = sum(job.state in OPEN for job in some)
        return HTMLResponse(rendered, headers={"X-Open": str(left)})

    @router.post("/files")
    async def upload(request: Request, batch: str, name: Name, actor: str = trainer) -> Response:
        """One file as the body of the request, written to disk as it comes; `name` is its path below the folder."""
        await run_in_threadpool(_check_batch, desk, batch, actor)
        arriving = await received(request, library.data / FOLDER, desk.rules.largest)
        if arriving is None:
            message = f"《{_clean(name)}》超过 {desk.rules.largest >> 20} MB 的上限，请拆分后再上传。"
            return JSONResponse({"message": message}, 413)
        try:
            job = await run_in_threadpool(intake.receive, arriving, batch, _clean(name), actor)
        except KnowledgeError as error:
            return JSONResponse({"message": str(error)}, 400)
        finally:
            arriving.unlink(missing_ok=True)
        await run_in_threadpool(desk.accounts.note, actor, "上传文件", job.name, job=job.id, bytes=job.size)
        return JSONResponse({"job": job.id}, 201)

    @router.post("/web")
    def web(form: Form, actor: str = administrator) -> Response:
        batch, address = form.get("batch", ""), form.get("address", "").strip()
        _check_batch(desk, batch, actor)
        try:
            job = intake.request(address[:2000], batch, actor)
        except KnowledgeError as error:
            return desk.pages.page("admin_refused.html", 400, message=str(error), section="admin")
        desk.accounts.note(actor, "添加网页", job.name, job=job.id)
        return RedirectResponse(f"/admin/intake?batch={batch}", 303)

    @router.get("/{job_id}")
    def report(job_id: int) -> HTMLResponse:
        job = intake.jobs.get(job_id)
        return desk.pages.page(
            "admin_job.html",
            **values([job]),
            job=job,
            sureness_names=SURENESS_NAMES,
            named=named,
            section="admin",
        )

    @router.post("/{job_id}/cancel")
    def cancel(job_id: int, actor: str = trainer) -> Response:
        job = intake.cancel(job_id)
        desk.accounts.note(actor, "取消导入", job.name, job=job_id)
        return RedirectResponse(f"/admin/intake?batch={job.batch}", 303)

    @router.post("/{job_id}/retry")
    def retry(job_id: int, actor: str = trainer) -> Response:
        job = intake.retry(job_id)
        desk.accounts.note(actor, "重试导入", job.name, job=job_id)
        return RedirectResponse(f"/admin/intake?batch={job.batch}", 303)

    return router


def _check_batch(desk: Desk, batch: str, actor: str) -> None:
    """A batch is one person's. Raises 400."""
    if not _BATCH.fullmatch(batch) or desk.intake.jobs.owner_of(batch) not in (None, actor):
        raise HTTPException(400, "这一批是别人导入的，或者编号不对；请刷新“导入”页，从那里重新上传。")


async def received(request: Request, folder: Path, largest: int) -> Path | None:
    """The body in a new file; None when it is larger than `largest` bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as file:
        size = 0
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size > largest:
                    Path(file.name).unlink()
                    return None
                await run_in_threadpool(file.write, chunk)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return Path(file.name)


def _clean(name: str) -> str:
    """A path as a browser names it, without what would lead elsewhere."""
    parts = [part.strip() for part in name.replace("\\", "/").split("/")]
    return (
        "/".join("".join(c for c in part if c.isprintable()) for part in parts if part not in ("", ".", "..")) or "文件"
    )
