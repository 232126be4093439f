"""Logging in and out, changing one's password, and making the first administrator."""

from __future__ import annotations

from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts import passwords
from assistant.accounts.attempts import network
from assistant.accounts.errors import AccountError, NotAdmitted, TooSoon
from assistant.accounts.store import Accounts
from assistant.web.pages import Pages
from assistant.web.security.access import cookie_name, current
from assistant.web.security.guard import LOOPBACK

FROM_ONE_ADDRESS = "60/5minutes"  # wrong passwords; a class that logs in through one address makes none
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_TOO_OFTEN = "试得太频繁，请过几分钟再试。"

Field = Annotated[str, Form(max_length=200)]


def routes(accounts: Accounts, pages: Pages) -> APIRouter:
    """`/login`, `/logout`, `/password`, `/setup`."""
    from limits import parse
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter

    router = APIRouter()
    limiter = MovingWindowRateLimiter(MemoryStorage())
    per_address = parse(FROM_ONE_ADDRESS)
    # Who waits to be let in takes no thread from who asks a question.
    few = CapacityLimiter(passwords.AT_ONCE)

    def form(status: int = 200, error: str = "", to: str = "/") -> HTMLResponse:
        return pages.page("login.html", status, error=error, next=to, section="")

    @router.get("/login")
    def page(request: Request, next: str = "/") -> Response:
        if not accounts.administered() and is_here(request):
            return RedirectResponse("/setup", 303)
        return RedirectResponse("/", 303) if current(request) else form(to=local_address(next))

    @router.post("/login")
    async def log_in(request: Request, name: Field = "", password: Field = "", next: Field = "/") -> Response:
        to, address = local_address(next), _address(request)

        def admitted() -> Response:
            if not limiter.test(per_address, network(address)):
                return form(429, _TOO_OFTEN, to)
            try:
                _, token = accounts.log_in(name, password, address)
            except TooSoon as error:
                return form(429, str(error), to)
            except NotAdmitted as error:
                limiter.hit(per_address, network(address))
                return form(401, str(error), to)
            end_session(accounts, request)  # a session that somebody planted or left here is never taken over
            return with_cookie(request, RedirectResponse(to, 303), token)

        return await to_thread.run_sync(admitted, limiter=few)

    @router.post("/logout")
    def log_out(request: Request, everywhere: Field = "") -> Response:
        user = current(request)
        if user and everywhere:
            accounts.sign_out_everywhere(user.name, user.name)
        end_session(accounts, request)
        reply = RedirectResponse("/login", 303)
        secure = request.url.scheme == "https"
        reply.delete_cookie(cookie_name(request.url), path="/", httponly=True, samesite="lax", secure=secure)
        return reply

    @router.get("/password")
    def password_page(request: Request) -> Response:
        user = current(request)
        if user is None:
            raise HTTPException(404)
        return pages.page("login_password.html", user=user, error="", section="")

    @router.post("/password")
    def change(request: Request, old: Field = "", new: Field = "", again: Field = "") -> Response:
        user = current(request)
        if user is None:
            raise HTTPException(404)
        error = ""
        if new != again:
            error = "两次输入的新密码不一样，请重新输入。"
        elif new == old:
            error = "新密码和原来的一样，请换一个。"
        else:
            try:
                accounts.change_password(user.name, old, new, _address(request))
            except AccountError as wrong:
                error = str(wrong)
        if error:
            return pages.page("login_password.html", 400, user=user, error=error, section="")
        return with_cookie(request, RedirectResponse("/", 303), accounts.sessions.begin(user.id))

    @router.get("/setup")
    def first(request: Request) -> Response:
        _only_here(accounts, request)
        return pages.page("login_setup.html", error="", section="")

    @router.post("/setup")
    def make_first(request: Request, name: Field = "", password: Field = "", again: Field = "") -> Response:
        _only_here(accounts, request)
        try:
            if password != again:
                raise AccountError("两次输入的密码不一样，请重新输入。")
            user = accounts.add_first(name, password)
        except AccountError as error:
            return pages.page("login_setup.html", 400, error=str(error), section="")
        return with_cookie(request, RedirectResponse("/admin/", 303), accounts.sessions.begin(user.id))

    return router


def _only_here(accounts: Accounts, request: Request) -> None:
    """The first administrator is made at the machine itself, and once."""
    if accounts.administered() or not is_here(request):
        raise HTTPException(404)


def is_here(request: Request) -> bool:
    """Whether the request comes from this machine, and not through a proxy that runs on it."""
    forwarded = any(name in request.headers for name in _FORWARDED)
    return not forwarded and request.client is not None and request.client.host in LOOPBACK


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def end_session(accounts: Accounts, request: Request) -> None:
    """End the session that the browser brought along, if any."""
    if token := request.cookies.get(cookie_name(request.url)):
        accounts.sessions.end(token)


def with_cookie(request: Request, reply: Response, token: str) -> Response:
    """`reply` that gives the browser the session `token`."""
    secure = request.url.scheme == "https"
    reply.set_cookie(cookie_name(request.url), token, path="/", httponly=True, samesite="lax", secure=secure)
    return reply


def local_address(address: str) -> str:
    """`address` if it leads to a page of ours, else the first page."""
    harmless = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if harmless and "\\" not in address else "/"
