"""Who is behind a request, and what he may open: checked before any handler runs, and again by every admin handler."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.requests import Request as Asked
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts.api_keys import ApiKey, too_often
from assistant.accounts.model import ROLE_NAMES, Role, User, reaches
from assistant.accounts.store import Accounts
from assistant.web.pages import Pages
from assistant.web.security.guard import refused, refused_as_openai
from assistant.web.security.viewer import NOBODY, Viewer, set_viewer, viewer
from assistant.web.site import LOCAL_USER

LOCAL_ACTOR = "本机"  # who changed something where nobody has an account
#: /setup is there until there is an administrator, and only at this machine.
_OPEN = ("/login", "/setup", "/terms", "/oidc/login", "/oidc/callback")
#: For these it does not matter who is behind the request; /metrics looks itself who asks.
_NOBODY_ASKS = ("/static/", "/healthz", "/readyz", "/metrics")
_FOR_PROGRAMS = ("/api/v1/", "/v1/")  # there a personal key may stand for a session
_NO_PAGES = ("/api/", "/v1/", "/gradio_api/", "/config")  # there a script asks, which a log-in page does not help
_ANY_PASSWORD = ("/password", "/logout", "/static/")
_NO_KEY = "没有密钥，或密钥已停用、过期；请在“我的密钥”里新建，写进请求头 Authorization: Bearer 密钥。"
_NOT_FOR_YOU = "这里只有教员和管理员可以进入；需要时请联系管理员。"


class Access:
    """ASGI middleware. Without any account everybody at this machine may do everything; with accounts nobody without a
    session gets further than the log-in page, and no trainee into /admin."""

    def __init__(self, app: ASGIApp, accounts: Accounts, pages: Pages) -> None:
        self._app = app
        self._accounts = accounts
        self._pages = pages
        self._used = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Asked(scope)
        refused = None
        if not request.url.path.startswith(_NOBODY_ASKS) and await run_in_threadpool(self._in_use):
            user = await run_in_threadpool(self._user, request)
            request.state.user = user
            if user:
                set_viewer(await run_in_threadpool(self._viewer, user))
                request.state.viewer = viewer()
            refused = self._refusal(request, user) or await run_in_threadpool(self._held_back, request)
        else:
            set_viewer(Viewer(trains=True, administers=True, groups=None))
            request.state.viewer = viewer()
        await (refused or self._app)(scope, receive, send)

    def _in_use(self) -> bool:
        self._used = self._used or self._accounts.exist()  # accounts are never deleted
        return self._used

    def _user(self, request: Asked) -> User | None:
        """Who holds the session of a browser, or the key that a program sends; with a key, no session counts."""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and request.url.path.startswith(_FOR_PROGRAMS):
            held = self._accounts.whose_key(secret.strip())
            request.state.key = held[1] if held else None
            return held[0] if held else None
        token = request.cookies.get(cookie_name(request.url), "")
        return self._accounts.whose(token) if token else None

    def _held_back(self, request: Asked) -> Response | None:
        """The reply to a program that asks more often than its key may; None for all others."""
        key: ApiKey | None = getattr(request.state, "key", None)
        seconds = self._accounts.keys.admit(key.id) if key else 0
        if key is None or not seconds:
            return None
        reply = refused_as_openai if request.url.path.startswith("/v1/") else refused
        late = reply(429, too_often(key, seconds))
        late.headers["Retry-After"] = str(seconds)
        return late

    def _viewer(self, user: User) -> Viewer:
        trains, administers = (reaches(user.role, role) for role in (Role.TRAINER, Role.ADMINISTRATOR))
        groups = self._accounts.membership.groups_of(user.id)
        return Viewer(user.display_name or user.name, trains, administers, groups)

    def _refusal(self, request: Asked, user: User | None) -> Response | None:
        path = request.url.path
        wants_page = request.method in ("GET", "HEAD") and not path.startswith(_NO_PAGES)
        if user is None:
            if path in _OPEN or path.startswith("/static/"):
                return None
            if wants_page:
                return RedirectResponse(URL("/login").include_query_params(next=path), 303)
            if path.startswith("/v1/"):
                return refused_as_openai(401, _NO_KEY)
            if path.startswith(_FOR_PROGRAMS):
                return refused(401, _NO_KEY)
            return refused(401, "登录已过期，请刷新页面重新登录。")
        if _inside(path) and not reaches(user.role, Role.TRAINER):
            if path.startswith("/api/"):
                return refused(403, _NOT_FOR_YOU)
            return self._pages.page("admin_refused.html", 403, message=_NOT_FOR_YOU, section="")
        if user.must_change_password and not path.startswith(_ANY_PASSWORD):
            if wants_page:
                return RedirectResponse("/password", 303)
            return refused(403, "请先修改首次密码。")
        return None


def current(request: Request) -> User | None:
    """The user behind a request; None where nobody has an account."""
    user: User | None = getattr(request.state, "user", None)
    return user


def look_as(request: Request | None) -> None:
    """Make who is behind `request` the viewer of what runs now: events of the chat run apart from the request."""
    set_viewer(getattr(request.state, "viewer", NOBODY) if request else NOBODY)


def reader(request: Request) -> str:
    """The name under which conversations are kept."""
    user = current(request)
    return user.id if user else LOCAL_USER


def allowed(accounts: Accounts, needed: Role) -> Callable[[Request], str]:
    """A dependency: the name of the user, for the audit. Raises 401 or 403 for who may not do what `needed` may."""

    who = "、".join(ROLE_NAMES[role] for role in Role if reaches(role, needed))

    def check(request: Request) -> str:
        user = current(request)
        if user is None:
            if accounts.exist():
                raise HTTPException(401)
            return LOCAL_ACTOR
        if not reaches(user.role, needed):
            raise HTTPException(403, f"这里只有{who}可以进入；需要时请联系管理员。")
        return user.name

    return check


def cookie_name(url: URL) -> str:
    """Over https the browser itself ties the cookie to this host and path."""
    return "__Host-xuesi" if url.scheme == "https" else "xuesi_session"


def _inside(path: str) -> bool:
    return path in ("/admin", "/api/admin") or path.startswith(("/admin/", "/api/admin/"))
