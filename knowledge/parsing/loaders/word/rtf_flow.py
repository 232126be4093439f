"""Paragraphs and rows of tables as an RTF file writes them one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph
from knowledge.parsing.loaders.lines import ends_sentence, joined_soft_breaks
from knowledge.parsing.loaders.tables import row_text
from knowledge.parsing.loaders.word.rtf_tokens import whole

_LONGEST_HEADING = 80  # characters
_LONGEST_LABEL = 40  # characters; a longer cell that spans rows is written once
_UNNUMBERED = "没有写出的自动编号"


@dataclass(slots=True)
class _Place:
    """Where a cell stands: its left edge, and whether it goes on with the cell above or beside."""

    left: int
    below: bool = False
    beside: bool = False


@dataclass(slots=True)
class _Row:
    cells: list[str]
    places: list[_Place]
    inner: list[str] = field(default_factory=list)  # rows of tables inside its cells


class Flow:
    """The text of a file or of one box in it. `boxes` are paragraphs of boxes that stand in the paragraph at hand; `tables`
    counts the tables."""

    def __init__(self, account: Account) -> None:
        self.boxes: list[Paragraph] = []
        self.tables = 0
        self._account = account
        self._found: list[Paragraph] = []
        self._pieces: list[str] = []
        self._level: int | None = None
        self._in_table = False
        self._depth = 1
        self._lines: dict[int, list[str]] = {}  # by depth of tables, the lines of the cell at hand
        self._cells: dict[int, list[str]] = {}
        self._places: list[_Place] = []
        self._place = _Place(0)
        self._inner: list[str] = []
        self._rows: list[_Row] = []
        self._listed = False  # the paragraph has a number
        self._numbered = False  # and it is written

    def text(self, words: str) -> None:
        self._pieces.append(words)

    def number(self, words: str) -> None:
        """The automatic number of the paragraph at hand."""
        self._pieces.append(words + ("\u3000" if words.startswith("第") else ""))
        self._numbered = True

    def control(self, word: str, number: int | None, *, deleted: bool = False) -> None:
        """A control word of paragraphs and tables; `deleted` for a mark that is no longer there."""
        if word in ("par", "sect"):
            if not deleted:
                self._end_paragraph()
        elif word == "pard":
            self._in_table, self._depth, self._level, self._listed = False, 1, None, False
        elif word == "intbl":
            self._in_table = True
        elif word == "itap":
            self._depth = max(0, number if number is not None else 1)
            self._in_table = self._depth > 0
        elif word == "outlinelevel":
            self._level = (number or 0) + 1 if (number or 0) < 9 else None
        elif word == "ls":
            self._listed = bool(number)
        elif word in ("cell", "nestcell"):
            self._end_cell(1 if word == "cell" else max(2, self._depth))
        elif word == "nestrow":
            depth = max(2, self._depth)
            self._inner.append(row_text(self._cells.pop(depth, [])))
        elif word == "row":
            self._rows.append(_Row(self._cells.pop(1, []), list(self._places), [one for one in self._inner if one]))
            self._inner.clear()
        else:
            self._define(word, number)

    def finished(self) -> list[Paragraph]:
        """All paragraphs, when the text has ended."""
        self._end_paragraph()
        if cells := self._cells.pop(1, []):
            self._rows.append(_Row(cells, list(self._places)))
        self._end_table()
        return self._found

    def _define(self, word: str, number: int | None) -> None:
        """How the cells of a row stand, which is written before or after their words."""
        if self._depth > 1:  # a table inside a cell
            return
        if word == "trowd":
            self._places, self._place = [], _Place(0)
        elif word == "clvmrg":
            self._place.below = True
        elif word == "clmrg":
            self._place.beside = True
        elif word == "cellx":
            self._places.append(self._place)
            self._place = _Place(number or 0)

    def _end_cell(self, depth: int) -> None:
        words = self._taken()
        lines = [*self._lines.pop(depth, []), *([words] if words else [])]
        lines += [box.text for box in self.boxes]
        self.boxes.clear()
        self._cells.setdefault(depth, []).append("\n".join(lines))

    def _end_paragraph(self) -> None:
        words = self._taken()
        if self._in_table:
            if words:
                self._lines.setdefault(self._depth, []).append(words)
            return
        if words or self.boxes:
            self._end_table()
        if words:
            heading = self._level is not None and len(words) <= _LONGEST_HEADING and not ends_sentence(words)
            self._found.append(Paragraph(words, self._level if heading else None))
        self._found += self.boxes
        self.boxes.clear()

    def _taken(self) -> str:
        """The words of the paragraph at hand."""
        text = whole("".join(self._pieces)).strip(" \t\u3000\n")
        self._pieces.clear()
        if text and self._listed and not self._numbered:
            self._account.leave(_UNNUMBERED, text)
        self._numbered = False
        return joined_soft_breaks(text) if "\n" in text else text

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        if sum(sum(bool(cell) for cell in row.cells) > 1 for row in rows) == 0:
            for row in rows:  # a frame around text
                self._found += [Paragraph(line) for cell in row.cells for line in cell.split("\n") if line]
                self._found += map(Paragraph, row.inner)
            return
        self.tables += 1
        above: dict[int, str] = {}
        for row in rows:
            words: list[str] = []
            for index, cell in enumerate(row.cells):
                place = row.places[index] if index < len(row.places) else _Place(-1 - index)
                text = cell or (above.get(place.left, "") if place.below else "")
                above[place.left] = text if len(text) <= _LONGEST_LABEL else ""
                words.append(text)
            if any(row.cells) and (line := row_text(words)):
                self._found.append(Paragraph(line))
            self._found += map(Paragraph, row.inner)
