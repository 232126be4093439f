"""Reading .xls, and what Chinese offices save under that name: new workbooks, web pages, lines of text."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from knowledge.errors import EncryptedFile, ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders import safety
from knowledge.parsing.loaders.packages.zipped import damaged
from knowledge.parsing.loaders.sheets import number_format
from knowledge.parsing.loaders.sheets.delimited import read_csv
from knowledge.parsing.loaders.sheets.layout import lay_out
from knowledge.parsing.loaders.sheets.sheet import Area, Omissions, Sheet, check_size, column_letters
from knowledge.parsing.loaders.sheets.xlsx import is_named, read_xlsx

_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR, _BLANK = range(7)  # xlrd's kinds of cells


def read_xls(data: bytes, name: str) -> SourceText:
    """Raises ReadingError and its kind."""
    short, _ = safety.kind(data)
    if short == "zip":
        return read_xlsx(data, name)
    if short == "":
        if b"<table" in data[:200_000].lower():
            from knowledge.parsing.loaders.sheets.web_workbook import read_web_workbook

            return read_web_workbook(data, name)
        return read_csv(data, name)
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=_Silent())
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise EncryptedFile(f"《{name}》加了密码，请去掉密码后再上传。") from error
        raise ReadingError(
            f"《{name}》打不开，可能已损坏或不是 Excel 表格，请用 Excel 另存为 .xlsx 后再上传。"
        ) from error
    except Exception as error:  # xlrd stumbles over damaged records in many ways
        raise damaged(name) from error
    omissions = Omissions()
    sheets = []
    counted = 0
    for sheet in book.sheets():
        if sheet.visibility:
            omissions.sheets.append(sheet.name)
            continue
        counted += sheet.nrows
        check_size(counted, name)
        sheets.append(_sheet(book, sheet, omissions, name))
    return lay_out(sheets, name, omissions.sentences())


def _sheet(book: Any, sheet: Any, omissions: Omissions, name: str) -> Sheet:
    cells: dict[tuple[int, int], str] = {}
    hidden_rows: list[int] = []
    hidden_columns: set[int] = set()
    concealed = {number for number, info in sheet.colinfo_map.items() if info.hidden}
    for row in range(sheet.nrows):
        info = sheet.rowinfo_map.get(row)
        for column in range(sheet.row_len(row)):
            text, struck = _unstruck(book, sheet, row, column)
            hidden = (info is not None and info.hidden) or column in concealed
            if struck.strip() and not hidden:
                omissions.struck.append(struck)
            if not text.strip():
                continue
            if info is not None and info.hidden:
                hidden_rows += [row + 1] if row + 1 not in hidden_rows[-1:] else []
            elif column in concealed:
                hidden_columns.add(column + 1)
            else:
                cells[row + 1, column + 1] = text
                check_size(len(cells), name)
    if hidden_rows:
        omissions.rows[sheet.name] = hidden_rows
    if hidden_columns:
        omissions.columns[sheet.name] = [column_letters(column) for column in sorted(hidden_columns)]
    # xlrd counts from 0 and its ends are exclusive.
    areas = tuple(Area(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    return Sheet(sheet.name, cells, areas, is_named(sheet.name))


def _unstruck(book: Any, sheet: Any, row: int, column: int) -> tuple[str, str]:
    """The words of a cell that are not struck through, and those that are."""
    cell = sheet.cell(row, column)
    text = _text(book, cell)
    if not text or cell.xf_index is None:
        return text, ""
    # A font holds from its place on, up to the next one; the cell's own up to the first.
    runs = [(0, book.xf_list[cell.xf_index].font_index), *sheet.rich_text_runlist_map.get((row, column), ())]
    kept, struck = "", ""
    for (start, font), (end, _) in pairwise([*runs, (len(text), 0)]):
        if font < len(book.font_list) and book.font_list[font].struck_out:
            struck += text[start:end]
        else:
            kept += text[start:end]
    return kept, struck


def _text(book: Any, cell: Any) -> str:
    if cell.ctype == _TEXT:
        return str(cell.value)
    if cell.ctype in (_NUMBER, _DATE):
        shape = book.format_map.get(book.xf_list[cell.xf_index].format_key) if cell.xf_index is not None else None
        code = shape.format_str if shape is not None else "General"
        if code.lower() == "general":
            return number_format.general(cell.value)
        return number_format.shown(cell.value, code, from_1904=book.datemode == 1)
    if cell.ctype == _BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == _ERROR:
        import xlrd

        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""


class _Silent:
    """Takes xlrd's remarks about a file, which nobody asked for."""

    def write(self, words: str) -> int:
        return len(words)

    def flush(self) -> None:
        """Nothing is kept."""
