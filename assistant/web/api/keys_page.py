"""我的密钥: every user's own keys for programs, made and revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.api_keys import LONGEST, SCOPE_NAMES, USUAL, Scope
from assistant.accounts.errors import AccountError
from assistant.accounts.model import User
from assistant.accounts.store import Accounts
from assistant.web.pages import Pages
from assistant.web.security.access import current

Field = Annotated[str, Form(max_length=200)]


def routes(accounts: Accounts, pages: Pages) -> APIRouter:
    """`/keys`."""
    router = APIRouter(prefix="/keys")

    def page(user: User, status: int = 200, error: str = "", secret: str = "") -> HTMLResponse:
        now = datetime.now(UTC).replace(tzinfo=None)
        keys = [(one, one.open_at(now)) for one in accounts.keys.of(user.id)]
        return pages.page(
            "keys.html",
            status,
            keys=sorted(keys, key=lambda pair: not pair[1]),
            scopes=SCOPE_NAMES,
            usual=USUAL,
            longest=LONGEST,
            error=error,
            secret=secret,
            section="keys",
        )

    @router.get("")
    def mine(request: Request) -> Response:
        return page(_user(request))

    @router.post("")
    def make(
        request: Request,
        name: Field = "",
        days: Annotated[int, Form()] = USUAL,
        scope: Annotated[list[Scope] | None, Form()] = None,
    ) -> Response:
        user = _user(request)
        try:
            _, secret = accounts.keys.make(user.name, name, scope or (), days)
        except AccountError as error:
            return page(user, 400, str(error))
        return page(user, secret=secret)

    @router.post("/{key_id}/revoke")
    def revoke(request: Request, key_id: str) -> Response:
        user = _user(request)
        accounts.keys.revoke(key_id, user_id=user.id, actor=user.name)
        return RedirectResponse("/keys", 303)

    return router


def _user(request: Request) -> User:
    """Raises 404 where nobody has an account: there programs need no key."""
    user = current(request)
    if user is None:
        raise HTTPException(404)
    return user
