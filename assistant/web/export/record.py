"""学时记录: what was read and passed, with its evidence, as Word and as Excel. It counts articles and tests, never minutes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from assistant.study.plans import Plan, Progress, Step, Tested
from assistant.study.workbook import lay_out
from assistant.web.export.sheet import Grid, Kind, Line, Sheet, line, numbered

READ = ("文件", "读过的条款", "读完的日期", "记录起止")
TESTED = ("日期", "自测", "方式", "答对", "结果")
DONE = ("计划", "项目", "内容", "完成的日期", "依据")
NOTE = "本记录由本人导出，只写读过的条款、做过的自测和完成的计划，不计时长；“通过”指答对六成以上；“自己确认”的项目没有系统证据。"


@dataclass(frozen=True, slots=True)
class Record:
    """What a reader did. `titles` are those of the documents in `steps`; `name` is "" where nobody has an account."""

    name: str
    day: date
    readings: Sequence[Progress]
    tests: Sequence[Tested]
    steps: Sequence[tuple[Plan, Step]]
    titles: Mapping[int, str]

    @property
    def tables(self) -> Iterator[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
        """Name, head and rows of each table; all of them texts."""
        yield "阅读", READ, [self._read(one) for one in self.readings]
        yield "自测", TESTED, [self._tested(one) for one in self.tests]
        yield "计划", DONE, [self._done(plan, step) for plan, step in self.steps]

    def _read(self, one: Progress) -> tuple[str, ...]:
        finished = day_of(one.finished_at) if one.finished_at else "还没有读完"
        span = f"{day_of(one.begun_at)} 至 {day_of(one.changed_at)}"
        return f"《{one.title}》", f"{one.read} / {one.total} 条", finished, span

    def _tested(self, one: Tested) -> tuple[str, ...]:
        result = "通过" if one.passed else "没有通过"
        return day_of(one.finished_at), one.title, one.mode, f"{one.right} / {one.total} 题", result

    def _done(self, plan: Plan, step: Step) -> tuple[str, ...]:
        number = step.wanted.document_id
        title = self.titles.get(number) if number is not None else None
        words = f"《{title}》" if title else step.wanted.words
        when = day_of(step.done_at) if step.done_at else ""
        return plan.title, str(step.wanted.task), words, when, step.shown or "自己确认"


def day_of(moment: datetime) -> str:
    """The local day of a time in UTC."""
    return moment.replace(tzinfo=UTC).astimezone().date().isoformat()


def to_sheet(record: Record) -> Sheet:
    """The record as a Word file is made of it."""
    parts: list[Line | Grid] = []
    if record.name:
        parts.append(line(Kind.TEXT, f"姓名：{record.name}"))
    for number, (name, head, rows) in enumerate(record.tables, start=1):
        parts.append(numbered(number, f"{name}（{len(rows)} 项）"))
        if rows:
            parts.append(Grid(head, tuple(_cells(row) for row in rows)))
        else:
            parts.append(line(Kind.TEXT, "没有记录。"))
    parts.append(line(Kind.REMARK, f"说明：{NOTE}"))
    return Sheet("学时记录", "学思学时记录", record.day, tuple(parts), ())


def to_workbook(record: Record) -> bytes:
    """The record as an Excel file, a sheet for each table. Texts stay texts: what begins with = is no formula."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, head, rows in record.tables:
        sheet = book.create_sheet(name)
        for row in (head, *rows):
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        longest = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        lay_out(sheet, [min(48, 4 + 2 * one) for one in longest])
    about = book.create_sheet("说明")
    for words in filter(None, (f"姓名：{record.name}" if record.name else "", f"导出日期：{record.day}", NOTE)):
        about.append([words])
    lay_out(about, [80], headed=False)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cells(row: Sequence[str]) -> tuple[tuple[Line, ...], ...]:
    """A row of a grid; its first cell, the label, is not used."""
    return ((), *((line(Kind.TEXT, words),) for words in row))
