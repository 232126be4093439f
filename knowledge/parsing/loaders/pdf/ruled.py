"""Tables with drawn lines: the grid that the lines of a page make, and the words in each of its cells."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from typing import Any

from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.lines import join
from knowledge.parsing.loaders.pdf.geometry import Line, Page
from knowledge.parsing.loaders.tables import row_text

_PATH = 2  # FPDF_PAGEOBJ_PATH
_MOST_PATHS = 20_000  # of a page; a drawing of more is no table
_MOST_STROKES = 4_000
_MOST_RULES = 600  # once strokes that go on from each other are one
_MOST_CELLS = 5_000  # of one table
_NEAR = 3.0  # points; lines that are drawn so close to each other are one
_SHORTEST = 8.0  # points; shorter strokes are ornaments
_LONGEST_CELL = 400  # characters; a grid with a longer one lays out a page
_LONGEST_LABEL = 40  # characters; a longer cell that spans rows is said once


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight stroke along one axis: where it stands on the other one (`at`), and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The strokes of a page, in points from its lower left corner; upright ones stand at an x."""

    upright: tuple[Rule, ...] = ()
    level: tuple[Rule, ...] = ()

    def between(self, left: float, right: float, y: float) -> bool:
        """Whether an upright stroke stands between two characters of one line."""
        return any(left <= rule.at <= right and rule.start <= y <= rule.end for rule in self.upright)


def rules_of(page: Any) -> Rules:
    """The strokes of a pdfium page; none for a page that is a drawing."""
    upright: list[Rule] = []
    level: list[Rule] = []
    for count, path in enumerate(page.get_objects(filter=[_PATH], max_depth=3)):
        if count >= _MOST_PATHS or len(upright) + len(level) > _MOST_STROKES:
            return Rules()
        left, bottom, right, top = path.get_bounds()
        if right - left <= _NEAR:
            upright.append(Rule((left + right) / 2, bottom, top))
        elif top - bottom <= _NEAR:
            level.append(Rule((bottom + top) / 2, left, right))
        else:
            for (x, y), (other_x, other_y) in _strokes(path):
                if abs(x - other_x) < 1:
                    upright.append(Rule(x, min(y, other_y), max(y, other_y)))
                elif abs(y - other_y) < 1:
                    level.append(Rule(y, min(x, other_x), max(x, other_x)))
    rules = Rules(_long(upright), _long(level))
    return rules if len(rules.upright) + len(rules.level) <= _MOST_RULES else Rules()


def with_ruled_tables(lines: Sequence[Line], rules: Rules) -> list[Line]:
    """`lines` of a page with those inside a grid of at least two rows and columns put together as its rows."""
    rest = list(lines)
    for grid in _grids(rules):
        inside = [line for line in rest if grid.holds(line)]
        rows = grid.rows(inside) if inside else []
        is_layout = any(len(cell) > _LONGEST_CELL for row in rows for cell in row.cells)
        if is_layout or sum(len(row.cells) > 1 for row in rows) < 2:
            continue
        first = rest.index(inside[0])
        before = [line for line in rest[:first] if line not in inside]
        rest = [*before, *rows, *(line for line in rest[first:] if line not in inside)]
    return rest


def without_repeated_heads(pages: Sequence[Page], account: Account) -> list[Page]:
    """`pages` without the first row of a table where it is said again on the page on which the table goes on."""
    kept: list[Page] = []
    head: tuple[str, ...] = ()
    for page in pages:
        lines = list(page.lines)
        tables = [index for index, line in enumerate(lines) if line.cells and not (index and lines[index - 1].cells)]
        goes_on = bool(tables) and lines[tables[0]].cells == head
        if not goes_on or len(tables) > 1:
            head = lines[tables[-1]].cells if tables else ()
        if goes_on:
            account.leave("各页重复的表头", lines.pop(tables[0]).text)
        kept.append(replace(page, lines=tuple(lines)))
    return kept


class _Grid:
    """The places where the strokes of one table cross; rows count from the top."""

    def __init__(self, upright: Sequence[Rule], level: Sequence[Rule]) -> None:
        self._upright, self._level = upright, level
        self._x = _places(rule.at for rule in upright)
        self._y = _places(rule.at for rule in level)[::-1]

    @property
    def is_table(self) -> bool:
        return len(self._x) > 2 and len(self._y) > 2 and len(self._x) * len(self._y) <= _MOST_CELLS

    def holds(self, line: Line) -> bool:
        middle = (line.left + line.right) / 2
        return self._x[0] < middle < self._x[-1] and self._y[-1] < line.y < self._y[0]

    def rows(self, lines: Sequence[Line]) -> list[Line]:
        """A line for each row with words; the short words of a cell that spans rows are said in each of them."""
        words: dict[tuple[int, int], list[Line]] = {}
        home = self._homes()
        for line in lines:
            middle = (line.left + line.right) / 2
            column = sum(x < middle for x in self._x) - 1
            row = sum(y > line.y for y in self._y) - 1
            words.setdefault(home[row, column], []).append(line)
        texts = {cell: _joined(inside) for cell, inside in words.items()}
        found = []
        size = lines[0].size
        for row, (top, bottom) in enumerate(pairwise(self._y)):
            cells, has_own = [], False
            for column in range(len(self._x) - 1):
                cell = home[row, column]
                words_of_cell = texts.get(cell, "") if cell[1] == column else ""
                if cell[0] == row:
                    has_own = has_own or bool(words_of_cell)
                elif len(words_of_cell) > _LONGEST_LABEL:
                    words_of_cell = ""
                cells.append(words_of_cell)
            if has_own:
                said = tuple(cell for cell in cells if cell)
                found.append(Line(row_text(cells), self._x[0], self._x[-1], (top + bottom) / 2, size, said))
        return found

    def _homes(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each place of the grid the first place, by row and column, of the cell that it belongs to."""
        home = {(row, column): (row, column) for row in range(len(self._y) - 1) for column in range(len(self._x) - 1)}
        for row, column in home:
            y, x = (self._y[row] + self._y[row + 1]) / 2, (self._x[column] + self._x[column + 1]) / 2
            if column and not _covers(self._upright, self._x[column], y):
                home[row, column] = home[row, column - 1]
            elif row and not _covers(self._level, self._y[row], x):
                home[row, column] = home[row - 1, column]
        return home


def _grids(rules: Rules) -> Iterator[_Grid]:
    """Strokes that touch each other, directly or by others, make one table."""
    upright, level = list(rules.upright), list(rules.level)
    while upright:
        mine: list[Rule] = [upright.pop()]
        across: list[Rule] = []
        waiting: list[tuple[Rule, bool]] = [(mine[0], True)]
        while waiting:
            rule, stands = waiting.pop()
            others = level if stands else upright
            touching = [other for other in others if _touch(rule, other)]
            for other in touching:
                others.remove(other)
                (across if stands else mine).append(other)
                waiting.append((other, not stands))
        grid = _Grid(mine, across)
        if grid.is_table:
            yield grid


def _touch(one: Rule, other: Rule) -> bool:
    return one.start - _NEAR <= other.at <= one.end + _NEAR and other.start - _NEAR <= one.at <= other.end + _NEAR


def _covers(rules: Sequence[Rule], at: float, place: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR and rule.start - _NEAR <= place <= rule.end + _NEAR for rule in rules)


def _places(values: Iterator[float]) -> list[float]:
    """The distinct ones of places that are near each other, in order."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _joined(lines: Sequence[Line]) -> str:
    """The words of a cell from top to bottom; pieces beside each other stand apart."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: -one.y):
        if rows and abs(rows[-1][0].y - line.y) < _NEAR:
            rows[-1].append(line)
        else:
            rows.append([line])
    said = [" ".join(one.text.strip() for one in sorted(row, key=lambda one: one.left)) for row in rows]
    return reduce(join, said)


def _long(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Strokes that are long by themselves or with those that go on from them: borders are often drawn cell by cell."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (round(one.at), one.start)):
        last = merged[-1] if merged else None
        if last is not None and abs(last.at - rule.at) <= 1 and rule.start <= last.end + _NEAR:
            merged[-1] = replace(last, end=max(last.end, rule.end))
        else:
            merged.append(rule)
    return tuple(rule for rule in merged if rule.end - rule.start >= _SHORTEST)


Point = tuple[float, float]


def _strokes(path: Any) -> Iterator[tuple[Point, Point]]:
    """The straight strokes of a path that is drawn and not only filled, as a coloured background is."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path.raw, fill, stroke)
    if not stroke.value:
        return
    matrix = path.get_matrix()
    on_page: Callable[[float, float], Point] = matrix.on_point
    begin: Point = (0.0, 0.0)
    before: Point = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(pdfium.FPDFPath_CountSegments(path.raw), _MOST_STROKES)):
        segment = pdfium.FPDFPath_GetPathSegment(path.raw, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        here = on_page(x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield before, here
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield here, begin
        before = here
