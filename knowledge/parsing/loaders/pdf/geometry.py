"""Where text stands on a page: lines, rows of pieces beside each other, pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.parsing.loaders.tables import row_text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, or a piece of one. Lengths in points, from the left and from the bottom of the page; `size` of
    its letters, 0 when it is not known; `cells` when it is a whole row of a table."""

    text: str
    left: float
    right: float
    y: float
    size: float = 0.0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """`column` is set when it is one of the columns of a page and has margins of its own."""

    lines: tuple[Line, ...]
    width: float
    height: float
    column: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces that stand beside each other, from left to right; `cells` are the words of a row of a table."""

    pieces: tuple[Line, ...]
    cells: tuple[str, ...] = ()

    @property
    def line(self) -> Line:
        first, last = self.pieces[0], self.pieces[-1]
        text = row_text(self.cells) if self.cells else " ".join(piece.text for piece in self.pieces)
        return Line(text, first.left, last.right, first.y, first.size)


def rows(lines: Sequence[Line]) -> list[Row]:
    """Lines, with pieces of one row (cells, a number apart from its text) beside each other."""
    found: list[list[Line]] = []
    for line in lines:
        last = found[-1][-1] if found else None
        if last is not None and not (last.cells or line.cells) and abs(last.y - line.y) < 3 and line.left >= last.right:
            found[-1].append(line)
        else:
            found.append([line])
    return [Row(tuple(pieces), pieces[0].cells) for pieces in found]
