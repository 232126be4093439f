"""Reading web pages that were saved as .xls, as systems export their lists: their tables are the rows of a sheet."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account, sentences
from knowledge.parsing.loaders.encoding import decode
from knowledge.parsing.loaders.html.content import BLOCKS, squeeze, strip_unseen
from knowledge.parsing.loaders.html.page import read_html
from knowledge.parsing.loaders.html.tables import cells, own_rows, span
from knowledge.parsing.loaders.sheets.layout import lay_out
from knowledge.parsing.loaders.sheets.sheet import Area, Sheet, check_size


def read_web_workbook(data: bytes, name: str) -> SourceText:
    """Nothing stands around such tables, so every shown word is kept: those between two tables are rows of one cell. A page
    with tables inside tables is laid out with them and read as a page. Raises ReadingError and its kind."""
    soup = BeautifulSoup(decode(data, name), "lxml")
    account = Account()
    strip_unseen(soup, account)
    body = soup.body or soup
    if any(table.find("table") for table in body.find_all("table")):
        return read_html(data, name)
    page = _Page(name)
    page.read(body)
    return lay_out([Sheet("Sheet1", page.cells, tuple(page.areas), named=False)], name, sentences(account.pieces))


class _Page:
    """The cells of a page while it is read from top to bottom; an empty row stands between two tables."""

    def __init__(self, name: str) -> None:
        self.cells: dict[tuple[int, int], str] = {}
        self.areas: list[Area] = []
        self._name = name
        self._row = 0
        self._loose: list[str] = []

    def read(self, body: Tag) -> None:
        # Not recursive: pages with unclosed tags nest thousands deep.
        waiting = list(reversed(list(body.children)))
        while waiting:
            one = waiting.pop()
            if isinstance(one, Tag):
                if one.name == "table":
                    self._settle()
                    self._table(one)
                    continue
                if one.name in BLOCKS or one.name == "br":
                    self._settle()
                    waiting.append(NavigableString("\n"))
                waiting += reversed(list(one.children))
            elif type(one) is NavigableString:
                self._loose.append(str(one))
                if str(one) == "\n":
                    self._settle()
        self._settle()

    def _settle(self) -> None:
        """The words so far are a line of their own."""
        words = " ".join("".join(self._loose).split())
        self._loose.clear()
        if words:
            self._row += 1
            self._put(self._row, 1, words)

    def _table(self, table: Tag) -> None:
        if caption := table.find("caption", recursive=False):
            self._loose.append(caption.get_text(" ", strip=True))
            self._settle()
        taken: set[tuple[int, int]] = set()
        for row in own_rows(table):
            self._row += 1
            column = 1
            for cell in cells(row):
                while (self._row, column) in taken:
                    column += 1
                across, down = span(cell, "colspan"), span(cell, "rowspan")
                words = cell.get_text(" ", strip=True) if squeeze(cell.get_text()) else ""
                if words:
                    self._put(self._row, column, words)
                if across > 1 or down > 1:
                    self.areas.append(Area(self._row, column, self._row + down - 1, column + across - 1))
                    taken |= {(self._row + i, column + j) for i in range(1, down) for j in range(across)}
                    check_size(len(taken), self._name)
                column += across
        self._row += 1

    def _put(self, row: int, column: int, words: str) -> None:
        self.cells[row, column] = words
        check_size(len(self.cells), self._name)
