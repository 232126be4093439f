"""What the rows of a sheet are: titles above a table, its headers (over several rows), groups, records, notes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.errors import UnsafeFile
from knowledge.parsing.loaders.canonical import clean
from knowledge.parsing.loaders.lines import ends_sentence, starts_unit
from knowledge.parsing.loaders.sheets.sheet import MAX_CELLS, Sheet
from knowledge.parsing.loaders.tables import row_text

_LONGEST_HEADER = 40  # characters
_LONGEST_TITLE = 60
_HEADER_DEPTH = 4  # rows
_NUMBER = re.compile(r"[-+¥￥$]?[0-9][0-9,.]*\s*%?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?")
_NOTE = re.compile(r"(?:注|备\s*注|说\s*明|附\s*注|填表说明|单位)\s*[0-9一二三]?\s*[:：]")
_LABEL_END = re.compile(r"\s*[:：]\s*$")


class Kind(StrEnum):
    """What a row is."""

    TITLE = "title"
    HEADER = "header"
    GROUP = "group"
    RECORD = "record"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as a line of text; `first` is its opening cell, which stands for it where it is cut."""

    kind: Kind
    number: int
    text: str
    first: str


@dataclass(frozen=True, slots=True)
class _Cell:
    """A shown cell; `anchor` is where its merged area begins, `across` how many columns the area spans."""

    column: int
    text: str
    anchor: tuple[int, int]
    across: int
    down: int


def rows_of(sheet: Sheet, name: str) -> list[Row]:
    """The rows that hold words, in order. A record repeats the header of each of its cells, and the label of a merged
    cell stands in every row that it spans. Raises UnsafeFile for merged areas beyond all measure."""
    grid = _grid(sheet, name)
    found: list[Row] = []
    headers: dict[int, str] = {}
    numbers = sorted(grid)
    index = 0
    fresh = True  # at the top, or after an empty row: a table may begin here
    while index < len(numbers):
        number = numbers[index]
        cells = grid[number]
        if index and number > numbers[index - 1] + 1:
            fresh = True
        titled = not found or found[-1].kind is Kind.TITLE
        if _is_single(cells):
            found.append(_single(sheet, grid, numbers, index, fresh=fresh or titled))
        elif (fresh and titled) or (headers and _texts(cells) == _texts_of(headers)):
            depth = _header_depth(grid, numbers, index)
            if depth:
                headers = _headers(grid, numbers[index : index + depth])
                for one in numbers[index : index + depth]:
                    found.append(Row(Kind.HEADER, one, row_text(_texts(grid[one])), ""))
                index += depth
                fresh = False
                continue
            headers = {}
            found.append(_record(number, cells, headers))
            fresh = False
        else:
            found.append(_record(number, cells, headers))
            fresh = False
        index += 1
    return found


def _grid(sheet: Sheet, name: str) -> dict[int, dict[int, _Cell]]:
    """Cells by row and column, merged areas filled with their label as far as the sheet is used."""
    words = {place: text for place, raw in sheet.cells.items() if (text := clean(raw))}
    grid: dict[int, dict[int, _Cell]] = {}
    for row, column in sorted(words):
        grid.setdefault(row, {})[column] = _Cell(column, words[row, column], (row, column), 1, 1)
    last = max((column for _, column in words), default=0)
    used = list(grid)
    filled = 0
    for area in sheet.areas:
        anchor = (area.top, area.left)
        if anchor not in words:
            continue
        right = max(area.left, min(area.right, last))
        rows = used[bisect_left(used, area.top) : bisect_right(used, area.bottom)]
        filled += len(rows) * (right - area.left + 1) + 1
        if filled > MAX_CELLS:
            raise UnsafeFile(f"《{name}》的合并单元格多得反常，为安全起见没有读入。")
        across, down = area.right - area.left + 1, area.bottom - area.top + 1
        for row in rows:
            for column in range(area.left, right + 1):
                grid[row].setdefault(column, _Cell(column, words[anchor], anchor, across, down))
        grid[area.top][area.left] = _Cell(area.left, words[anchor], anchor, across, down)
    return {row: dict(sorted(cells.items())) for row, cells in grid.items()}


def _distinct(cells: dict[int, _Cell]) -> list[_Cell]:
    """The cells of a row, a merged one once."""
    seen: set[tuple[int, int]] = set()
    kept = []
    for cell in cells.values():
        if cell.anchor not in seen:
            seen.add(cell.anchor)
            kept.append(cell)
    return kept


def _texts(cells: dict[int, _Cell]) -> list[str]:
    return [cell.text for cell in _distinct(cells)]


def _texts_of(headers: dict[int, str]) -> list[str]:
    return list(dict.fromkeys(headers.values()))


def _is_single(cells: dict[int, _Cell]) -> bool:
    return len(_distinct(cells)) == 1


def _single(sheet: Sheet, grid: dict[int, dict[int, _Cell]], numbers: Sequence[int], index: int, *, fresh: bool) -> Row:
    """A row of one cell: a title above a table, the head of a group of rows, or words of its own."""
    number = numbers[index]
    [cell] = _distinct(grid[number])
    text = row_text([cell.text])
    followed = any(not _is_single(grid[later]) for later in numbers[index + 1 :][:_HEADER_DEPTH])
    short = len(text) <= _LONGEST_TITLE and not ends_sentence(text)
    if short and followed and fresh:
        return Row(Kind.TITLE, number, text, text)
    if short and followed and not _NOTE.match(text) and (cell.across > 1 or starts_unit(text)):
        return Row(Kind.GROUP, number, text, text)
    return Row(Kind.NOTE, number, text, "")


def _header_depth(grid: dict[int, dict[int, _Cell]], numbers: Sequence[int], index: int) -> int:
    """How many rows from `index` on are headers; 0 when the table begins with its first record."""
    depth = 0
    wanted = 1
    while depth < wanted <= _HEADER_DEPTH:
        place = index + depth
        if place >= len(numbers) or not _like_headers(_distinct(grid[numbers[place]])):
            return 0
        for cell in grid[numbers[place]].values():
            if cell.anchor[0] == numbers[place]:
                wanted = max(wanted, depth + cell.down)
        # Cells merged across name groups of columns; the columns' own names stand below them.
        if any(cell.across > 1 and cell.down == 1 for cell in grid[numbers[place]].values()):
            wanted = max(wanted, depth + 2)
        depth += 1
    return depth if depth == wanted and index + depth < len(numbers) else 0


def _like_headers(cells: Sequence[_Cell]) -> bool:
    texts = [cell.text for cell in cells]
    return all(
        len(text) <= _LONGEST_HEADER
        and not text.endswith(("。", "；"))
        and (_NUMBER.fullmatch(text) is None or _YEAR.fullmatch(text) is not None)
        for text in texts
    ) and (len(set(texts)) > 1 or len(texts) == 1)


def _headers(grid: dict[int, dict[int, _Cell]], rows: Sequence[int]) -> dict[int, str]:
    """Names of the columns: `补贴标准/水田` where a group of columns has a name of its own."""
    names: dict[int, list[_Cell]] = {}
    for row in rows:
        for column, cell in grid[row].items():
            above = names.setdefault(column, [])
            if all(one.anchor != cell.anchor for one in above):
                above.append(cell)
    return {
        column: "/".join(_LABEL_END.sub("", "".join(cell.text.split("\n"))) for cell in above)
        for column, above in names.items()
    }


def _record(number: int, cells: dict[int, _Cell], headers: dict[int, str]) -> Row:
    pieces = list(_pieces(cells, headers))
    return Row(Kind.RECORD, number, row_text(pieces), row_text(pieces[:1]))


def _pieces(cells: dict[int, _Cell], headers: dict[int, str]) -> Iterator[str]:
    for cell in _distinct(cells):
        name = headers.get(cell.column)
        yield f"{name}：{cell.text}" if name and name != cell.text else cell.text
