"""Tables as text: one line per row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.parsing.loaders.lines import width

CELL_BORDER = " | "


def row_text(cells: Iterable[str], columns: int | None = None) -> str:
    """One row on one line. A cell without words keeps its place before one that has some, so that a figure stands under its own
    header (`一级 |  | 按月发放`); empty cells at the end, and beside a single cell with words, stay out, and so do all
    where a row has more cells than the table has `columns`."""
    words = [re.sub(r"\s*\n\s*", " ", cell.strip()) for cell in cells]
    said = [place for place, one in enumerate(words) if one]
    kept = len(said) > 1 and (columns is None or len(words) <= columns)
    return CELL_BORDER.join(words[: said[-1] + 1] if kept else [words[place] for place in said])


def rows_of_column_table(block: Sequence[str]) -> list[str]:
    """Rows of a pandoc table: rows of dashes set the columns; an empty line ends a row of several lines."""
    ruler = max((line for line in block if not line.strip(" -")), key=lambda line: len(line.split()), default="")
    columns = [match.span() for match in re.finditer("-+", ruler)]
    several = "" in block
    rows: list[list[str]] = []
    fresh = True
    for line in block:
        if not line.strip(" -"):
            fresh = True
            continue
        cells = _slices(line, columns) if len(columns) > 1 else re.split(r" {2,}", line.strip())
        if fresh or not several or len(cells) != len(rows[-1]):
            rows.append(cells)
        else:
            rows[-1] = [above + below for above, below in zip(rows[-1], cells, strict=True)]
        fresh = False
    return [row_text(row) for row in rows]


def _slices(line: str, columns: Sequence[tuple[int, int]]) -> list[str]:
    """Cells of a line by columns on the screen, where a Chinese character takes two."""
    cells = [""] * len(columns)
    position = 0
    for char in line:
        index = max((number for number, (start, _) in enumerate(columns) if start <= position), default=0)
        cells[index] += char
        position += width(char)
    return [cell.strip() for cell in cells]
