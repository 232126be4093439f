"""`xuesi curated`: answers that trainers made, on the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from assistant.cli.desk import Provider, note
from assistant.cli.user import COMMAND_LINE
from assistant.curated_answers.answers import CuratedAnswer, Quote
from assistant.curated_answers.still_valid import find_quote, standing
from assistant.errors import InvalidEntry
from assistant.verification.formulations import flaws
from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json
from knowledge.knowledge_base import KnowledgeBase

app = typer.Typer(help="教员审定的答案：为常问的问题选定原文。", no_args_is_help=True)

IdArgument = Annotated[int, typer.Argument(metavar="编号", help="见 xuesi curated list。")]


@app.command("list")
@chinese_errors
def every(ctx: typer.Context, as_json: JsonOption = False, data: DataOption = None) -> None:
    """列出审定答案，以及哪些需要复核（引文改动、文件已被修订或撤下）。

    例：xuesi curated list
    """
    provider: Provider = ctx.obj
    kb, formulations = provider.knowledge_base(data), provider.lists(data).formulations
    found = [(answer, standing(answer, kb, formulations).reasons) for answer in provider.curated(data).every()]
    if as_json:
        print_json([_json(answer, reasons) for answer, reasons in found])
        return
    for answer, reasons in found:
        print(
            f"{answer.id}. {answer.questions[0]}"
            + (f"（另有 {len(answer.questions) - 1} 种问法）" if answer.questions[1:] else "")
        )
        if reasons:
            print(f"   需要复核，暂不使用：{'；'.join(reasons)}")
    if not found:
        print("还没有审定答案；用 xuesi curated add 添加。")


@app.command("add")
@chinese_errors
def add(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(metavar="问题", help="一种问法。")],
    cite: Annotated[
        list[str], typer.Option(metavar="编号:引文", help="文件编号和照抄的原文，可以写几处。", show_default=False)
    ],
    also: Annotated[list[str] | None, typer.Option(metavar="问题", help="另一种问法，可以写几种。")] = None,
    lead: Annotated[str, typer.Option(metavar="一句话", help="导语，显示时注明是教员说明。")] = "",
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """添加一条审定答案：问法，加上库里原文的引文。

    例：xuesi curated add "年休假几天" --also "一年能休几天假" --cite "12:享受年休假八天"
    """
    provider: Provider = ctx.obj
    kb = provider.knowledge_base(data)
    check_lead(lead, flaws(lead, provider.lists(data).formulations))
    quotes = [_quote(kb, one) for one in cite]
    answer = provider.curated(data).put(COMMAND_LINE, [question, *(also or [])], quotes, kb.encoder, lead=lead)
    note(ctx, data, "新建审定答案", answer.questions[0], id=answer.id)
    if as_json:
        print_json(_json(answer, standing(answer, kb).reasons))
    else:
        print(f"已添加，编号 {answer.id}。")


@app.command("remove")
@chinese_errors
def remove(ctx: typer.Context, curated_id: IdArgument, data: DataOption = None) -> None:
    """删去一条审定答案。

    例：xuesi curated remove 3
    """
    provider: Provider = ctx.obj
    gone = provider.curated(data).remove(curated_id)
    note(ctx, data, "删去审定答案", gone.questions[0], id=gone.id)
    print(f"已删去“{gone.questions[0]}”。")


def check_lead(lead: str, found: list[str]) -> None:
    """Raises InvalidEntry when a lead holds a fixed formulation that is not right."""
    if found:
        raise InvalidEntry(f"导语“{lead}”里{'；'.join(found)}，请改正。")


def _quote(kb: KnowledgeBase, cited: str) -> Quote:
    number, _, words = cited.replace("：", ":", 1).partition(":")
    if not number.strip().isdigit() or not words.strip():
        raise InvalidEntry(f"“{cited}”应写成“文件编号:引文”，例如 12:享受年休假八天；编号见 xuesi kb list。")
    return find_quote(kb, int(number), words)


def _json(answer: CuratedAnswer, reasons: tuple[str, ...]) -> dict[str, object]:
    return {**asdict(answer), "holds": not reasons, "reasons": list(reasons)}
