"""Reading .xlsx: the shown cells of the shown sheets with their stored values."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.errors import UnsafeFile
from knowledge.model import SourceText
from knowledge.parsing.loaders.packages.zipped import (
    DAMAGED_PART,
    Zipped,
    attribute,
    below,
    child,
    damaged,
    local,
)
from knowledge.parsing.loaders.sheets import number_format
from knowledge.parsing.loaders.sheets.layout import lay_out
from knowledge.parsing.loaders.sheets.sheet import Area, Omissions, Sheet, check_size, column_letters

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ANY_NAME = re.compile(r"(?:sheet|工作表|表)\s*[0-9]*", re.IGNORECASE)
_ON = ("1", "true")
_SHOWN_AS = {"1": "TRUE", "0": "FALSE"}


def read_xlsx(data: bytes, name: str) -> SourceText:
    """Raises ReadingError and its kind; UnsafeFile for a package that is no workbook."""
    package = Zipped(data, name)
    main = package.main_part("xl/workbook.xml")
    if main not in package or not main.startswith("xl/"):
        raise UnsafeFile(f"《{name}》不是 Excel 表格，请换成它本来的扩展名或另存为 .xlsx。")
    try:
        return _Workbook(package, name, main).source()
    except DAMAGED_PART as error:
        raise damaged(name) from error


def is_named(sheet: str) -> bool:
    """Whether somebody gave a sheet its name; Sheet1 is the program's."""
    return _ANY_NAME.fullmatch(sheet) is None


@dataclass(slots=True)
class _Raw:
    """A sheet while its rows are read."""

    cells: dict[tuple[int, int], str]
    areas: list[Area]
    hidden_rows: list[int]
    hidden_columns: set[int]


class _Workbook:
    """One pass over the sheets of a workbook."""

    def __init__(self, package: Zipped, name: str, main: str) -> None:
        self._package = package
        self._name = name
        self._root = package.tree(main)
        self._relations = package.relations(main)
        parts = dict(self._relations.values())
        self._strings = list(self._shared(parts["sharedStrings"])) if "sharedStrings" in parts else []
        styles = package.tree(parts["styles"]) if "styles" in parts else None
        self._formats, self._styles = self._number_formats(styles)
        self._struck = _struck_styles(styles)
        properties = child(self._root, "workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in _ON
        self._omissions = Omissions()
        self._counted = 0

    def source(self) -> SourceText:
        sheets = []
        for one in below(child(self._root, "sheets"), "sheet"):
            _, part = self._relations.get(str(attribute(one, "id")), ("", ""))
            name = str(one.get("name") or "")
            if one.get("state") in ("hidden", "veryHidden"):
                self._omissions.sheets.append(name)
            elif part and "/chartsheets/" not in part:
                sheets.append(self._sheet(name, part))
        for part in self._package:
            self._omissions.images += part.startswith("xl/media/")
            self._omissions.charts += re.fullmatch(r"xl/charts/chart[^/]*\.xml", part) is not None
        return lay_out(sheets, self._name, self._omissions.sentences())

    def _sheet(self, name: str, part: str) -> Sheet:
        raw = _Raw({}, [], [], set())
        for element in self._elements(part, "row", "mergeCell", "col"):
            kind = local(element)
            if kind == "row":
                self._row(element, raw)
            elif kind == "mergeCell":
                corners = [_place(corner) for corner in str(element.get("ref")).split(":")]
                (top, left), (bottom, right) = corners[0], corners[-1]
                raw.areas.append(Area(top, left, bottom, right))
                check_size(len(raw.areas), self._name)
            elif element.get("hidden") in _ON:
                last = min(int(element.get("max")), int(element.get("min")) + 200)
                raw.hidden_columns |= set(range(int(element.get("min")), last + 1))
        concealed = sorted({column for _, column in raw.cells} & raw.hidden_columns)
        if concealed:
            self._omissions.columns[name] = [column_letters(column) for column in concealed]
        if raw.hidden_rows:
            self._omissions.rows[name] = raw.hidden_rows
        for kind, related in self._package.relations(part).values():
            if kind == "comments":
                for comment in below(self._package.tree(related), "comment"):
                    self._omissions.comments.append("".join(one.text or "" for one in below(comment, "t")))
        cells = {place: text for place, text in raw.cells.items() if place[1] not in raw.hidden_columns}
        return Sheet(name, cells, tuple(raw.areas), is_named(name), tuple(self._loose(part)))

    def _row(self, element: Any, raw: _Raw) -> None:
        above, _ = next(reversed(raw.cells), (0, 0))
        number = int(element.get("r") or above + 1)
        hidden = element.get("hidden") in _ON
        column = 0
        for cell in below(element, "c"):
            column = _place(cell.get("r"))[1] if cell.get("r") else column + 1
            text = self._text(cell, hidden)
            if not text.strip():
                continue
            self._counted += 1
            check_size(self._counted, self._name)
            if hidden:
                if number not in raw.hidden_rows[-1:]:
                    raw.hidden_rows.append(number)
            else:
                raw.cells[number, column] = text

    def _text(self, cell: Any, hidden: bool) -> str:
        """The words of a cell without those that are struck, which are noted where the cell is shown."""
        text, struck = self._words(cell)
        if int(cell.get("s") or 0) in self._struck:
            text, struck = "", text + struck
        if struck.strip() and not hidden:
            self._omissions.struck.append(struck)
        return text

    def _words(self, cell: Any) -> tuple[str, str]:
        """What a cell says, and what of it is struck."""
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _rich(child(cell, "is"))
        value = child(cell, "v")
        stored = (value.text or "") if value is not None else ""
        if not stored:
            self._omissions.unsaved += child(cell, "f") is not None
            return "", ""
        if kind == "s":
            return self._strings[int(stored)]
        return self._shown(cell, kind, stored), ""

    def _shown(self, cell: Any, kind: str, stored: str) -> str:
        if kind == "b":
            return _SHOWN_AS.get(stored, stored)
        if kind != "n":
            return stored
        style = int(cell.get("s") or 0)
        code = self._styles.get(self._formats[style] if style < len(self._formats) else 0, "")
        number = float(stored)
        return number_format.shown(number, code, from_1904=self._from_1904) if code else number_format.general(number)

    def _shared(self, part: str) -> Iterator[tuple[str, str]]:
        return (_rich(item) for item in self._elements(part, "si"))

    @staticmethod
    def _number_formats(root: Any) -> tuple[list[int], dict[int, str]]:
        """The format number of each cell style, and the formats by number."""
        codes = dict(number_format.BUILT_IN)
        if root is None:
            return [], codes
        for one in below(root, "numFmt"):
            codes[int(one.get("numFmtId"))] = str(one.get("formatCode") or "")
        styles = child(root, "cellXfs")
        numbers = [int(one.get("numFmtId") or 0) for one in styles] if styles is not None else []
        return numbers, {number: code for number, code in codes.items() if code.lower() != "general"}

    def _loose(self, part: str) -> Iterator[str]:
        """Words of text boxes and shapes that lie on a sheet."""
        for kind, drawing in self._package.relations(part).values():
            if kind == "drawing":
                for body in below(self._package.tree(drawing), "txBody"):
                    for paragraph in below(body, "p"):
                        text = "".join(run.text or "" for run in below(paragraph, "t"))
                        if text.strip():
                            yield text

    def _elements(self, part: str, *names: str) -> Iterator[Any]:
        """Elements of a part one after the other; each is forgotten when the next is asked for."""
        from lxml import etree

        stream = io.BytesIO(self._package.read(part))
        try:
            for _, element in etree.iterparse(stream, events=("end",), resolve_entities=False, no_network=True):
                if local(element) in names:
                    yield element
                    element.clear()
        except etree.LxmlError as error:
            raise damaged(self._name) from error


def _rich(item: Any) -> tuple[str, str]:
    """Words of a cell with its formatted runs, without the reading aids above them, and those of them that are struck."""
    pieces: list[str] = []
    struck: list[str] = []
    for one in item if item is not None else ():
        if local(one) == "t":
            pieces.append(one.text or "")
        elif local(one) == "r":
            words = [piece.text or "" for piece in one if local(piece) == "t"]
            (struck if _is_struck(child(one, "rPr")) else pieces).extend(words)
    return _unescaped("".join(pieces)), _unescaped("".join(struck))


def _unescaped(text: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _is_struck(properties: Any) -> bool:
    strike = child(properties, "strike")
    return strike is not None and strike.get("val") not in ("0", "false")


def _struck_styles(root: Any) -> frozenset[int]:
    """The cell styles whose font is struck through."""
    fonts, styles = child(root, "fonts"), child(root, "cellXfs")
    if fonts is None or styles is None:
        return frozenset()
    struck = {number for number, font in enumerate(fonts) if _is_struck(font)}
    return frozenset(number for number, style in enumerate(styles) if int(style.get("fontId") or 0) in struck)


def _place(reference: str) -> tuple[int, int]:
    """`B3` -> (3, 2)."""
    found = _PLACE.fullmatch(reference.replace("$", ""))
    if found is None:
        raise ValueError(f"no cell is called {reference}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
