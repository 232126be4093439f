"""Commands that carry a library from one place to another: export, import, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from knowledge.cli.console import DataOption, JsonOption, bar, chinese_errors, print_json
from knowledge.cli.provider import carried_by, end_with_failures, file_of, library_of, summary


@chinese_errors
def export_command(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="要写入的新文件夹。", show_default=False)],
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """把文件库导出成文件夹：每份原件旁边一张 YAML 文件信息，连同审定答案和词表，可以交给另一处导入。

    例：xuesi kb export 文件库-2026
    """
    from knowledge.operations.exchange import export

    with bar("导出") as advance:
        documents = export(library_of(ctx, data), folder, advance, carried_by(ctx, data))
    if as_json:
        print_json({"folder": str(folder), "documents": len(documents)})
    else:
        print(f"已导出 {len(documents)} 份文件到 {folder}。")


@chinese_errors
def import_command(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", help="xuesi kb export 导出的文件夹。", show_default=False)
    ],
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """导入 xuesi kb export 导出的文件夹，连同文件信息、发布状态、切分改动、审定答案和词表。

    例：xuesi kb import 文件库-2026
    """
    from knowledge.operations.exchange import import_folder

    library = library_of(ctx, data)
    with bar("导入") as advance:
        results = import_folder(library, folder, lambda step: advance(step.done, step.total), carried_by(ctx, data))
        library.indexes.update()
    if as_json:
        print_json({"documents": [asdict(added) for added in results]})
    else:
        print(summary(results))
    end_with_failures(results)


@chinese_errors
def backup_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="备份文件", help="例如 xuesi-2026-07.zip。", show_default=False)],
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """把整个数据文件夹备份成一个文件；服务不必停。

    例：xuesi backup xuesi-2026-07.zip
    """
    from knowledge.operations.backup import backup

    with bar("备份") as advance:
        saved = backup(file_of(ctx, data), file, advance)
    if as_json:
        print_json(asdict(saved))
    else:
        print(f"已备份到 {saved.file}（{saved.bytes / 1048576:.1f} MB，原件 {saved.originals} 份）。")


@chinese_errors
def restore_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="备份文件", help="xuesi backup 做的备份。", show_default=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="换掉已有内容；原内容改名保留在旁边。")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """从备份恢复到一个空的数据文件夹。

    例：xuesi restore xuesi-2026-07.zip --data 新数据
    """
    from knowledge.operations.backup import restore

    with bar("恢复") as advance:
        saved = restore(file, file_of(ctx, data), overwrite=overwrite, on_step=advance)
    if as_json:
        print_json(asdict(saved))
    else:
        print(f"已恢复到 {saved.data}（原件 {saved.originals} 份）。")
