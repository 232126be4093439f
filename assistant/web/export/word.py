"""A sheet as a Word file in the layout of an official document (GB/T 9704: page, type sizes, numbering), with real footnotes."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.web.export.labelling import PROPERTY, implicit_label
from assistant.web.export.sheet import GENERATED, SYSTEM, Grid, Kind, Line, Run, Sheet, printable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

    from assistant.web.export.word_footnotes import FootnotesPart

_SHORT = 120  # characters of a cell; a row of longer ones is broken over pages, that no page stays half empty


def to_word(sheet: Sheet, now: datetime) -> bytes:
    """The whole file. `now` is in UTC."""
    from docx import Document as new_document  # takes half a second to import

    from assistant.web.export import word_layout as layout
    from assistant.web.export.word_footnotes import FootnotesPart

    sheet = printable(sheet)
    document = new_document()
    layout.set_up(document)
    notes = FootnotesPart(document, sheet.footnotes)
    document.add_paragraph(sheet.title, style=layout.TITLE)
    document.add_paragraph(f"学思导出　{sheet.day.year}年{sheet.day.month}月{sheet.day.day}日", style=layout.BYLINE)
    if sheet.model is not None:
        document.add_paragraph(GENERATED, style=layout.LABEL)
    for part, after in zip(sheet.parts, (*sheet.parts[1:], None), strict=True):
        if isinstance(part, Grid):
            _add_grid(document, part, notes)
            continue
        paragraph = document.add_paragraph(style=layout.STYLES[part.kind])
        _fill(paragraph, part.runs, notes)
        if part.kind is Kind.TEXT and isinstance(after, Line) and after.kind is Kind.ITEM:
            paragraph.paragraph_format.keep_with_next = True  # a question does not stand alone at the foot of a page
    notes.attach()
    _set_properties(document, sheet, now)
    stored = BytesIO()
    document.save(stored)
    return stored.getvalue()


def _fill(paragraph: Paragraph, runs: tuple[Run, ...], notes: FootnotesPart) -> None:
    for run in runs:
        paragraph.add_run(run.text).bold = run.strong or None
        notes.refer(paragraph, run.notes)


def _add_grid(document: Document, grid: Grid, notes: FootnotesPart) -> None:
    from assistant.web.export import word_layout as layout

    labelled = any(row[0] for row in grid.rows)
    table = document.add_table(rows=1, cols=len(grid.headers) + labelled, style="Table Grid")
    for cell, header in zip(table.rows[0].cells[labelled:], grid.headers, strict=True):
        _fill_cell(cell, (Line(Kind.LABEL, (Run(header),)),), notes)
    if labelled and grid.corner:
        _fill_cell(table.rows[0].cells[0], (Line(Kind.LABEL, (Run(grid.corner),)),), notes)
    layout.repeat_on_each_page(table.rows[0])
    for row in grid.rows:
        made = table.add_row()
        for cell, lines in zip(made.cells, row if labelled else row[1:], strict=True):
            _fill_cell(cell, lines, notes)
        if all(len(cell.text) <= _SHORT for cell in made.cells):
            layout.keep_on_one_page(made)
    layout.set_widths(table, labelled=labelled)


def _fill_cell(cell: _Cell, lines: tuple[Line, ...], notes: FootnotesPart) -> None:
    from assistant.web.export import word_layout as layout

    for place, line in enumerate(lines or (Line(Kind.TEXT, (Run("没有对应的内容"),)),)):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.style = layout.CELL_LABEL if line.kind is Kind.LABEL else layout.CELL
        _fill(paragraph, line.runs, notes)


def _set_properties(document: Document, sheet: Sheet, now: datetime) -> None:
    from assistant.web.export.word_layout import set_custom_property

    properties = document.core_properties
    properties.title = sheet.title
    properties.subject = sheet.subject
    properties.author = SYSTEM
    properties.last_modified_by = SYSTEM
    properties.comments = f"由{SYSTEM}导出。{GENERATED if sheet.model is not None else ''}"
    properties.keywords = "学思；AI生成" if sheet.model is not None else "学思"
    properties.language = "zh-CN"
    properties.created = properties.modified = now.replace(microsecond=0)
    properties.revision = 1
    if sheet.model is not None:
        set_custom_property(document, PROPERTY, implicit_label(sheet))
