"""Documents on the terminal: one in a line, all in a table, a card in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from knowledge.cli.console import print_json
from knowledge.cli.json_output import document_json
from knowledge.ingestion.ingest import Added
from knowledge.metadata.audience import groups_as_text
from knowledge.model import Document

_OUTCOMES: Final = {"new": "新增", "updated": "更新", "unchanged": "没变"}
_STATUSES: Final = {"draft": "草稿", "published": "已发布", "withdrawn": "已撤下"}


def report_change(item: Document, done: str, as_json: bool) -> None:
    if as_json:
        print_json(document_json(item))
    else:
        edition = f"（{item.card.edition}）" if item.card.edition else ""
        print(f"{done}：{item.id}《{item.card.title}》{edition} {item.validity}")


def report_changes(items: Sequence[Document], done: str, as_json: bool) -> None:
    """As `report_change`; as JSON one object for one document, a list for several."""
    if as_json and len(items) > 1:
        print_json([document_json(item) for item in items])
        return
    for item in items:
        report_change(item, done, as_json)


def line_of(added: Added) -> str:
    articles = f"{added.articles} 条 " if added.articles is not None else ""
    notes = "".join(f"\n     {note}" for note in added.notes)
    return f"{_OUTCOMES[added.status]} {added.document_id}《{added.title}》{articles}{added.passages} 段{notes}"


def print_table(documents: Sequence[Document]) -> None:
    if not documents:
        print("库里还没有文件；用 xuesi kb add 添加。")
        return
    for item in documents:
        edition = f"（{item.card.edition}）" if item.card.edition else ""
        print(f"{item.id:>5}  {_STATUSES[item.status]}  {item.validity}  {item.card.title}{edition}")
    print(f"共 {len(documents)} 份。")


def print_card(item: Document) -> None:
    rows: list[tuple[str, Any]] = [
        ("标题", item.card.title),
        ("版本", item.card.edition),
        ("时效", item.validity),
        ("状态", _STATUSES[item.status]),
        ("文种", item.card.kind),
        ("文号", item.card.doc_no),
        ("发文机关", item.card.issuer),
        ("成文日期", item.card.issued_on),
        ("施行日期", item.card.effective_on),
        ("废止日期", item.card.repealed_on),
        ("有效期至", item.card.valid_until),
        ("专题", item.card.topic),
        ("谁能看", groups_as_text(item.audience) or None),
        ("条数", item.articles),
        ("片段", item.passages),
        ("原件", item.file_name),
    ]
    for name, value in rows:
        if value is not None:
            print(f"{name}：{value}")
