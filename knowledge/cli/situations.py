"""`xuesi situations`: the everyday situations by which provisions are found, and a trainer's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json
from knowledge.cli.provider import folder_of
from knowledge.metadata.validity import series_key
from knowledge.retrieval.own_situations import OwnSituations
from knowledge.retrieval.situations import packaged

app = typer.Typer(help="日常情形：大家平时怎么说起一条规定。改动立即生效。", no_args_is_help=True)

TitleArgument = Annotated[str, typer.Argument(metavar="文件", help="文件标题，可省去“中华人民共和国”。")]
SituationArgument = Annotated[str, typer.Argument(metavar="情形", help="一句平常的话，4 到 80 个字。")]
EditionOption = Annotated[str | None, typer.Option(metavar="年份", help="文件的版本，如 2018。")]


@app.command("list")
@chinese_errors
def every(ctx: typer.Context, title: TitleArgument, as_json: JsonOption = False, data: DataOption = None) -> None:
    """列出一部文件各条的情形。

    例：xuesi situations list 公务员法
    """
    own = _own(ctx, data)
    off, ours = set(own.off()), {said for one in own.added() for _, said in one}
    found = [one for one in (*packaged(), *own.added()) if series_key(one.title) == series_key(title)]
    entries = [
        {
            "title": one.title,
            "edition": one.edition,
            "provision": key,
            "situation": said,
            "own": said in ours,
            "on": said not in off,
        }
        for one in found
        for key, said in one
    ]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        print(
            f"{entry['provision']}：{entry['situation']}{'（自己添的）' if entry['own'] else ''}{'' if entry['on'] else '（已停用）'}"
        )
    if not entries:
        print(f"《{title}》还没有情形；请用 xuesi situations add 添。")


@app.command("add")
@chinese_errors
def add(
    ctx: typer.Context,
    title: TitleArgument,
    provision: Annotated[str, typer.Argument(metavar="出处", help="条文，如 第五十九条。")],
    situation: SituationArgument,
    edition: EditionOption = None,
    data: DataOption = None,
) -> None:
    """给一条规定添一种说法。

    例：xuesi situations add 公务员法 第五十九条 "下班去跑网约车行不行" --edition 2018
    """
    _own(ctx, data).add(title.strip(), edition, provision.strip(), situation.strip())
    print(f"已添到《{title.strip()}》{provision.strip()}。")


@app.command("off")
@chinese_errors
def off(ctx: typer.Context, situation: SituationArgument, data: DataOption = None) -> None:
    """停用一条情形。

    例：xuesi situations off "下班去跑网约车行不行"
    """
    _own(ctx, data).switch(situation.strip(), on=False)
    print("已停用。")


@app.command("on")
@chinese_errors
def on(ctx: typer.Context, situation: SituationArgument, data: DataOption = None) -> None:
    """恢复一条停用的情形。

    例：xuesi situations on "下班去跑网约车行不行"
    """
    _own(ctx, data).switch(situation.strip(), on=True)
    print("已恢复。")


def _own(ctx: typer.Context, data: Path | None) -> OwnSituations:
    return OwnSituations(folder_of(ctx, data))
