"""`xuesi kb …`: parse, call one method, print."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated

import typer

from knowledge.cli.console import FAILED, DataOption, JsonOption, bar, chinese_errors, print_json, say
from knowledge.cli.curation import cut_command, effects_command, reread_command, upcoming_command
from knowledge.cli.json_output import document_json, shown_json
from knowledge.cli.printing import line_of, print_card, print_table, report_change, report_changes
from knowledge.cli.provider import end_with_failures, library_of, outcomes, summary
from knowledge.cli.transfer import export_command, import_command
from knowledge.errors import InvalidCard
from knowledge.ingestion.ingest import Step
from knowledge.metadata import suggested_topic

Identifier = Annotated[int, typer.Argument(metavar="编号", help="文件编号，见 xuesi kb list。", show_default=False)]

Identifiers = Annotated[
    list[int], typer.Argument(metavar="编号…", help="文件编号，可以写几个，见 xuesi kb list。", show_default=False)
]

app = typer.Typer(
    name="kb", help="管理文件库：添加、查看、发布、撤下、检查。", no_args_is_help=True, add_completion=False
)


@app.command("add")
@chinese_errors
def add(
    ctx: typer.Context,
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="文件|文件夹|网址…", help="要添加的文件、文件夹或网页，可以写几个。", show_default=False
        ),
    ],
    publish: Annotated[bool, typer.Option("--publish", help="添加后立即发布，学员马上能查到。")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """添加文件。可以重复执行：没变的文件跳过，变了的存为新版本，旧版本留在历史里。

    能读 .docx .pdf .html .md .txt .xlsx .xls .csv .pptx .ofd .eml .mht .epub .odt .rtf（装有 LibreOffice 时还有 .doc .wps）；
    文件夹里的各级子文件夹、.zip 压缩包里的文件都会读到，没有读入的逐个列出。
    报告“新增”的文件都已存好，之后中断也不会丢。读不了的文件列在最后：全部读不了时退出码是 2，部分读不了时是 1。

    例：xuesi kb add 纪律处分条例.docx

    例：xuesi kb add ~/文件资料 --publish

    例：xuesi kb add https://www.gov.cn/某文件.html
    """
    library = library_of(ctx, data)
    started = time.perf_counter()
    with bar("添加文件") as advance:

        def on_progress(step: Step) -> None:
            advance(step.done, step.total, f"添加文件（已算向量 {step.passages} 段）")
            if not as_json and step.added.error is None:
                print(line_of(step.added), flush=True)

        results = library.add(places, publish=publish, on_progress=on_progress)
        if any(added.status in ("new", "updated") for added in results):
            advance(len(results), len(results), "更新向量索引")
            library.indexes.update()
    if as_json:
        print_json(
            {
                "documents": [asdict(added) for added in results],
                **outcomes(results),
                "passages": sum(added.passages for added in results if added.status in ("new", "updated")),
                "seconds": round(time.perf_counter() - started, 2),
            }
        )
    elif any(added.error is None for added in results):
        for added in results:
            if added.status == "skipped":
                print("\n".join(added.notes))
        print(summary(results))
        if not publish and any(added.status == "new" for added in results):
            print("新增的是草稿，学员还查不到；用 xuesi kb publish 编号 发布。")
    end_with_failures(results)


@app.command("list")
@chinese_errors
def list_documents(ctx: typer.Context, as_json: JsonOption = False, data: DataOption = None) -> None:
    """列出全部文件：编号、状态、标题、版本、时效。

    例：xuesi kb list

    例：xuesi kb list --json
    """
    documents = library_of(ctx, data).documents()
    if as_json:
        print_json([document_json(item) for item in documents])
    else:
        print_table(documents)


@app.command("show")
@chinese_errors
def show(ctx: typer.Context, document_id: Identifier, as_json: JsonOption = False, data: DataOption = None) -> None:
    """查看一份文件：文件信息、层级和正文。

    例：xuesi kb show 12
    """
    library = library_of(ctx, data)
    item = library.document(document_id)
    if as_json:
        print_json(shown_json(library, item))
        return
    print_card(item)
    print()
    for section in library.outline(item.version_id).sections:
        if section.level in ("部分", "编", "章", "节", "一", "（一）", "附件"):
            print(f"{'  ' * section.depth}{section.label} {section.title}".rstrip())
    print()
    print(library.text(item.version_id))


@app.command("set")
@chinese_errors
def set_card(
    ctx: typer.Context,
    document_ids: Identifiers,
    title: Annotated[str | None, typer.Option(help="标题。")] = None,
    edition: Annotated[str | None, typer.Option(help="版本，一般是年份，如 2023。")] = None,
    issued_on: Annotated[str | None, typer.Option(help="成文日期，如 2023-12-19。")] = None,
    effective_on: Annotated[str | None, typer.Option(help="施行日期，如 2024-01-01。")] = None,
    repealed_on: Annotated[str | None, typer.Option(help="废止日期。")] = None,
    valid_until: Annotated[str | None, typer.Option(help="有效期的最后一天，当天仍有效，如 2026-03-31。")] = None,
    validity: Annotated[
        str | None, typer.Option(help="时效：现行有效、尚未施行、已被修订、已废止、已失效；留空则恢复自动判断。")
    ] = None,
    topic: Annotated[str | None, typer.Option(help="专题。")] = None,
    issuer: Annotated[str | None, typer.Option(help="发文机关。")] = None,
    doc_no: Annotated[str | None, typer.Option("--doc-no", help="文号。")] = None,
    kind: Annotated[str | None, typer.Option(help="文种，如 条例、规定、通知。")] = None,
    series: Annotated[
        str | None, typer.Option(help="文件系列：写同一系列里任一份文件的标题；留空则按标题归入。")
    ] = None,
    audience: Annotated[
        str | None, typer.Option(help="谁能看：部门或班次的名称，用顿号隔开；留空则所有人都能看。同系列的版本一样。")
    ] = None,
    by_register: Annotated[bool, typer.Option("--topic-by-register", help="没有专题的，按名录归入专题。")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """改正文件信息；改过的项目以后不会被自动识别覆盖。写空串 "" 清空一项。

    例：xuesi kb set 12 --edition 2023 --effective-on 2024-01-01

    例：xuesi kb set 12 --validity 已废止

    例：xuesi kb set 12 --audience 人事处、春季班

    例：xuesi kb set 12 13 14 --topic 干部工作
    """
    given = {
        "title": title,
        "edition": edition,
        "issued_on": issued_on,
        "effective_on": effective_on,
        "repealed_on": repealed_on,
        "valid_until": valid_until,
        "validity": validity,
        "topic": topic,
        "issuer": issuer,
        "doc_no": doc_no,
        "kind": kind,
        "series": series,
        "audience": audience,
    }
    fields = {name: value for name, value in given.items() if value is not None}
    if not fields and not by_register:
        raise InvalidCard("没有要改的内容，请至少写一项，例如 --edition 2023。")
    library = library_of(ctx, data)
    documents = [library.document(number) for number in dict.fromkeys(document_ids)]
    if title is not None and len(documents) > 1:
        raise InvalidCard("一个标题只能给一份文件，请逐份改标题。")
    changed = []
    for one in documents:
        suggested = suggested_topic(one.card.title, library.register) if by_register and not one.card.topic else None
        values = fields | ({"topic": suggested} if suggested else {})
        changed.append(library.set_card(one.id, **values) if values else one)
    report_changes(changed, "已改", as_json)


@app.command("publish")
@chinese_errors
def publish(ctx: typer.Context, document_id: Identifier, as_json: JsonOption = False, data: DataOption = None) -> None:
    """发布一份文件，学员马上能查到。

    例：xuesi kb publish 12
    """
    library = library_of(ctx, data)
    report_change(library.publish(document_id), "已发布", as_json)


@app.command("withdraw")
@chinese_errors
def withdraw(ctx: typer.Context, document_id: Identifier, as_json: JsonOption = False, data: DataOption = None) -> None:
    """撤下一份文件：留在库里，学员马上查不到；可以再发布。

    例：xuesi kb withdraw 12
    """
    library = library_of(ctx, data)
    report_change(library.withdraw(document_id), "已撤下", as_json)


@app.command("remove")
@chinese_errors
def remove(ctx: typer.Context, document_id: Identifier, as_json: JsonOption = False, data: DataOption = None) -> None:
    """从库里移除一份文件；以前的回答引用它的地方仍能打开原文。

    例：xuesi kb remove 12
    """
    library = library_of(ctx, data)
    report_change(library.remove(document_id), "已移除", as_json)


@app.command("history")
@chinese_errors
def history(ctx: typer.Context, document_id: Identifier, as_json: JsonOption = False, data: DataOption = None) -> None:
    """一份文件存过的各个版本，新的在前。

    例：xuesi kb history 12
    """
    versions = library_of(ctx, data).history(document_id)
    if as_json:
        print_json([asdict(version) for version in versions])
        return
    for version in versions:
        mark = "*" if version.newest else " "
        print(
            f"{mark} {version.created_at:%Y-%m-%d %H:%M} {version.sha256[:12]} {version.passages} 段 {version.source}"
        )


@app.command("check")
@chinese_errors
def check_library(
    ctx: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="能修的都修好：索引重建、补算向量。")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """检查文件库是否完好；有问题时退出码是 1。

    例：xuesi kb check

    例：xuesi kb check --repair
    """
    from knowledge.operations.check import check

    library = library_of(ctx, data)
    with bar("检查") as advance:
        findings = check(library, repair=repair, on_step=advance)
    well = all(finding.well for finding in findings)
    if as_json:
        print_json({"ok": well, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            state = "完好" if not finding.wrong else "已修复" if finding.repaired else "有问题"
            print(f"{finding.what}：{state}{'，' + finding.detail if finding.detail else ''}")
    if not well:
        if not repair:
            say("文件库有问题；运行 xuesi kb check --repair 可以修复能修的部分。")
        else:
            say("还有修不好的问题，见上面“有问题”的各项。")
        raise typer.Exit(FAILED)


app.command("effects")(effects_command)
app.command("upcoming")(upcoming_command)
app.command("reread")(reread_command)
app.command("cut")(cut_command)
app.command("export")(export_command)
app.command("import")(import_command)
