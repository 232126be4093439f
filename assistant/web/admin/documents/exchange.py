"""The whole curated library, carried to another office and brought back: for administrators."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from assistant.accounts.model import Role
from assistant.web.admin.documents.intake import received
from assistant.web.admin.documents.parts import Desk
from assistant.web.security.access import allowed
from knowledge.errors import KnowledgeError
from knowledge.operations.exchange import Carried, export
from knowledge.operations.packing import pack
from knowledge.operations.upload_queue import JobKind
from knowledge.operations.waiting_files import FOLDER

UPLOAD = "/admin/exchange/library"
LARGEST = 1 << 30  # bytes of a packed library


def routes(desk: Desk, carried: Carried) -> APIRouter:
    """`/admin/exchange`: the page, the download, the upload."""
    router = APIRouter(prefix="/admin/exchange", dependencies=[Depends(allowed(desk.accounts, Role.ADMINISTRATOR))])
    administrator = Depends(allowed(desk.accounts, Role.ADMINISTRATOR))
    library = desk.knowledge_base

    @router.get("")
    def page() -> HTMLResponse:
        return desk.pages.page(
            "admin_exchange.html",
            count=len(library.documents()),
            second_person=desk.rules.second_person,
            batch=secrets.token_hex(8),
            section="admin",
        )

    @router.get("/library.zip")
    def download(actor: str = administrator) -> Response:
        place = Path(tempfile.mkdtemp(prefix="xuesi-export-"))
        try:
            documents = export(library, place / "library", carried=carried)
            pack(place / "library", place / "library.zip")
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        desk.accounts.note(actor, "导出文件库", f"{len(documents)} 份文件")
        name = f"xuesi-library-{library.today():%Y%m%d}.zip"
        return FileResponse(
            place / "library.zip",
            filename=name,
            media_type="application/zip",
            background=BackgroundTask(shutil.rmtree, place, ignore_errors=True),
        )

    @router.post("/library")
    async def upload(request: Request, batch: str, actor: str = administrator) -> Response:
        """A packed library as the body of the request. It brings documents before the readers by itself, so where a
        second person has to agree it is not for the page."""
        if desk.rules.second_person:
            message = "本单位要求由另一人核对后发布，整库只能由系统管理员用 xuesi kb import 导入。"
            return JSONResponse({"message": message}, 403)
        arriving = await received(request, library.data / FOLDER, LARGEST)
        if arriving is None:
            return JSONResponse({"message": f"压缩包超过 {LARGEST >> 20} MB，请用 xuesi kb import 导入。"}, 413)
        try:
            job = await run_in_threadpool(
                desk.intake.receive, arriving, batch[:16], "文件库.zip", actor, JobKind.LIBRARY
            )
        except KnowledgeError as error:
            return JSONResponse({"message": str(error)}, 400)
        finally:
            arriving.unlink(missing_ok=True)
        await run_in_threadpool(desk.accounts.note, actor, "导入文件库", job.name, job=job.id, bytes=job.size)
        return JSONResponse({"job": job.id}, 201)

    return router
