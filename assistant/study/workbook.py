"""How the sheets of a workbook are laid out: texts stay texts, whole in their cells, and on paper all columns stand on one page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LINE: Final = 15.0  # points; the height of a row of one line
_MOST_LINES: Final = 27  # Excel has no higher rows


def lay_out(sheet: Worksheet, widths: Sequence[float], *, headed: bool = True) -> None:
    """Give the filled `sheet` its columns, in characters of Latin, and rows as high as their texts: not every program does that of
    itself. Its first row stands on every page when it is `headed`. What begins with = is no formula."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(sheet.iter_rows(), start=1):
        lines = 1
        for cell, width in zip(row, widths, strict=False):
            if isinstance(cell.value, str):
                cell.data_type = "s"
                lines = max(lines, sum(_lines(part, width) for part in cell.value.split("\n")))
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.row_dimensions[number].height = _LINE * min(lines, _MOST_LINES)
    if headed:
        sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0


def _lines(words: str, width: float) -> int:
    long = sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in words)
    return max(1, -(-long // int(width - 1)))  # a cell has a margin
