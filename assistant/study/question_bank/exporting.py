"""Taking the bank away: as JSON lines or as a table that `importing` reads again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence

from assistant.study.question_bank.bank import Item
from assistant.study.question_bank.content import LETTERS
from assistant.study.workbook import lay_out

_COLUMNS = (
    "编号",
    "题型",
    "题干",
    *(f"选项{letter}" for letter in LETTERS[:6]),
    "答案",
    "解析",
    "专题",
    "状态",
    "依据",
    "出处",
    "原文",
)
#: In characters; 14 for the others.
_WIDTHS = {"编号": 6, "题型": 7, "题干": 40, "解析": 24, "专题": 10, "状态": 8, "依据": 10, "出处": 28, "原文": 40}


def as_object(item: Item) -> dict[str, object]:
    """An item as `--json` and an export show it."""
    content, source = item.content, item.content.source
    return {
        "id": item.id,
        "type": str(content.kind),
        "question": content.stem,
        "options": list(content.options),
        "answer": list(content.answer),
        "explanation": content.explanation,
        "topic": content.topic,
        "origin": content.origin,
        "status": str(item.status),
        "reason": item.reason,
        "finding": str(item.finding),
        "source": {
            "document": source.document_id,
            "title": source.title,
            "address": source.address,
            "quote": source.quote,
            "start": source.start,
            "end": source.end,
        }
        if source
        else None,
    }


def to_jsonl(items: Iterable[Item]) -> str:
    return "".join(json.dumps(as_object(one), ensure_ascii=False) + "\n" for one in items)


def to_xlsx(items: Sequence[Item]) -> bytes:
    """One sheet, one item a row. Texts stay texts: what begins with = is no formula."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "题库"
    sheet.append(_COLUMNS)
    for item in items:
        content, source = item.content, item.content.source
        options = [*content.options[:6], *([""] * (6 - len(content.options)))]
        answer = ("" if content.options else "\n").join(content.answer)
        where = f"《{source.title}》{source.address.replace('/', '')}" if source else ""
        row = [
            item.id,
            str(content.kind),
            content.stem,
            *options,
            answer,
            content.explanation,
            content.topic,
            str(item.status),
            str(item.finding),
            where,
            source.quote if source else "",
        ]
        sheet.append(row)
    lay_out(sheet, [_WIDTHS.get(name, 14) for name in _COLUMNS])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
