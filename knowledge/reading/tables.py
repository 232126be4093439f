"""Tables as text: one line per row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.reading.lines import columns

CELL_BORDER = " | "


def row_text(cells: Iterable[str]) -> str:
    """One row on one line; cells without words stay out."""
    return CELL_BORDER.join(words for words in (re.sub(r"\s*\n\s*", " ", cell.strip()) for cell in cells) if words)


def rows_of_column_table(block: Sequence[str]) -> list[str]:
    """Rows of a pandoc table, whose columns are set by rows of dashes and whose rows may be one line each."""
    return [row_text(re.split(r" {2,}", line.strip())) for line in block if columns(line.strip(" -")) > 0]
