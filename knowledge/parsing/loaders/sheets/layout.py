"""From sheets to canonical text: one line to a row, and a section to each sheet, group and row as its address."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.errors import UnsafeFile
from knowledge.model import Heading, Section, SourceText
from knowledge.parsing.loaders.canonical import Paragraph, clean, compose
from knowledge.parsing.loaders.sheets.headers import Kind, Row, rows_of
from knowledge.parsing.loaders.sheets.sheet import MAX_ROWS, Sheet
from knowledge.parsing.loaders.tables import CELL_BORDER

SHEET, GROUP, ROW = "表", "组", "行"  # levels of sections


def lay_out(sheets: Sequence[Sheet], name: str, notes: Sequence[str] = ()) -> SourceText:
    """The text of a workbook. One column is no table: its cells are the paragraphs of a text, as someone pasted it."""
    read = [(sheet, rows_of(sheet, name)) for sheet in sheets]
    read = [(sheet, rows) for sheet, rows in read if rows or sheet.loose]
    records = sum(row.kind is Kind.RECORD for _, rows in read for row in rows)
    if sum(len(rows) for _, rows in read) > MAX_ROWS:
        raise UnsafeFile(f"《{name}》的表格超过 {MAX_ROWS:,} 行，请拆分后再上传。")
    if not records:
        lines = [line for sheet, rows in read for line in (*(row.text for row in rows), *sheet.loose)]
        return compose(map(Paragraph, lines), notes=notes)
    page = _Page()
    for sheet, rows in read:
        page.add(sheet, rows)
    how = f"表格 {len(read)} 张共 {records} 行，每行为一段，单元格前写明列名，之间用“{CELL_BORDER.strip()}”隔开。"
    return SourceText(
        "\n".join(page.lines),
        tuple(page.headings),
        _title(read),
        (how, *notes),
        sections=tuple(page.sections),
    )


def _title(read: Sequence[tuple[Sheet, list[Row]]]) -> str | None:
    """The line above the first table."""
    _, rows = read[0]
    title = next((row.text for row in rows if row.kind is Kind.TITLE and "：" not in row.text), "")
    return title if len(title) >= 4 else None


class _Page:
    """The lines of the canonical text while it is being written, and the sections that span them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.headings: list[Heading] = []
        self.sections: list[Section] = []
        self._length = 0

    def add(self, sheet: Sheet, rows: Sequence[Row]) -> None:
        begin, place = self._length, len(self.sections)
        step = clean(sheet.name).replace("/", "／")
        titles: list[str] = []
        pending: list[Section] = []
        if sheet.named:
            self._write(step, heading=1)
        group: int | None = None
        for row in rows:
            start, end = self._write(row.text)
            if row.kind is Kind.TITLE:
                titles.append(row.text)
                group = None
            elif row.kind is not Kind.HEADER:
                if row.kind is not Kind.RECORD:
                    group = None
                level, label = (GROUP, row.text) if row.kind is Kind.GROUP else (ROW, f"第{row.number}行")
                depth = 1 if group is None else 2
                if group is not None:
                    above = pending[group]
                    pending[group] = Section(
                        above.path, above.label, above.title, above.level, above.depth, above.start, end
                    )
                if row.kind is Kind.GROUP:
                    group = len(pending)
                opening = row.first if row.kind is Kind.RECORD else ""
                pending.append(Section(f"{step}/第{row.number}行", label, opening, level, depth, start, end))
        for text in sheet.loose:
            start, end = self._write(text)
            pending.append(Section(f"{step}/文本框〔{len(pending) + 1}〕", "文本框", "", ROW, 1, start, end))
        title = " ".join(dict.fromkeys(title for title in titles if title != step))
        self.sections.insert(place, Section(step, step, title, SHEET, 0, begin, self._length - 1))
        self.sections.extend(pending)

    def _write(self, text: str, heading: int | None = None) -> tuple[int, int]:
        line = clean(text).replace("\n", " ")
        start, end = self._length, self._length + len(line)
        if heading is not None:
            self.headings.append(Heading(start, end, heading))
        self.lines.append(line)
        self._length = end + 1
        return start, end
