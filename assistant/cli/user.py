"""`xuesi user`: accounts on the command line. Passwords are typed or come on stdin, never as arguments."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Protocol

import typer

from assistant.accounts.classes.class_list import parse
from assistant.accounts.errors import InvalidAccount
from assistant.accounts.model import ROLE_NAMES, Role, User
from assistant.accounts.store import Accounts
from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json

app = typer.Typer(help="账号：新建、列出、改密码、停用，按名单导入一个班。", no_args_is_help=True)
audit_app = typer.Typer(help="审计：每次改动都有记录，只能增加，不能修改。", no_args_is_help=True)

#: Who made a change at the command line: whoever can write the data folder.
COMMAND_LINE = "命令行"

NameArgument = Annotated[str, typer.Argument(help="用户名。", metavar="用户名", show_default=False)]


class Provider(Protocol):
    """What `ctx.obj` must be able to give."""

    def data_folder(self, data: Path | None = None) -> Path: ...

    @property
    def database_url(self) -> str | None: ...

    @property
    def audit_key(self) -> Path | None: ...


@app.command("add")
@chinese_errors
def add(
    ctx: typer.Context,
    name: NameArgument,
    role: Annotated[Role, typer.Option(help="trainee 学员、trainer 教员、administrator 管理员。")] = Role.TRAINEE,
    display_name: Annotated[str, typer.Option("--display-name", help="显示的姓名。", metavar="姓名")] = "",
    class_name: Annotated[str, typer.Option("--class", help="班次（已有的）。", metavar="班次")] = "",
    data: DataOption = None,
) -> None:
    """新建账号；密码在提示后输入，或从标准输入的第一行读取。

    例：xuesi user add admin --role administrator
    """
    with accounts_of(ctx, data) as accounts:
        class_id = _class(accounts, class_name) if class_name else None
        user = accounts.add(COMMAND_LINE, name, _password(), role, display_name=display_name, class_id=class_id)
        typer.echo(f"已新建{ROLE_NAMES[user.role]}“{user.name}”。")


@app.command("list")
@chinese_errors
def every(ctx: typer.Context, as_json: JsonOption = False, data: DataOption = None) -> None:
    """列出全部账号。

    例：xuesi user list --json
    """
    with accounts_of(ctx, data) as accounts:
        classes = {held.id: held.name for held in accounts.classes()}
        users = accounts.users()
    if as_json:
        print_json([asdict(user) | {"class": classes.get(user.class_id or 0)} for user in users])
        return
    for user in users:
        typer.echo(
            "  ".join(
                [
                    user.name,
                    user.display_name,
                    ROLE_NAMES[user.role],
                    classes.get(user.class_id or 0, "—"),
                    _state(user),
                ]
            )
        )
    if not users:
        typer.echo("还没有账号；可用 xuesi user add 用户名 --role administrator 新建第一个管理员。")


@app.command("passwd")
@chinese_errors
def passwd(ctx: typer.Context, name: NameArgument, data: DataOption = None) -> None:
    """重置密码，并让这个账号在所有地方退出；本人下次登录时要改密码。

    例：xuesi user passwd lisi
    """
    with accounts_of(ctx, data) as accounts:
        accounts.user(name)
        accounts.reset_password(COMMAND_LINE, name, _password())
        typer.echo(f"已重置“{name}”的密码。")


@app.command("disable")
@chinese_errors
def disable(
    ctx: typer.Context,
    name: NameArgument,
    undo: Annotated[bool, typer.Option("--undo", help="重新启用。")] = False,
    data: DataOption = None,
) -> None:
    """停用账号：立即退出，不能再登录；问过的内容都保留。

    例：xuesi user disable lisi
    """
    with accounts_of(ctx, data) as accounts:
        accounts.set_disabled(COMMAND_LINE, name, not undo)
        typer.echo(f"已{'启用' if undo else '停用'}“{name}”。")


@app.command("role")
@chinese_errors
def change_role(
    ctx: typer.Context,
    name: NameArgument,
    role: Annotated[Role, typer.Argument(help="trainee 学员、trainer 教员、administrator 管理员。")],
    data: DataOption = None,
) -> None:
    """改变角色，下一次请求起生效。

    例：xuesi user role lisi trainer
    """
    with accounts_of(ctx, data) as accounts:
        accounts.set_role(COMMAND_LINE, name, role)
        typer.echo(f"“{name}”现在是{ROLE_NAMES[role]}。")


@app.command("department")
@chinese_errors
def change_department(
    ctx: typer.Context,
    name: NameArgument,
    department: Annotated[str, typer.Argument(help='部门名称；写空串 "" 则不属于任何部门。', metavar="部门")],
    data: DataOption = None,
) -> None:
    """把账号归入一个部门：只给这个部门看的文件，他就能查到；下一次请求起生效。

    例：xuesi user department lisi 人事处
    """
    with accounts_of(ctx, data) as accounts:
        accounts.membership.set_department(COMMAND_LINE, name, department)
        typer.echo(f"“{name}”{f'现在属于{department.strip()}' if department.strip() else '不属于任何部门'}。")


@app.command("sign-out")
@chinese_errors
def sign_out(ctx: typer.Context, name: NameArgument, data: DataOption = None) -> None:
    """让一个账号在所有地方退出登录。

    例：xuesi user sign-out lisi
    """
    with accounts_of(ctx, data) as accounts:
        ended = accounts.sign_out_everywhere(COMMAND_LINE, name)
        typer.echo(f"“{name}”已在 {ended} 处退出登录。")


@app.command("unlock")
@chinese_errors
def unlock(ctx: typer.Context, name: NameArgument, data: DataOption = None) -> None:
    """解除多次输错密码后的等待；密码不变。

    例：xuesi user unlock lisi
    """
    with accounts_of(ctx, data) as accounts:
        held = accounts.release(COMMAND_LINE, name)
        typer.echo(f"“{name}”可以登录了（原有 {held} 处地址在等待）。")


@app.command("import")
@chinese_errors
def import_class(
    ctx: typer.Context,
    roster: Annotated[Path, typer.Argument(help="CSV 名单，列为 用户名、姓名、密码（可空）。", metavar="名单")],
    class_name: Annotated[str, typer.Option("--class", help="班次名称；没有就新建。", metavar="班次")],
    starts: Annotated[str, typer.Option(help="开始日期，如 2026-03-02。", metavar="日期")] = "",
    ends: Annotated[str, typer.Option(help="结束日期。", metavar="日期")] = "",
    data: DataOption = None,
) -> None:
    """按名单为一个班新建学员账号；有一行不对就一个也不建。首次密码只在这里显示一次。

    例：xuesi user import 名单.csv --class 春季一班 --starts 2026-03-02 --ends 2026-03-20
    """
    try:
        rows = parse(roster.read_bytes())
    except OSError as error:
        raise InvalidAccount(f"名单“{roster}”读不了：{error.strerror}；请检查文件。") from error
    with accounts_of(ctx, data) as accounts:
        known = {held.name for held in accounts.classes()}
        if class_name not in known:
            accounts.add_class(COMMAND_LINE, class_name, _day(starts), _day(ends))
        made = accounts.import_class(COMMAND_LINE, _class(accounts, class_name), rows)
    typer.echo("用户名,首次密码")
    for name, password in made:
        typer.echo(f"{name},{password}")


@audit_app.callback()
def audit() -> None:
    """审计：每次改动都有记录，只能增加，不能修改。"""


@audit_app.command("verify")
@chinese_errors
def verify(
    ctx: typer.Context,
    head: Annotated[str, typer.Option(help="上次记下的末条校验值；它应当还在。", metavar="校验值")] = "",
    data: DataOption = None,
) -> None:
    """核对审计记录：有没有被修改、抽掉或插入。完好返回 0，被动过返回 1。

    例：xuesi audit verify
    """
    with accounts_of(ctx, data) as accounts:
        verdict = accounts.verify_audit()
        kept = not head or accounts.audit_holds(head)
    if verdict.broken_at is not None:
        typer.echo(f"审计记录在第 {verdict.broken_at} 条被动过，此后的记录不可信；请用备份核对。")
        raise typer.Exit(1)
    if not kept:
        typer.echo("审计记录里没有上次记下的校验值：末尾被截掉过；请用备份核对。")
        raise typer.Exit(1)
    typer.echo(f"审计记录完好，共 {verdict.entries} 条；末条校验值 {verdict.head}（请另处记下，可查出截尾）。")


@contextmanager
def accounts_of(ctx: typer.Context, data: Path | None) -> Iterator[Accounts]:
    """The accounts of the data folder, open while a command works with them."""
    provider: Provider = ctx.obj
    accounts = Accounts.open(provider.data_folder(data), provider.database_url, audit_key=provider.audit_key)
    try:
        yield accounts
    finally:
        accounts.close()


def _class(accounts: Accounts, name: str) -> int:
    for held in accounts.classes():
        if held.name == name:
            return held.id
    raise InvalidAccount(f"没有名为“{name}”的班次；请先用 xuesi user import 或在网页上新建。")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidAccount(f"新建班次要有开始和结束日期（如 2026-03-02），“{text}”不是日期。") from None


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("密码：")
    if getpass.getpass("再输入一次：") != first:
        raise InvalidAccount("两次输入的密码不一样，请重来。")
    return first


def _state(user: User) -> str:
    return "已停用" if user.disabled else "首次登录要改密码" if user.must_change_password else "正常"
