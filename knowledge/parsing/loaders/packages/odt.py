"""Reading .odt: paragraphs, lists and tables in the order of the page, automatic numbers written out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge.errors import EncryptedFile, UnsafeFile
from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.lines import ends_sentence, is_page_number, joined_soft_breaks
from knowledge.parsing.loaders.packages.odt_styles import HIDDEN, Counter, Styles
from knowledge.parsing.loaders.packages.zipped import DAMAGED_PART, Zipped, attribute, below, child, damaged, local
from knowledge.parsing.loaders.tables import CELL_BORDER, row_text

_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_GONE = "标为删除的文字"
_LONGEST_HEADING = 80  # characters
_LONGEST_LABEL = 40  # characters; a longer cell that spans rows is written once
_MOST_SPANNED = 100  # rows or columns; beyond it the number is a mistake
_MOST_SPACES = 20
_MOST_CELLS = 400_000  # with words, in all tables
# Elements that hold blocks and are nothing themselves.
_AROUND = frozenset(("section", "index-body", "index-title", "table-of-content", "user-index", "bibliography", "g"))
_SHAPES = frozenset(("custom-shape", "rect", "ellipse", "caption", "polygon", "path", "line", "text-box"))
_PARTS = frozenset(("table-header-rows", "table-rows", "table-row-group"))
_NOT_SHOWN = frozenset(
    ("bookmark", "bookmark-start", "bookmark-end", "change", "change-start", "change-end", "ruby-text", "desc", "title")
)
_LEFT = {"annotation": "批注", "note": "脚注和尾注"}


def read_odt(data: bytes, name: str) -> SourceText:
    """Raises ReadingError and its kind; UnsafeFile for a package that holds no text of this format."""
    package = Zipped(data, name)
    if _CONTENT not in package:
        raise UnsafeFile(f"《{name}》不是 ODT 文档，请换成它本来的扩展名或另存为 .docx。")
    try:
        if _MANIFEST in package and next(below(package.tree(_MANIFEST), "encryption-data"), None) is not None:
            raise EncryptedFile(f"《{name}》加了密码，请去掉密码后再上传。")
        body = child(child(package.tree(_CONTENT), "body"), "text")
        if body is None:
            raise UnsafeFile(f"《{name}》不是 ODT 文档，请换成它本来的扩展名或另存为 .docx。")
        return _Reader(package, name, body).source()
    except DAMAGED_PART as error:
        raise damaged(name) from error


class _Reader:
    """One pass over a document."""

    def __init__(self, package: Zipped, name: str, body: Any) -> None:
        self._name, self._body = name, body
        self._counted = 0  # cells with words
        self._styles_part = package.tree(_STYLES) if _STYLES in package else None
        parts = (self._styles_part, body.getroottree().getroot())
        self._styles = Styles(part for part in parts if part is not None)
        self._account = Account()
        self._title: str | None = None
        self._tables = 0
        self._lists: dict[str, Counter] = {}  # by the id of a list
        self._latest: dict[str, Counter] = {}  # by the name of a list's style
        self._outline = Counter(self._styles.outline)
        self._boxes: list[Any] = []  # text boxes of the paragraph that is being read

    def source(self) -> SourceText:
        paragraphs = list(self._blocks(self._body))
        paragraphs = [*self._margins({paragraph.text.strip() for paragraph in paragraphs[:5]}), *paragraphs]
        notes = []
        if self._tables:
            notes.append(f"表格 {self._tables} 处按行展开，单元格之间用“{CELL_BORDER.strip()}”隔开。")
        if self._account.has(_GONE):
            notes.append("文档有未接受的修订：标为插入的文字已收入，标为删除的没有。")
        return compose(paragraphs, title=self._title, notes=notes, left_out=self._account.pieces, origin="paper")

    def _margins(self, opening: set[str]) -> Iterator[Paragraph]:
        """The header of the first page where it has one of its own, a letterhead; other headers and footers are left out."""
        if self._styles_part is None:
            return
        for page in below(self._styles_part, "master-page"):
            for margin in page:
                kind = local(margin)
                what = "页眉" if kind.startswith("header") else "页脚" if kind.startswith("footer") else ""
                if not what or attribute(margin, "display") == "false":
                    continue
                for paragraph in list(self._blocks(margin)):
                    line = paragraph.text.strip()
                    if kind == "header-first" and line and line not in opening:
                        yield Paragraph(line)
                    elif line and not is_page_number(line) and not line.isdecimal():
                        self._account.leave(what, line)

    def _blocks(self, container: Any) -> Iterator[Paragraph]:
        for element in container:
            yield from self._block(element)

    def _block(self, element: Any) -> Iterator[Paragraph]:
        kind = local(element)
        if kind == "p":
            yield from self._paragraph(element, "")
        elif kind == "h":
            level = int(attribute(element, "outline-level") or 1)
            listed = attribute(element, "is-list-header") == "true"
            yield from self._paragraph(element, "" if listed else self._outline.next(level), level)
        elif kind == "list":
            yield from self._list(element, "", 1, None)
        elif kind == "table":
            yield from self._table(element)
        elif kind == "tracked-changes":
            for one in below(element, "deletion"):
                words = (_plain(part) for part in one if local(part) != "change-info")
                self._account.leave(_GONE, " ".join(words))
        elif kind in _AROUND:
            if attribute(element, "display") == "none" or attribute(element, "is-hidden") == "true":
                self._account.leave(HIDDEN, _plain(element))
            else:
                yield from self._blocks(element)
        elif kind in ("frame", "a") or kind in _SHAPES:
            self._shape(element)
            yield from self._from_boxes()

    def _paragraph(self, element: Any, number: str, level: int | None = None) -> Iterator[Paragraph]:
        what = self._styles.gone_as(element, "paragraph")
        if what:
            self._account.leave(what, _plain(element))
            return
        text = self._words(element)
        if text.strip():
            if number:
                gap = "\u3000" if number.startswith("第") else ""
                text = number.strip() + gap + text.lstrip(" \t\u3000")
            text = joined_soft_breaks(text) if "\n" in text.strip() else text
            if self._styles.is_title(element):
                self._title = self._title or text.strip()
                level = 1
            heading = level is not None and len(text) <= _LONGEST_HEADING and not ends_sentence(text)
            yield Paragraph(text, level if heading else None)
        elif number:
            self._account.leave("没有文字的编号", number)
        yield from self._from_boxes()

    def _from_boxes(self) -> Iterator[Paragraph]:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            yield from self._blocks(box)

    def _words(self, element: Any) -> str:
        """The words of a paragraph or a part of one; its text boxes are kept for later."""
        said = [element.text or ""]
        for one in element:
            said.append(self._inside(one))
            said.append(one.tail or "")
        return "".join(said)

    def _inside(self, one: Any) -> str:
        kind = local(one)
        if kind == "s":
            return " " * min(_MOST_SPACES, int(attribute(one, "c") or 1))
        if kind == "tab":
            return "\t"
        if kind == "line-break":
            return "\n"
        if kind in _LEFT:
            inner = child(one, "note-body") if kind == "note" else one
            words = (_plain(part) for part in (inner if inner is not None else ()) if local(part) in ("p", "list"))
            self._account.leave(_LEFT[kind], " ".join(words))
        elif kind in ("hidden-text", "hidden-paragraph", "conditional-text") and attribute(one, "is-hidden") == "true":
            self._account.leave(HIDDEN, attribute(one, "string-value") or _plain(one))
        elif kind == "span" and (what := self._styles.gone_as(one, "text")):
            self._account.leave(what, _plain(one))
        elif kind == "frame" or kind in _SHAPES:
            self._shape(one)
        elif kind and kind not in _NOT_SHOWN:
            return self._words(one)
        return ""

    def _shape(self, shape: Any) -> None:
        """A drawing: its text is read after the paragraph that it stands in, anything else is left out by name."""
        boxes = [one for one in below(shape, "text-box") if one is not shape and not _within(one, "text-box", shape)]
        if boxes:
            self._boxes += boxes
        elif local(shape) in _SHAPES:
            self._boxes.append(shape)
        elif next(below(shape, "object", "object-ole"), None) is not None:
            self._account.leave("嵌入的文件")
        else:
            self._account.leave("图片")

    def _list(self, element: Any, style: str, level: int, counter: Counter | None) -> Iterator[Paragraph]:
        style = attribute(element, "style-name") or style
        counter = counter or self._counter(element, style)
        for item in element:
            kind = local(item)
            if kind not in ("list-item", "list-header"):
                continue
            fresh = kind == "list-item"
            for one in item:
                if local(one) == "list":
                    yield from self._list(one, style, level + 1, counter)
                elif local(one) in ("p", "h"):
                    start = attribute(item, "start-value")
                    number = counter.next(level, int(start) if start else None) if fresh else ""
                    heading = int(attribute(one, "outline-level") or 1) if local(one) == "h" else None
                    yield from self._paragraph(one, number, heading)
                    fresh = False
                else:
                    yield from self._block(one)

    def _counter(self, element: Any, style: str) -> Counter:
        """The numbers of a list, which may go on from an earlier one."""
        going_on = self._lists.get(attribute(element, "continue-list") or "")
        if going_on is None and attribute(element, "continue-numbering") == "true":
            going_on = self._latest.get(style)
        counter = going_on or Counter(self._styles.lists.get(style, {}))
        self._latest[style] = counter
        if identity := attribute(element, "id"):
            self._lists[identity] = counter
        return counter

    def _table(self, table: Any) -> Iterator[Paragraph]:
        rows = [self._row(row) for row in _rows(table) if self._stays(row)]
        if sum(sum(bool(text) for _, text, _, _ in row) > 1 for row in rows) == 0:
            # A frame around text, not a table.
            for _, text, _, inner in (cell for row in rows for cell in row):
                yield from map(Paragraph, filter(None, text.split("\n")))
                yield from inner
            return
        self._tables += 1
        above: dict[int, tuple[int, str]] = {}  # by column: rows still to come, words
        for row in rows:
            words: dict[int, str] = {column: label for column, (_, label) in above.items()}
            above = {column: (left - 1, label) for column, (left, label) in above.items() if left > 1}
            for column, text, down, _ in row:
                words[column] = text or words.get(column, "")
                if down > 1 and len(text) <= _LONGEST_LABEL:
                    above[column] = (down - 1, text)
            if any(text for _, text, _, _ in row) and (line := row_text(words[column] for column in sorted(words))):
                yield Paragraph(line)
            for _, _, _, inner in row:
                yield from inner

    def _stays(self, row: Any) -> bool:
        if attribute(row, "visibility") not in ("collapse", "filter"):
            return True
        self._account.leave(HIDDEN, _plain(row))
        return False

    def _row(self, row: Any) -> list[tuple[int, str, int, list[Paragraph]]]:
        """The shown cells of a row: column, words, rows that it spans, and the rows of tables inside it."""
        cells: list[tuple[int, str, int, list[Paragraph]]] = []
        column = 0
        for cell in row:
            kind = local(cell)
            if kind not in ("table-cell", "covered-table-cell"):
                continue
            lines: list[str] = []
            tables: list[Paragraph] = []
            for one in cell if kind == "table-cell" else ():
                found = list(self._block(one))
                if local(one) == "table":
                    tables += found
                else:
                    lines += [line for paragraph in found if (line := paragraph.text.strip())]
            down = min(_MOST_SPANNED, int(attribute(cell, "number-rows-spanned") or 1))
            repeated = min(_MOST_SPANNED, int(attribute(cell, "number-columns-repeated") or 1))
            self._counted += repeated if lines else 0
            if self._counted > _MOST_CELLS:
                raise UnsafeFile(f"《{self._name}》的表格超过 {_MOST_CELLS:,} 个单元格，请拆分后再上传。")
            for place in range(repeated):
                if kind == "table-cell":
                    cells.append((column, "\n".join(lines), down, [] if place else tables))
                column += 1
        return cells


def _rows(table: Any) -> Iterator[Any]:
    for one in table:
        if local(one) == "table-row":
            yield one
        elif local(one) in _PARTS:
            yield from _rows(one)


def _plain(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _within(element: Any, name: str, top: Any) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not top:
        if local(parent) == name:
            return True
        parent = parent.getparent()
    return False
