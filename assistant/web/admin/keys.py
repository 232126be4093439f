"""密钥: every key that programs use, how often each may ask, and ending one. For administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.api_keys import MOST_PER_MINUTE, PER_MINUTE, SCOPE_NAMES
from assistant.accounts.errors import InvalidAccount
from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.web.pages import Pages
from assistant.web.security.access import allowed


def routes(accounts: Accounts, pages: Pages) -> APIRouter:
    """`/admin/keys`."""
    administrator = Depends(allowed(accounts, Role.ADMINISTRATOR))
    router = APIRouter(prefix="/admin/keys")

    def page(status: int = 200, error: str = "") -> HTMLResponse:
        return pages.page(
            "admin_keys.html",
            status,
            keys=accounts.keys.every(),
            scopes=SCOPE_NAMES,
            usual=PER_MINUTE,
            most=MOST_PER_MINUTE,
            error=error,
            section="admin",
        )

    @router.get("", dependencies=[administrator])
    def every() -> HTMLResponse:
        return page()

    @router.post("/{key_id}/limit")
    def limit(key_id: str, per_minute: Annotated[int, Form()] = 0, actor: str = administrator) -> Response:
        try:
            accounts.keys.limit(key_id, per_minute, actor=actor)
        except InvalidAccount as error:
            return page(400, str(error))
        return RedirectResponse("/admin/keys", 303)

    @router.post("/{key_id}/revoke")
    def revoke(key_id: str, actor: str = administrator) -> Response:
        accounts.keys.revoke(key_id, actor=actor)
        return RedirectResponse("/admin/keys", 303)

    return router
