"""The text objects of an OFD page: where each piece of text stands, and the lines that the pieces make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.parsing.loaders.lines import width
from knowledge.parsing.loaders.packages.zipped import below
from knowledge.parsing.loaders.pdf.geometry import Line

_SAME_LINE = 0.5  # em; pieces whose bases differ by less stand on one line
_SPACE = 0.6  # em; a wider gap between two pieces was typed
_USUAL_SIZE = 4.0  # millimetres, when a text object states none
_REPEATED = re.compile(r"g\s+(\d+)\s+(\S+)")  # `g 3 4.2` stands for 4.2 4.2 4.2


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters. Lengths in millimetres from the left and the top of the page; `size` is that of the font."""

    text: str
    left: float
    right: float
    base: float
    size: float


def pieces_of(content: Any, origin: tuple[float, float] = (0.0, 0.0)) -> Iterator[Piece]:
    """The shown text of a page, a template or an annotation, in the order of the file."""
    for item in below(content, "TextObject"):
        if item.get("Visible") == "false":
            continue
        boundary = _numbers(item.get("Boundary"))
        x, y = (boundary[0], boundary[1]) if len(boundary) == 4 else (0.0, 0.0)
        matrix = _numbers(item.get("CTM"))
        if len(matrix) != 6:
            matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
        size = float(item.get("Size") or _USUAL_SIZE)
        turned = abs(matrix[1]) > abs(matrix[0]) * 0.2  # slanted: a watermark, or text beside the page
        code_x = code_y = 0.0
        for code in below(item, "TextCode"):
            text = code.text or ""
            code_x, code_y = float(code.get("X") or code_x), float(code.get("Y") or code_y)
            if not text.strip() or turned:
                continue
            steps = _steps(code.get("DeltaX"), len(text))
            advance = sum(steps) + size * width(text[len(steps) :]) / 2
            down = _steps(code.get("DeltaY"), len(text))
            if sum(abs(step) for step in down) > size:  # set from top to bottom: a column is a line
                advance = size
            left = origin[0] + x + matrix[0] * code_x + matrix[2] * code_y + matrix[4]
            base = origin[1] + y + matrix[1] * code_x + matrix[3] * code_y + matrix[5]
            yield Piece(text, left, left + advance * matrix[0], base, size * abs(matrix[3] or 1.0))


def turned_words(content: Any) -> Iterator[str]:
    """Text that stands aslant, which no reader takes for the body."""
    for item in below(content, "TextObject"):
        matrix = _numbers(item.get("CTM"))
        if len(matrix) == 6 and abs(matrix[1]) > abs(matrix[0]) * 0.2:
            yield "".join(code.text or "" for code in below(item, "TextCode")).strip()


def lines_of(pieces: Sequence[Piece], height: float, scale: float) -> list[Line]:
    """Lines from the top of a page of `height` to its end, in units of `scale` to the millimetre, counted from below."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: (one.base, one.left)):
        if rows and abs(rows[-1][0].base - piece.base) <= _SAME_LINE * max(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [line for row in rows for line in _lines(sorted(row, key=lambda one: one.left), height, scale)]


def _lines(row: Sequence[Piece], height: float, scale: float) -> Iterator[Line]:
    """Pieces that touch are one; a wide gap may be that between two cells or columns."""
    text, left, right = row[0].text, row[0].left, row[0].right
    base, size = (height - row[0].base) * scale, row[0].size * scale
    for piece in row[1:]:
        if piece.left - right <= _SPACE * piece.size:
            text += piece.text
        else:
            yield Line(text.strip(), left * scale, right * scale, base, size)
            text, left = piece.text, piece.left
        right = max(right, piece.right)
    yield Line(text.strip(), left * scale, right * scale, base, size)


def _steps(stated: str | None, characters: int) -> list[float]:
    """The distances from one character to the next."""
    written = _REPEATED.sub(lambda found: " ".join([found[2]] * min(int(found[1]), characters)), str(stated or ""))
    return _numbers(written)[: max(0, characters - 1)]


def _numbers(words: str | None) -> list[float]:
    return [float(one) for one in str(words or "").split()]
