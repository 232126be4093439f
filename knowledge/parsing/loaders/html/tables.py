"""Tables of web pages as rows of words: own rows only, the label of a cell that spans rows in each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bs4.element import Tag

_LONGEST_LABEL = 40  # characters; a longer cell that spans rows is written once
_MOST_SPANNED = 500  # rows; beyond it `rowspan` is a mistake
_LONGEST_CELL = 400  # characters; a table inside a longer one is laid out, not nested
_DEEPEST = 8


def is_data(table: Tag, depth: int = 0) -> bool:
    """Whether a table holds data and not the layout of a page."""
    rows = [[cell.get_text().strip() for cell in cells(row)] for row in own_rows(table)]
    if sum(sum(bool(words) for words in row) > 1 for row in rows) < 2:
        return False
    nested = table.find("table") is not None
    return not nested or (depth < _DEEPEST and all(len(words) <= _LONGEST_CELL for row in rows for words in row))


def own_rows(table: Tag) -> Iterator[Tag]:
    """The rows of a table without those of tables inside it."""
    for child in table.find_all(True, recursive=False):
        if child.name == "tr":
            yield child
        elif child.name in ("thead", "tbody", "tfoot"):
            yield from child.find_all("tr", recursive=False)


def cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def filled_rows(table: Tag, words_of: Callable[[Tag], str]) -> Iterator[tuple[Tag, list[str]]]:
    """Each row with the words of its cells; short cells that span several rows are said again in each."""
    spanning: dict[int, tuple[int, str]] = {}  # by column: rows still to come, words
    for row in own_rows(table):
        above, spanning = spanning, {}
        words: list[str] = []
        column = 0
        for cell in cells(row):
            column = _repeat(above, column, words, spanning)
            text = words_of(cell)
            words.append(text)
            rows = span(cell, "rowspan")
            if rows > 1 and len(text) <= _LONGEST_LABEL:
                spanning[column] = (rows - 1, text)
            column += span(cell, "colspan")
        _repeat(above, column, words, spanning)
        yield row, words


def _repeat(
    above: dict[int, tuple[int, str]], column: int, words: list[str], spanning: dict[int, tuple[int, str]]
) -> int:
    """Write the cells that reach down into a row from `column` on; returns the next free column."""
    while column in above:
        left, label = above[column]
        words.append(label)
        if left > 1:
            spanning[column] = (left - 1, label)
        column += 1
    return column


def span(cell: Tag, name: str) -> int:
    """How many rows or columns a cell reaches over (`rowspan`, `colspan`), at least 1."""
    stated = str(cell.get(name) or "1").strip()
    return min(int(stated), _MOST_SPANNED) if stated.isascii() and stated.isdecimal() and int(stated) > 0 else 1
