"""What a reader sees when something is not there or went wrong: a sentence, never an internal detail."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from assistant.accounts.errors import NoSuchAccount
from assistant.conversations.runs import TooBusy
from assistant.errors import AssistantError, NoSuchItem, NotAllowed, NotYours
from assistant.web.operating.request_id import request_id
from assistant.web.operating.requests import pattern
from assistant.web.pages import Pages
from assistant.web.security.guard import HEADERS, refused, refused_as_openai
from knowledge.errors import EncoderError, KnowledgeError, NoSuchJob, NotInLibrary, StorageBusy, StorageError

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotYours, 404),
    (NotAllowed, 403),
    (NotInLibrary, 404),
    (NoSuchJob, 404),
    (TooBusy, 429),
    (NoSuchItem, 404),
    (NoSuchAccount, 404),
    (EncoderError, 503),
    (AssistantError, 400),  # all others are about what was sent
    (KnowledgeError, 400),
)
_WORDS = {
    401: "登录已过期，请刷新页面重新登录。",
    403: "您没有权限做这件事；需要时请联系管理员。",
    404: "没有这个页面，请检查网址，或回到首页。",
    405: "这个地址不能这样使用，请回到首页。",
}
_HEADINGS = {403: "不能进入", 404: "没有找到", 429: "请稍等", 500: "出了错", 503: "请稍等"}
NOT_KEPT = "系统现在存取不了数据，这一次什么都没有改动；请稍后再试，仍不行请告诉管理员。"

_log = logging.getLogger(__name__)


def handle(app: FastAPI, pages: Pages, count: Callable[[str], None] = lambda _kind: None) -> None:
    """Give `app` its error replies: JSON `{"message"}` under /api/, a page elsewhere. `count` hears the class of each error."""

    def reply(request: Request, status: int, message: str) -> Response:
        if request.url.path.startswith("/v1/"):
            return refused_as_openai(status, message)
        if request.url.path.startswith(("/api/", "/gradio_api/")):
            return refused(status, message)
        heading = _HEADINGS.get(status, "没有完成")
        return pages.page("error.html", status, heading=heading, message=message, request_id=request_id(), section="")

    def known(request: Request, error: Exception) -> Response:
        count(type(error).__name__)
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        return reply(request, status, str(error))

    def invalid(request: Request, error: Exception) -> Response:
        """An address that names no number where one belongs leads nowhere; a body that does not fit was sent wrongly."""
        wrong = error.errors() if isinstance(error, RequestValidationError) else ()
        places = {one["loc"][0] for one in wrong}
        if "path" in places:
            return reply(request, 404, _WORDS[404])
        if request.url.path.startswith(("/api/v1/", "/v1/")):
            names = "、".join(".".join(map(str, one["loc"][1:])) for one in wrong if one["loc"][1:]) or "内容"
            return reply(request, 400, f"请求里的 {names} 缺少或写得不对，请按接口说明（/docs）改正。")
        if "query" in places:
            return reply(request, 404, _WORDS[404])
        return reply(request, 400, "请求的内容不完整或格式不对，请刷新页面后再试。")

    def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        said = error.detail if isinstance(error, HTTPException) and error.detail != HTTPStatus(status).phrase else ""
        return reply(request, status, said or _WORDS.get(status, "请求没有完成，请刷新页面后再试。"))

    def unreadable(request: Request, error: Exception) -> Response:
        return reply(request, 400, "输入里有不完整的字符，请删去后再试。")

    def cut_off(request: Request, error: Exception) -> Response:
        return reply(request, 408, "内容没有传完，连接断了或太慢，什么都没有保存；请重试。")

    def storage(request: Request, error: Exception) -> Response:
        """A busy database is a matter of moments; what else is wrong with it only the administrator needs to know."""
        count(type(error).__name__)
        busy = isinstance(error, StorageBusy)
        if not busy:
            _log.error("%s %s: %s", request.method, pattern(request.scope), error)
        failed = reply(request, 503, str(error) if busy else NOT_KEPT)
        failed.headers["Retry-After"] = "5" if busy else "60"
        return failed

    def unexpected(request: Request, error: Exception) -> Response:
        count(type(error).__name__)
        _log.error("%s %s failed", request.method, pattern(request.scope), exc_info=error)
        failed = reply(request, 500, "系统出了错，请稍后再试；仍不行请告诉管理员。")
        failed.headers.update(HEADERS)  # this reply is made outside of the guard
        return failed

    for kind, _ in _STATUS:
        app.add_exception_handler(kind, known)
    app.add_exception_handler(StorageError, storage)
    app.add_exception_handler(ClientDisconnect, cut_off)
    app.add_exception_handler(UnicodeError, unreadable)  # half of a character, which nothing can keep or show
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)
