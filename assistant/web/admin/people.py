"""账号与班次: accounts, classes, the latest changes. For administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, UploadFile
from fastapi.responses import HTMLResponse

from assistant.accounts.class_list import parse
from assistant.accounts.errors import AccountError, InvalidAccount
from assistant.accounts.model import ROLE_NAMES, Role
from assistant.accounts.passwords import new_password
from assistant.accounts.store import Accounts
from assistant.web.pages import Pages
from assistant.web.security.access import allowed

Field = Annotated[str, Form(max_length=200)]


def routes(accounts: Accounts, pages: Pages) -> APIRouter:
    """`/admin/users` and `/admin/classes`."""
    administrator = Depends(allowed(accounts, Role.ADMINISTRATOR))
    router = APIRouter(prefix="/admin", dependencies=[administrator])

    def people(status: int = 200, error: str = "", made: Sequence[tuple[str, str]] = ()) -> HTMLResponse:
        return pages.page(
            "admin_users.html",
            status,
            users=accounts.users(),
            classes=accounts.classes(),
            roles=ROLE_NAMES,
            entries=accounts.history(50),
            error=error,
            made=made,
            section="admin",
        )

    @router.get("/users")
    def users(actor: str = administrator) -> HTMLResponse:
        return people()

    @router.post("/users")
    def add(name: Field = "", shown: Field = "", role: Field = "", actor: str = administrator) -> HTMLResponse:
        try:
            if role not in list(Role):
                raise InvalidAccount("请选择角色：学员、教员或管理员。")
            password = new_password()
            accounts.add(actor, name, password, Role(role), display_name=shown, must_change=True)
        except AccountError as error:
            return people(400, str(error))
        return people(made=[(name, password)])

    @router.post("/users/{name}/{action}")
    def change(
        name: str, action: str, role: Field = "", department: Field = "", actor: str = administrator
    ) -> HTMLResponse:
        made: list[tuple[str, str]] = []
        try:
            if action == "reset":
                made = [(name, new_password())]
                accounts.reset_password(actor, name, made[0][1])
            elif action in ("disable", "enable"):
                accounts.set_disabled(actor, name, action == "disable")
            elif action == "role" and role in list(Role):
                accounts.set_role(actor, name, Role(role))
            elif action == "department":
                accounts.membership.set_department(actor, name, department)
            elif action == "sign-out":
                accounts.sign_out_everywhere(actor, name)
            elif action == "release":
                accounts.release(actor, name)
            else:
                raise InvalidAccount("没有这种操作，请刷新页面后再试。")
        except AccountError as error:
            return people(400, str(error))
        return people(made=made)

    @router.post("/classes")
    def import_class(
        roster: UploadFile,
        name: Field = "",
        starts: Annotated[date | None, Form()] = None,
        ends: Annotated[date | None, Form()] = None,
        actor: str = administrator,
    ) -> HTMLResponse:
        try:
            if starts is None or ends is None:
                raise InvalidAccount("请填写班次的开始和结束日期。")
            rows = parse(roster.file.read())
            known = {held.name: held.id for held in accounts.classes()}
            class_id = known.get(name.strip()) or accounts.add_class(actor, name, starts, ends).id
            made = accounts.import_class(actor, class_id, rows)
        except AccountError as error:
            return people(400, str(error))
        return people(made=made)

    return router
