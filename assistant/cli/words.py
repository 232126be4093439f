"""`xuesi words`: the lists that trainers own, on the command line."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.desk import Provider, note
from assistant.curation.lists import Kind
from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json

app = typer.Typer(help="词表：简称、错字、说法、固定表述、不予回答的话题。改动立即生效。", no_args_is_help=True)

KindArgument = Annotated[Kind, typer.Argument(metavar="词表", help="简称、错字、说法、固定表述 或 话题。")]
KeyArgument = Annotated[str, typer.Argument(metavar="左边", help="简称、错字、说法、固定表述的名称或话题词。")]


@app.command("list")
@chinese_errors
def every(
    ctx: typer.Context,
    kind: KindArgument,
    own: Annotated[bool, typer.Option("--own", help="只列出自己增改的。")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """列出一张词表，自己增改的在前。

    例：xuesi words list 简称 --own
    """
    entries = [entry for entry in _provider(ctx).lists(data).entries(kind) if entry.own or not own]
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    for entry in entries:
        state = "（已去掉）" if entry.removed else "（自己增改）" if entry.own else ""
        source = f"  出处：{entry.source}" if entry.source else ""
        print(f"{entry.key}: {entry.value}{source}{state}")
    if not entries:
        print("这张词表还是空的。")


@app.command("add")
@chinese_errors
def add(
    ctx: typer.Context,
    kind: KindArgument,
    key: KeyArgument,
    value: Annotated[
        str, typer.Argument(metavar="右边", help="全称、正确写法、文件用语、成员或答复；几个用顿号隔开。")
    ] = "",
    source: Annotated[str, typer.Option(help="固定表述的出处。")] = "",
    data: DataOption = None,
) -> None:
    """增加或修改一条。

    例：xuesi words add 简称 接待规则 青禾市机关来访接待规则
        xuesi words add 固定表述 两个先行 试点先行、培训先行 --source 《……》
    """
    entry = _provider(ctx).lists(data).put(kind, key, value, source)
    note(ctx, data, f"修改词表：{kind}", entry.key, value=entry.value)
    print(f"已保存：{entry.key}: {entry.value}")


@app.command("remove")
@chinese_errors
def remove(
    ctx: typer.Context,
    kind: KindArgument,
    key: KeyArgument,
    undo: Annotated[bool, typer.Option("--undo", help="恢复自带的条目。")] = False,
    data: DataOption = None,
) -> None:
    """去掉一条，自带的也可以；--undo 恢复自带的。

    例：xuesi words remove 说法 饭局
    """
    lists = _provider(ctx).lists(data)
    if undo:
        lists.restore(kind, key)
    else:
        lists.remove(kind, key)
    note(ctx, data, f"{'恢复' if undo else '去掉'}词表条目：{kind}", key)
    print(f"已{'恢复' if undo else '去掉'}“{key}”。")


@app.command("check")
@chinese_errors
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文本", help="要核对的文本文件（UTF-8）。")],
    data: DataOption = None,
) -> None:
    """核对一份文本里的固定表述：说错项数的、列举不全的。有问题时退出码是 1。

    例：xuesi words check 发言稿.txt
    """
    from assistant.errors import InvalidEntry
    from assistant.verification.formulations import flaws

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InvalidEntry(f"读不了 {file}，请检查路径，并存为 UTF-8 编码的文本。") from None
    found = flaws(text, _provider(ctx).lists(data).formulations)
    for flaw in found:
        print(flaw)
    if found:
        raise typer.Exit(1)
    print("没有发现固定表述的问题。")


def _provider(ctx: typer.Context) -> Provider:
    provider: Provider = ctx.obj
    return provider
