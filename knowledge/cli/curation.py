"""Commands of a trainer's work on documents: what a change would do, what is to come, how a text is cut, reading it again."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json
from knowledge.cli.provider import library_of
from knowledge.errors import InvalidCut
from knowledge.ingestion.report import named, sentences
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Passage, Status
from knowledge.storage.changes import Change, remove, set_status

Identifier = Annotated[int, typer.Argument(metavar="编号", help="文件编号，见 xuesi kb list。", show_default=False)]
AddressOption = Annotated[str | None, typer.Option(metavar="出处", help="条文片段的出处，如 第二章/第五条。")]


class Deed(StrEnum):
    """What may be looked at before it is done."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    REMOVE = "remove"


@chinese_errors
def effects_command(
    ctx: typer.Context,
    document_id: Identifier,
    deed: Annotated[Deed, typer.Argument(metavar="publish|withdraw|remove", help="要看哪种改动。")] = Deed.PUBLISH,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """先看发布、撤下或移除一份文件会牵动什么，什么都不改。

    例：xuesi kb effects 12 publish
    """
    library = library_of(ctx, data)
    library.document(document_id)

    def apply(changing: Change) -> None:
        if deed is Deed.REMOVE:
            remove(changing, document_id)
        else:
            set_status(changing, document_id, Status.PUBLISHED if deed is Deed.PUBLISH else Status.WITHDRAWN)

    found = library.preview(apply)
    said = sentences(found, document_id)
    if as_json:
        print_json({"effects": list(said), **asdict(found)})
    else:
        print("\n".join(said) or "没有变化。")


@chinese_errors
def upcoming_command(ctx: typer.Context, as_json: JsonOption = False, data: DataOption = None) -> None:
    """哪一天起哪些文件的时效会自动变化。

    例：xuesi kb upcoming
    """
    days = library_of(ctx, data).upcoming()
    if as_json:
        print_json([asdict(day) for day in days])
        return
    for day in days:
        for one in day.effects:
            print(f"{day.day}  {named(one.title, one.edition)}：{one.validity[0]} → {one.validity[1]}")
    if not days:
        print("没有排定的变化。")


@chinese_errors
def reread_command(
    ctx: typer.Context, document_id: Identifier, as_json: JsonOption = False, data: DataOption = None
) -> None:
    """用现在的程序把原件重新识别一遍；教员改过的文件信息和切分都保留。

    例：xuesi kb reread 12
    """
    added = library_of(ctx, data).reread(document_id)
    if as_json:
        print_json(asdict(added))
    elif added.error:
        print(added.error)
    else:
        print("和现在存的一样，没有变化。" if added.status == "unchanged" else f"《{added.title}》已存为新版本。")


@chinese_errors
def cut_command(
    ctx: typer.Context,
    document_id: Identifier,
    off: AddressOption = None,
    on: AddressOption = None,
    merge: AddressOption = None,
    split: AddressOption = None,
    before: Annotated[str, typer.Option(metavar="文字", help="与 --split 合用：在这几个字前面分开。")] = "",
    undo: Annotated[int | None, typer.Option(metavar="序号", help="撤销一处改动，序号见不带选项时的列表。")] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """停用、启用、合并、分开条文片段；不带选项时列出已有的改动。改动按文字记住，换了新版本也会重新套用。

    例：xuesi kb cut 12 --off 附件/第3段

    例：xuesi kb cut 12 --split 第二条 --before 逾期不还
    """
    library = library_of(ctx, data)
    if off or on:
        library.cutting.switch(_at(library, document_id, off or on or "").id, on is not None)
    if merge:
        library.cutting.merge(_at(library, document_id, merge).id)
    if split:
        one = _at(library, document_id, split)
        if not before or one.text.count(before) != 1:
            raise InvalidCut(f"“{split}”里要有且只有一处“{before}”，请用 --before 写出分开处后面的几个字。")
        library.cutting.split(one.id, one.text.index(before))
    if undo is not None:
        library.cutting.forget(document_id, undo)
    changes = library.cutting.changes(document_id)
    if as_json:
        print_json([{**asdict(edit), "placed": edit not in changes.unplaced} for edit in changes.edits])
        return
    for edit in changes.edits:
        lost = "（新版里找不到这处文字）" if edit in changes.unplaced else ""
        print(f"{edit.id:>4}  {edit.kind}  {edit.address}{lost}")
    print(f"共 {len(changes.edits)} 处改动。")


def _at(library: KnowledgeBase, document_id: int, address: str) -> Passage:
    for one in library.passages(library.document(document_id).version_id):
        if one.address == address:
            return one
    raise InvalidCut(f"这份文件里没有出处为“{address}”的条文片段，可用 xuesi kb show {document_id} --json 查看。")
