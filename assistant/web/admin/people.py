"""账号与班次: accounts, classes with their members, first passwords to hand out. For administrators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.classes.class_list import Row, parse
from assistant.accounts.classes.school_classes import LONGEST_NOTICE
from assistant.accounts.errors import AccountError, InvalidAccount
from assistant.accounts.model import ROLE_NAMES, Role
from assistant.accounts.passwords import new_password
from assistant.accounts.store import Accounts
from assistant.web.admin.paging import At, paging, part
from assistant.web.pages import Pages
from assistant.web.security.access import allowed

Field = Annotated[str, Form(max_length=200)]
Day = Annotated[date | None, Form()]
SHOWN = 100  # accounts on a page
Made = Sequence[tuple[str, str]]  # names with their first passwords


def routes(accounts: Accounts, pages: Pages) -> APIRouter:
    """`/admin/users` and `/admin/classes`."""
    administrator = Depends(allowed(accounts, Role.ADMINISTRATOR))
    router = APIRouter(prefix="/admin", dependencies=[administrator])

    def people(status: int = 200, error: str = "", made: Made = (), q: str = "", at: int = 0) -> HTMLResponse:
        every = accounts.users()
        found = [user for user in every if q in user.name or q in user.display_name]
        place = paging(at, SHOWN, len(found), "/admin/users", {"q": q})
        return pages.page(
            "admin_users.html",
            status,
            users=part(found, place),
            place=place,
            count=len(every),
            q=q,
            classes=accounts.classes(),
            members=Counter(user.class_id for user in every),
            roles=ROLE_NAMES,
            departments=sorted({user.department for user in every if user.department}),
            error=error,
            slips=slips(made),
            section="admin",
        )

    def school_class(
        class_id: int, status: int = 200, error: str = "", made: Made = (), done: str = ""
    ) -> HTMLResponse:
        return pages.page(
            "admin_class.html",
            status,
            school_class=accounts.school.get(class_id),
            classes=accounts.classes(),
            users=[user for user in accounts.users() if user.class_id == class_id],
            longest=LONGEST_NOTICE,
            error=error,
            done=done,
            slips=slips(made),
            section="admin",
        )

    def slips(made: Made) -> list[tuple[str, str, str]]:
        """What is cut apart and handed out: shown name, name, first password."""
        shown = {user.name: user.display_name for user in accounts.users()} if made else {}
        return [(shown.get(name, ""), name, password) for name, password in made]

    @router.get("/users")
    def users(q: str = "", at: At = 0) -> HTMLResponse:
        return people(q=q.strip()[:40], at=at)

    @router.post("/users")
    def add(name: Field = "", shown: Field = "", role: Field = "", actor: str = administrator) -> HTMLResponse:
        try:
            if role not in list(Role):
                raise InvalidAccount("请选择角色：学员、教员或管理员。")
            password = new_password()
            accounts.add(actor, name, password, Role(role), display_name=shown, must_change=True)
        except AccountError as error:
            return people(400, str(error))
        return people(made=[(name.strip(), password)])

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
        roster: UploadFile | None = None,
        name: Field = "",
        starts: Day = None,
        ends: Day = None,
        actor: str = administrator,
    ) -> HTMLResponse:
        """A new class, with the people of a list when one came along; or more people for a class that is there."""
        try:
            if starts is None or ends is None:
                raise InvalidAccount("请填写班次的开始和结束日期。")
            content = roster.file.read() if roster and roster.filename else b""
            rows = parse(content) if content else []
            known = {held.name: held.id for held in accounts.classes()}
            class_id = known.get(name.strip()) or accounts.add_class(actor, name, starts, ends).id
            made = accounts.import_class(actor, class_id, rows) if rows else []
        except AccountError as error:
            return people(400, str(error))
        return people(made=made)

    @router.get("/classes/{class_id}")
    def one(class_id: int, done: str = "") -> HTMLResponse:
        return school_class(class_id, done=done[:100])

    @router.post("/classes/{class_id}")
    def set_class(
        class_id: int,
        starts: Day = None,
        ends: Day = None,
        notice: Annotated[str, Form(max_length=4000)] = "",
        actor: str = administrator,
    ) -> Response:
        try:
            if starts is None or ends is None:
                raise InvalidAccount("请填写班次的开始和结束日期。")
            accounts.school.change(actor, class_id, starts, ends, notice)
        except InvalidAccount as error:
            return school_class(class_id, 400, str(error))
        return RedirectResponse(f"/admin/classes/{class_id}?done=saved", 303)

    @router.post("/classes/{class_id}/members")
    def add_member(class_id: int, name: Field = "", shown: Field = "", actor: str = administrator) -> HTMLResponse:
        """One more member: somebody who has an account moves into the class, anybody else gets one."""
        accounts.school.get(class_id)
        try:
            known = next((user for user in accounts.users() if user.name == name.strip()), None)
            if known:
                if known.class_id == class_id:
                    raise InvalidAccount(f"“{known.name}”已经在这个班里了。")
                accounts.school.move(actor, known.name, class_id)
                return school_class(class_id, done=f"{known.name} 已有账号，调进了这个班")
            made = accounts.import_class(actor, class_id, [Row(0, name.strip(), shown.strip() or name.strip(), "")])
        except AccountError as error:
            return school_class(class_id, 400, str(error))
        return school_class(class_id, made=made)

    @router.post("/classes/{class_id}/move")
    def move(class_id: int, name: Field = "", to: Field = "", actor: str = administrator) -> HTMLResponse:
        """A member into another class (`to`), or out of all classes."""
        try:
            if to and not (to.isascii() and to.isdigit() and len(to) < 12):
                raise InvalidAccount("没有选好要调到哪个班，请重新选择。")
            accounts.school.move(actor, name, int(to) if to else None)
        except AccountError as error:
            return school_class(class_id, 400, str(error))
        return school_class(class_id, done=f"{name} 已{'调班' if to else '移出这个班'}")

    @router.post("/classes/{class_id}/passwords")
    def passwords(class_id: int, actor: str = administrator) -> HTMLResponse:
        """New first passwords for members who never came in: their list was lost, or never handed out."""
        waiting = [user.name for user in accounts.users() if user.class_id == class_id and user.must_change_password]
        if not waiting:
            return school_class(
                class_id, 400, "这个班的人都改过首次密码了，没有要重发的；个别人忘了密码，请在“全部账号”里重置。"
            )
        made = [(name, new_password()) for name in waiting]
        accounts.reset_passwords(actor, dict(made))
        return school_class(class_id, made=made)

    return router
