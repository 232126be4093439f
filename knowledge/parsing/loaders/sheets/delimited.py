"""Reading .csv: the encodings and separators that offices save tables with."""

from __future__ import annotations

import csv
from pathlib import PurePath

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders.encoding import decode
from knowledge.parsing.loaders.sheets.layout import lay_out
from knowledge.parsing.loaders.sheets.sheet import Sheet, check_size

_SEPARATORS = (",", "\t", ";", "|", "，")
_SAMPLE_ROWS = 20
_DECLARED = "sep="  # a first line by which Excel is told the separator


def read_csv(data: bytes, name: str) -> SourceText:
    """Raises ReadingError when no encoding fits or a cell has no end."""
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    separator = ""
    if text.startswith(_DECLARED):
        first, _, text = text.partition("\n")
        separator = first[len(_DECLARED) : len(_DECLARED) + 1]
    cells: dict[tuple[int, int], str] = {}
    try:
        for number, row in enumerate(_rows(text, separator or _separator(text)), 1):
            for column, words in enumerate(row, 1):
                if words.strip():
                    cells[number, column] = words
                    check_size(len(cells), name)
    except csv.Error as error:
        raise ReadingError(f"《{name}》不是完整的 CSV 表格，请用 Excel 另存为 .xlsx 后再上传。") from error
    return lay_out([Sheet(PurePath(name).stem, cells, named=False)], name)


def _separator(text: str) -> str:
    """The mark that cuts most of the first rows into the same number of cells, more than one."""
    sample = "\n".join(text.split("\n")[: _SAMPLE_ROWS * 3])

    def agreement(separator: str) -> tuple[int, int]:
        try:
            counts = [len(row) for row in _rows(sample, separator) if any(row)][:_SAMPLE_ROWS]
        except csv.Error:
            return 0, 0
        widths = [count for count in counts if count > 1]
        common = max(set(widths), key=widths.count, default=0)
        return widths.count(common), common

    return max(_SEPARATORS, key=agreement)


def _rows(text: str, separator: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
