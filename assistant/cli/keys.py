"""`xuesi key`: personal keys for programs on the command line."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from assistant.accounts.api_keys import LONGEST, MOST_PER_MINUTE, SCOPE_NAMES, USUAL, Scope
from assistant.cli.user import COMMAND_LINE, NameArgument, accounts_of
from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json

app = typer.Typer(help="密钥：让别的程序以某个账号的名义提问、检索、读文件。", no_args_is_help=True)


@app.command("add")
@chinese_errors
def add(
    ctx: typer.Context,
    user: NameArgument,
    name: Annotated[str, typer.Option("--name", help="给哪个程序用。", metavar="名称")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="用途：ask 提问、search 检索、documents 读文件；可写多次，默认全部。")
    ] = None,
    days: Annotated[int, typer.Option(help=f"多少天后失效，最多 {LONGEST}。", min=1, max=LONGEST)] = USUAL,
    data: DataOption = None,
) -> None:
    """新建一个密钥；密钥只显示这一次。

    例：xuesi key add lisi --name 办公助手 --scope ask --days 30
    """
    with accounts_of(ctx, data) as accounts:
        made, secret = accounts.keys.make(user, name, scope or list(Scope), days, actor=COMMAND_LINE)
    typer.echo(secret)
    typer.echo(f"密钥 {made.id} 有效到 {made.expires_at:%Y-%m-%d}（UTC），只显示这一次。", err=True)


@app.command("list")
@chinese_errors
def every(ctx: typer.Context, user: NameArgument, as_json: JsonOption = False, data: DataOption = None) -> None:
    """列出一个账号的密钥（不含密钥本身）。

    例：xuesi key list lisi
    """
    with accounts_of(ctx, data) as accounts:
        keys = accounts.keys.of(accounts.user(user).id)
    if as_json:
        print_json([asdict(one) | {"scopes": sorted(one.scopes)} for one in keys])
        return
    now = datetime.now(UTC).replace(tzinfo=None)
    for one in keys:
        state = "在用" if one.open_at(now) else "已停用" if one.revoked_at else "已过期"
        scopes = "、".join(SCOPE_NAMES[scope] for scope in sorted(one.scopes))
        typer.echo(f"{one.id}  {one.name}  {scopes}  到 {one.expires_at:%Y-%m-%d}  每分钟 {one.per_minute} 次  {state}")
    if not keys:
        typer.echo(f"“{user}”没有密钥；可用 xuesi key add {user} --name 用途 新建。")


@app.command("revoke")
@chinese_errors
def revoke(
    ctx: typer.Context,
    key_id: Annotated[str, typer.Argument(help="密钥的编号，见 xuesi key list。", metavar="编号")],
    data: DataOption = None,
) -> None:
    """停用一个密钥，立即生效。

    例：xuesi key revoke 1a2b3c4d5e6f
    """
    with accounts_of(ctx, data) as accounts:
        revoked = accounts.keys.revoke(key_id, actor=COMMAND_LINE)
    typer.echo(f"已停用“{revoked.name}”。")


@app.command("limit")
@chinese_errors
def limit(
    ctx: typer.Context,
    key_id: Annotated[str, typer.Argument(help="密钥的编号，见 xuesi key list。", metavar="编号")],
    per_minute: Annotated[int, typer.Option(help="每分钟最多用几次。", min=1, max=MOST_PER_MINUTE, metavar="次数")],
    data: DataOption = None,
) -> None:
    """改一个密钥每分钟最多用几次，立即生效。

    例：xuesi key limit 1a2b3c4d5e6f --per-minute 300
    """
    with accounts_of(ctx, data) as accounts:
        changed = accounts.keys.limit(key_id, per_minute, actor=COMMAND_LINE)
    typer.echo(f"“{changed.name}”每分钟最多用 {changed.per_minute} 次。")
