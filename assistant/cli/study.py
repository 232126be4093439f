"""`xuesi study`: the question bank on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.desk import Provider, note
from assistant.cli.user import COMMAND_LINE
from assistant.conversations.conversations import Conversations
from assistant.errors import InvalidEntry
from assistant.study.question_bank import Filter, Finding, Item, Kind, QuestionBank, Status
from assistant.study.question_bank.checking import check_sources
from assistant.study.question_bank.exporting import as_object, to_jsonl, to_xlsx
from assistant.study.question_bank.importing import read_bank
from assistant.study.question_bank.making import make as make_items
from knowledge.cli.console import DataOption, JsonOption, bar, chinese_errors, print_json
from knowledge.model import Validity

app = typer.Typer(help="题库：导入、依据原文出题、查依据、导出。", no_args_is_help=True)

StatusOption = Annotated[Status | None, typer.Option(metavar="状态", help="草稿、已审、停用；不写就是全部。")]


@app.command("items")
@chinese_errors
def items(
    ctx: typer.Context,
    status: StatusOption = None,
    kind: Annotated[Kind | None, typer.Option(metavar="题型", help="单选、多选、判断、填空、简答。")] = None,
    finding: Annotated[
        Finding | None, typer.Option(metavar="依据", help="未查、已确认、找到依据、没有找到等。")
    ] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """列出题库里的题，新的在前。

    例：xuesi study items --status 草稿
    """
    with _bank(ctx, data) as bank:
        found = bank.listing(Filter(status=status, kind=kind, finding=finding), size=None)
    if as_json:
        print_json([as_object(one) for one in found])
        return
    for one in found:
        print(_line(one))
    if not found:
        print("题库里没有这样的题。")


@app.command("make")
@chinese_errors
def make(
    ctx: typer.Context,
    documents: Annotated[
        list[int] | None, typer.Argument(metavar="[编号]…", help="文件编号；不写就是全部现行文件。")
    ] = None,
    count: Annotated[int, typer.Option(help="每份文件最多几道。", min=1, max=200)] = 10,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """依据原文出题，都是草稿；答案是原文的原话，不用语言模型。

    例：xuesi study make 12 --count 20
    """
    provider: Provider = ctx.obj
    kb = provider.knowledge_base(data)
    chosen = [kb.document(one) for one in documents] if documents else list(kb.published())
    chosen = [one for one in chosen if one.validity is Validity.IN_FORCE]
    kept: list[int] = []
    with _bank(ctx, data) as bank:
        for document in chosen:
            contents = [one.content for one in make_items(kb, document, count)]
            kept += [one for one in bank.add(COMMAND_LINE, contents, finding=Finding.CONFIRMED) if one is not None]
        made = bank.chosen(kept)
    note(ctx, data, "依据原文出题", f"{len(chosen)} 份文件", items=len(kept))
    if as_json:
        print_json({"documents": len(chosen), "items": [as_object(one) for one in made]})
    else:
        print(f"{len(chosen)} 份文件出了 {len(kept)} 道草稿，请审定后使用。")


@app.command("import")
@chinese_errors
def bring_in(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="文件", help=".jsonl、.xlsx、.csv、.docx 或 .txt。")],
    preview: Annotated[bool, typer.Option("--preview", help="只看能读出什么，不导入。")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """导入题库为草稿，并查找每道题在库里的依据；说明哪些没有读出、为什么。

    例：xuesi study import 题库.xlsx --preview
    """
    try:
        report = read_bank(path.name, path.read_bytes())
    except OSError as error:
        raise InvalidEntry(f"读不了“{path}”（{error.strerror}）。") from error
    counts: dict[str, int] = {}
    kept: list[int] = []
    if not preview:
        with _bank(ctx, data) as bank, bar("查找依据") as advance:
            made = bank.add(COMMAND_LINE, [one.content for one in report.read])
            kept = [one for one in made if one is not None]
            kb = ctx.obj.knowledge_base(data)
            found = check_sources(bank, kb, bank.chosen(kept), lambda done, total: advance(done, total, "查找依据"))
            counts = {str(one): number for one, number in found.items()}
        note(ctx, data, "导入题库", path.name, kept=len(kept), rejected=len(report.rejected))
    if as_json:
        rows = {
            name: [{"place": one.place, "words": one.words, "reason": one.reason} for one in rows]
            for name, rows in (
                ("rejected", report.rejected),
                ("doubled", report.doubled),
                ("differing", report.differing),
            )
        }
        print_json({"read": len(report.read), "kept": len(kept), "findings": counts, **rows})
        return
    print(f"读出 {len(report.read)} 道，没有读出 {len(report.rejected)} 道，文件里重复 {len(report.doubled)} 道。")
    for one in report.rejected:
        print(f"  没有读出：{one.place}“{one.words}”：{one.reason}")
    for one in report.differing:
        print(f"  请核对：{one.place}“{one.words}”{one.reason}。")
    if not preview:
        known = len(report.read) - len(kept)
        print(f"导入 {len(kept)} 道草稿" + (f"，题库里已有 {known} 道" if known else "") + "。")
        print("；".join(f"{name} {number} 道" for name, number in counts.items()))


@app.command("check")
@chinese_errors
def check(ctx: typer.Context, as_json: JsonOption = False, data: DataOption = None) -> None:
    """重新查找依据，并停用依据已变动或失效的题。

    例：xuesi study check
    """
    with _bank(ctx, data) as bank, bar("查找依据") as advance:
        stopped = bank.sweep()
        open_items = [one for one in bank.listing(size=None) if one.status is not Status.APPROVED]
        kb = ctx.obj.knowledge_base(data)
        found = check_sources(bank, kb, open_items, lambda done, total: advance(done, total, "查找依据"))
    if as_json:
        print_json({"stopped": stopped, "findings": {str(one): number for one, number in found.items()}})
        return
    print(f"停用 {len(stopped)} 道；" + "；".join(f"{one} {number} 道" for one, number in found.items()))


@app.command("export")
@chinese_errors
def export(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="文件", help="写到哪里，.jsonl 或 .xlsx。")],
    status: StatusOption = None,
    data: DataOption = None,
) -> None:
    """导出题库，能再导入。

    例：xuesi study export 题库.xlsx --status 已审
    """
    with _bank(ctx, data) as bank:
        found = bank.listing(Filter(status=status), size=None)[::-1]
    if path.suffix not in (".jsonl", ".xlsx"):
        raise InvalidEntry(f"“{path}”应以 .jsonl 或 .xlsx 结尾。")
    try:
        path.write_bytes(to_jsonl(found).encode() if path.suffix == ".jsonl" else to_xlsx(found))
    except OSError as error:
        raise InvalidEntry(f"写不了“{path}”（{error.strerror}）。") from error
    print(f"已导出 {len(found)} 道到 {path}。")


@contextmanager
def _bank(ctx: typer.Context, data: Path | None) -> Iterator[QuestionBank]:
    provider: Provider = ctx.obj
    conversations = Conversations.open(provider.data_folder(data), provider.database_url)
    try:
        yield QuestionBank(conversations, provider.knowledge_base(data))
    finally:
        conversations.close()


def _line(item: Item) -> str:
    content = item.content
    reason = f"  要复核：{item.reason}" if item.reason else ""
    return f"{item.id}. [{item.status} {content.kind} {item.finding}] {content.stem}  答案：{content.answer_in_words}{reason}"
