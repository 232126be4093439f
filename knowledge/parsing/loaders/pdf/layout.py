"""What stands beside or below the running text of a page: columns, tables without lines, footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.lines import ends_sentence, starts_unit, width
from knowledge.parsing.loaders.pdf.geometry import Line, Page, Row

_MIDDLE = (0.35, 0.65)  # share of the page's width in which the space between two columns lies
_STEP = 2.0  # points
_MOST_STEPS = 500  # on pages of any size
_FEW = 4  # lines of a column
_CROSSING = 0.15  # share of lines that may run over both columns: titles
_COLUMN = 0.22, 0.15  # share of the page's width that a line of running text takes in the left and the right column
_FULL = 0.5  # share of the lines of the left column that reach its right margin; cells of a table do not
_CELL_GAP = 1.6  # em between two cells
_NEAR = 1.6  # em below its row that the second line of a cell stands
_SMALL = 0.86  # of the size of the text: footnotes are set smaller
_LOW = 0.35  # share of the page's height in which footnotes stand
_NOTE_MARK = re.compile(r"[①-⑳⑴-⒇]|[\[［〔][0-9]{1,3}[\]］〕]|[*＊†]|[0-9]{1,2}(?=[ \u3000\u3400-\u9fff])")
_LEADERS = re.compile(r"[0-9]{1,4}")


def columns(page: Page) -> list[Page]:
    """A page in reading order: itself, or its columns from left to right, between the lines that run over both."""
    gutter = _gutter(page)
    if gutter is None:
        return [page]
    over = sorted((line for line in page.lines if _crosses(line, gutter)), key=lambda line: -line.y)
    parts: list[Page] = []
    rest = [line for line in page.lines if not _crosses(line, gutter)]
    for line in [*over, None]:
        above = [one for one in rest if line is None or one.y > line.y]
        rest = [one for one in rest if one not in above]
        for side in (True, False):
            column = sorted((one for one in above if (one.right <= gutter) is side), key=lambda one: -one.y)
            if column:
                parts.append(replace(page, lines=tuple(column), column=True))
        if line is not None:
            parts.append(replace(page, lines=(line,)))
    return parts


def with_tables(rows: Sequence[Row]) -> list[Row]:
    """Rows in which pieces stand below pieces several times over become rows of a table."""
    made: list[Row] = []
    run: list[Row] = []

    def settle() -> None:
        tabular = [row for row in run if len(row.pieces) > 1]
        contents = bool(tabular) and all(_is_contents(row) for row in tabular)
        if len(tabular) > 1 and not contents:
            made.extend(_table(run))
        else:
            made.extend(run)
        run.clear()

    for row in rows:
        if (_is_tabular(row) and (not run or _aligned(_last_full(run), row))) or (run and _continues_a_cell(run, row)):
            run.append(row)
        else:
            settle()
            (run if _is_tabular(row) else made).append(row)
    settle()
    return made


def without_footnotes(page: Page, size: float, account: Account) -> list[Line]:
    """Lines of a page without the notes at its foot, which are set smaller and open with a mark."""
    notes: list[Line] = []
    for line in sorted(page.lines, key=lambda one: (one.y, -one.left)):
        if not 0 < line.size <= _SMALL * size or line.y > _LOW * page.height:
            break
        notes.append(line)
    while notes and not _NOTE_MARK.match(notes[-1].text.strip()):
        notes.pop()
    if not notes or len(notes) == len(page.lines):
        return list(page.lines)
    for line in page.lines:
        if line in notes:
            account.leave("脚注", line.text)
    return [line for line in page.lines if line not in notes]


def _gutter(page: Page) -> float | None:
    """Where the space between two columns of running text lies, None on a page without columns."""
    best: tuple[int, float] | None = None
    x = _MIDDLE[0] * page.width
    while x <= _MIDDLE[1] * page.width:
        crossing = sum(_crosses(line, x) for line in page.lines)
        if best is None or crossing < best[0]:
            best = (crossing, x)
        x += max(_STEP, page.width / _MOST_STEPS)
    if best is None or best[0] > _CROSSING * len(page.lines):
        return None
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in page.lines:
        if not _crosses(line, best[1]):
            sides[line.left >= best[1]].append(line)
    for side, share in zip(sides, _COLUMN, strict=True):
        if len(side) < _FEW or median(line.right - line.left for line in side) < share * page.width:
            return None
    margin = max(line.right for line in sides[0])
    full = sum(line.right > margin - 2 * _em(line) for line in sides[0])
    return best[1] if full >= _FULL * len(sides[0]) else None


def _crosses(line: Line, x: float) -> bool:
    return line.left < x < line.right


def _is_tabular(row: Row) -> bool:
    return len(row.pieces) > 1 and all(
        other.left - one.right > _CELL_GAP * _em(one) for one, other in pairwise(row.pieces)
    )


def _aligned(above: Row, below: Row) -> bool:
    """Whether at least two cells stand below each other, and none of the shorter row beside all of the longer one."""
    shorter, longer = sorted((above.pieces, below.pieces), key=len)
    met = sum(any(_overlap(one, other) for other in longer) for one in shorter)
    return met >= 2 and met == len(shorter)


def _last_full(run: Sequence[Row]) -> Row:
    return next(row for row in reversed(run) if len(row.pieces) > 1)


def _continues_a_cell(run: Sequence[Row], row: Row) -> bool:
    """Whether a single piece is the second line of a cell that is not the first of its row."""
    if len(row.pieces) > 1:
        return False
    above, piece = _last_full(run), row.pieces[0]
    near = 0 < run[-1].pieces[0].y - piece.y < _NEAR * _em(piece)
    inside = [cell for cell in above.pieces[1:] if _overlap(cell, piece)]
    first = _overlap(above.pieces[0], piece)
    return near and len(inside) == 1 and not first and not starts_unit(piece.text) and not ends_sentence(inside[0].text)


def _table(run: Sequence[Row]) -> list[Row]:
    made: list[list[str]] = []
    rows: list[Row] = []
    for row in run:
        if len(row.pieces) > 1:
            rows.append(row)
            made.append([piece.text.strip() for piece in row.pieces])
        else:
            index = next(i for i, cell in enumerate(rows[-1].pieces) if _overlap(cell, row.pieces[0]))
            made[-1][index] += row.pieces[0].text.strip()
    return [replace(row, cells=tuple(cells)) for row, cells in zip(rows, made, strict=True)]


def _is_contents(row: Row) -> bool:
    """Whether a row is a line of a table of contents: a heading and the number of its page."""
    return len(row.pieces) == 2 and _LEADERS.fullmatch(row.pieces[1].text.strip()) is not None


def _overlap(one: Line, other: Line) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > 0


def _em(line: Line) -> float:
    return line.size or (line.right - line.left) / max(1, width(line.text)) * 2
