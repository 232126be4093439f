"""`xuesi llm`: does the configured model answer, stream and cite; and what it does besides answering questions."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.ask import readable
from assistant.conversations.answer_json import answer_json
from assistant.conversations.conversations import Conversations
from assistant.conversations.usage import usage_since
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import SAYS, Failure, WrongEndpoint
from assistant.generation.tasks import Tasks
from assistant.generation.trial import Trial, try_out
from assistant.model import Answer
from knowledge.cli.console import DataOption, chinese_errors

app = typer.Typer(help="语言模型：不配置也能用；配置后回答更通顺，句句仍要核对出处。", no_args_is_help=True)


@app.callback()
def llm() -> None:
    """语言模型：不配置也能用；配置后回答更通顺，句句仍要核对出处。"""


@app.command("check")
@chinese_errors
def check(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
) -> None:
    """试一试配置的语言模型：能不能应答、是不是流式、写不写出处编号，各用多少时间。

    三项都好返回 0，有一项不好返回 1，没有配置或配置写错返回 2。

    例：XUESI_LLM_BASE_URL=http://127.0.0.1:8081/v1 XUESI_LLM_MODEL=local-qwen xuesi llm check
    """
    endpoint: Endpoint | None = ctx.obj.endpoint
    if endpoint is None:
        raise WrongEndpoint("还没有配置语言模型，请设置 XUESI_LLM_BASE_URL 和 XUESI_LLM_MODEL 后再试。")
    trial = try_out(endpoint)
    print(json.dumps(asdict(trial), ensure_ascii=False, indent=2) if as_json else _readable(trial))
    if not trial.passed:
        raise typer.Exit(1)


@app.command("summarise")
@chinese_errors
def summarise(
    ctx: typer.Context,
    document: Annotated[int, typer.Argument(help="文件编号，见 xuesi kb list。")],
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    data: DataOption = None,
) -> None:
    """一个文件的要点，每条有出处；没有配置模型时摘录各部分的原句。

    例：xuesi llm summarise 12
    """
    _print(_tasks(ctx, data).summarise(document), as_json)


@app.command("compare")
@chinese_errors
def compare(
    ctx: typer.Context,
    one: Annotated[int, typer.Argument(help="一个版本的文件编号。")],
    other: Annotated[int, typer.Argument(help="另一个版本的文件编号。")],
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    data: DataOption = None,
) -> None:
    """两个版本有什么不同；没有配置模型时逐条列出原文。

    例：xuesi llm compare 12 13
    """
    _print(_tasks(ctx, data).compare(one, other), as_json)


@app.command("outline")
@chinese_errors
def outline(
    ctx: typer.Context,
    topic: Annotated[str, typer.Argument(help="讨论题目。")],
    passage: Annotated[list[int], typer.Option("--passage", help="条文片段编号，可以写多次；见 xuesi search --json。")],
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    data: DataOption = None,
) -> None:
    """把选定的条文整理成讨论提纲；没有配置模型时按顺序列出原句。

    例：xuesi llm outline "怎样做好来访接待" --passage 31 --passage 35
    """
    _print(_tasks(ctx, data).outline(topic, passage), as_json)


@app.command("usage")
@chinese_errors
def usage(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(help="最近多少天。", min=1, max=3660)] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    data: DataOption = None,
) -> None:
    """语言模型的用量：回答数、词元数、用时、退回原文摘录的次数和原因。

    例：xuesi llm usage --days 7
    """
    # Its tables may not be there yet.
    conversations = Conversations.open(ctx.obj.data_folder(data), ctx.obj.database_url)
    try:
        since = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)
        found = usage_since(ctx.obj.knowledge_base(data).database, since)
    finally:
        conversations.close()
    if as_json:
        print(json.dumps({model: asdict(one) for model, one in found.items()}, ensure_ascii=False, indent=2))
        return
    for model, one in found.items():
        print(f"{model}：回答 {one.answers} 次，其中采用 {one.shown} 次（缓存 {one.cached} 次）")
        print(
            f"  词元：输入 {one.prompt_tokens}，输出 {one.completion_tokens}；用时中位数 {(one.median_ms or 0) / 1000:.1f} 秒"
        )
        print(f"  句子：有依据 {one.supported}，加标记 {one.marked}，删去 {one.removed}；无效编号 {one.dropped}")
        for failure, times in one.fallen_back.items():
            print(f"  退回原文摘录：{SAYS[Failure(failure)]}，{times} 次")
    if not found:
        print(f"最近 {days} 天没有使用语言模型。")


def _tasks(ctx: typer.Context, data: Path | None) -> Tasks:
    return Tasks(ctx.obj.knowledge_base(data), ctx.obj.writer_for(data))


def _print(answer: Answer, as_json: bool) -> None:
    print(json.dumps(answer_json(answer), ensure_ascii=False, indent=2) if as_json else readable(answer))


def _readable(trial: Trial) -> str:
    lines = [f"模型：{trial.model}（{trial.base_url}）"]
    if trial.provider or trial.filing_number:
        lines.append(f"提供者：{trial.provider or '未填写'}，备案号：{trial.filing_number or '未填写'}")
    if trial.trouble:
        return "\n".join([*lines, f"应答：不好，{trial.trouble}"])
    tokens = f"，{trial.prompt_tokens}+{trial.completion_tokens} 个词元" if trial.prompt_tokens is not None else ""
    return "\n".join(
        [
            *lines,
            f"应答：{'好' if trial.answers else '不好，没有内容'}，首字 {trial.first_ms:.0f} 毫秒，"
            f"全部 {trial.total_ms:.0f} 毫秒{tokens}",
            f"流式：{'好' if trial.streams else '不好，整段一次送到'}",
            f"出处编号：{'好' if trial.cites else '不好，没有写编号'}，"
            f"{trial.sentences} 句中有 {trial.supported} 句在来源中找到依据",
            f"试答：{trial.text.strip()}",
        ]
    )
