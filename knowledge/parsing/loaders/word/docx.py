"""Reading .docx: paragraphs and tables in the order of the page, automatic numbers written out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.lines import ends_sentence, is_page_number, joined_soft_breaks
from knowledge.parsing.loaders.numbering import WordNumbering
from knowledge.parsing.loaders.tables import CELL_BORDER, row_text
from knowledge.parsing.loaders.word.chunks import chunk_reader
from knowledge.parsing.loaders.word.math import M, linear
from knowledge.parsing.loaders.word.package import Package
from knowledge.parsing.loaders.word.runs import MC, R, Runs, alternative
from knowledge.parsing.loaders.word.styles import Styles, W, has_mark, value

_AROUND = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_GONE = {f"{W}del": "标为删除的文字", f"{W}moveFrom": "标为移走的文字"}
_DEEPEST = 3  # files within files
_WORD_FILES = (".docx", ".docm", ".dotx", ".dotm")
_LONGEST_HEADING = 80
_LONGEST_LABEL = 40  # characters; a longer cell that spans rows is written once
_HAN = re.compile(r"[\u3400-\u9fff]")
# What templates and programs leave in the title property.
_IDLE_TITLE = re.compile(
    r"(?:word\s*文档|文档\s*\d*|无标题|新建.*|空白.*|microsoft.*|wps.*|.*\.docx?|.*模板)", re.IGNORECASE
)
_LETTERHEAD = re.compile(r".{4,40}文件|.{1,16}[〔\[［（(][0-9]{4}[〕\]］）)].{0,3}[0-9]{1,5}\s*号")

# A damaged package fails wherever zipfile or a look-up happens to miss a part.
_DAMAGE = (zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError, EOFError, RuntimeError)


def read_docx(data: bytes, name: str, depth: int = 0) -> SourceText:
    """`depth` is that of a file which stands inside others. Raises ReadingError and its kind."""
    from lxml.etree import LxmlError

    try:
        return _Reader(Package(data, name), depth).source()
    except (LxmlError, *_DAMAGE) as error:
        if "depth" in str(error).lower():
            raise ReadingError(f"《{name}》的表格或文本框套得太深，打不开，请用 Word 打开并另存后再上传。") from error
        raise ReadingError(f"《{name}》已损坏或不是标准的 Word 文档，请用 Word 打开并另存后再上传。") from error


class _Reader:
    """One pass over a document."""

    def __init__(self, package: Package, depth: int) -> None:
        self._package = package
        self._depth = depth
        self._account = Account()
        self._styles = Styles(package.only("styles"))
        self._numbering = WordNumbering.of(package.only("numbering"))
        self._runs = Runs(package, self._styles, self._account)
        self._title: str | None = None
        self._tables = 0
        self._before = ""  # words of a paragraph whose end was deleted: they belong to the next one

    def source(self) -> SourceText:
        body = self._package.tree(self._package.main).find(f"{W}body")
        paragraphs = list(self._all_blocks(body))
        paragraphs = [*self._letterhead(body, paragraphs), *paragraphs]
        return compose(
            paragraphs,
            title=self._title or self._stated_title(paragraphs),
            notes=self._notes(),
            left_out=self._account.pieces,
            origin="paper",
        )

    def _notes(self) -> list[str]:
        notes = []
        if self._tables:
            notes.append(f"表格 {self._tables} 处按行展开，单元格之间用“{CELL_BORDER.strip()}”隔开。")
        if any(self._account.has(what) for what in _GONE.values()):
            notes.append("文档有未接受的修订：标为插入的文字已收入，标为删除的没有。")
        return notes

    def _stated_title(self, paragraphs: list[Paragraph]) -> str | None:
        stated = self._package.title
        if not _HAN.search(stated) or _IDLE_TITLE.fullmatch(stated):
            return None
        # The property often survives from the file that served as a template; the text has the last word.
        opening = re.sub(r"\s", "", "".join(paragraph.text for paragraph in paragraphs[:30]))
        return stated if re.sub(r"\s", "", stated) in opening else None

    def _letterhead(self, body: Any, paragraphs: list[Paragraph]) -> list[Paragraph]:
        """Lines of the first page's header that belong to the text; all other headers and footers are left out."""
        opening = {paragraph.text.strip() for paragraph in paragraphs[:5]}
        kept: list[Paragraph] = []
        seen: set[str] = set()
        for index, section in enumerate(body.iter(f"{W}sectPr")):
            differs = section.find(f"{W}titlePg") is not None or section.find(f".//{W}titlePg") is not None
            for one in section.iter(f"{W}headerReference", f"{W}footerReference"):
                reference = self._package.references.get(one.get(f"{R}id"))
                if reference is None or reference.part in seen:
                    continue
                seen.add(reference.part)
                top, first = one.tag == f"{W}headerReference", one.get(f"{W}type") == "first"
                for line in self._marginal_lines(reference.part):
                    shown_first = index == 0 and top and first == differs
                    if shown_first and line not in opening and (first or _LETTERHEAD.fullmatch(line)):
                        kept.append(Paragraph(line))
                    else:
                        self._account.leave("页眉" if top else "页脚", line)
        return kept

    def _marginal_lines(self, part: str) -> list[str]:
        lines = [paragraph.text.strip() for paragraph in self._all_blocks(self._package.tree(part), margin=True)]
        return [line for line in lines if not is_page_number(line) and not line.isdecimal()]

    def _all_blocks(self, container: Any, *, margin: bool = False) -> Iterator[Paragraph]:
        self._runs.in_margin = margin
        yield from self._blocks(container)
        self._runs.in_margin = False
        if self._before:
            yield Paragraph(self._before)
            self._before = ""

    def _blocks(self, container: Any) -> Iterator[Paragraph]:
        for element in container.iterchildren():
            yield from self._block(element)

    def _block(self, element: Any) -> Iterator[Paragraph]:
        if element.tag == f"{W}p":
            yield from self._paragraph(element)
        elif element.tag == f"{W}tbl":
            yield from self._table(element)
        elif element.tag in _AROUND:
            yield from self._blocks(element)
        elif element.tag in _GONE:
            self._account.leave(_GONE[element.tag], self._runs.words(element))
        elif element.tag == f"{MC}AlternateContent":
            chosen = alternative(element)
            if chosen is not None:
                yield from self._blocks(chosen)
        elif element.tag == f"{W}altChunk":
            yield from self._chunk(element)
        elif element.tag in (f"{M}oMath", f"{M}oMathPara"):
            yield Paragraph(linear(element))

    def _chunk(self, element: Any) -> Iterator[Paragraph]:
        """A whole file that Word shows in this place (`altChunk`)."""
        reference = self._package.references.get(element.get(f"{R}id"))
        inner = self._inner(reference.part) if reference else None
        if inner is None:
            self._account.leave("嵌入的文件", reference.part.rsplit("/", 1)[-1] if reference else "")
            return
        for piece in inner.left_out:
            self._account.leave(piece.what, piece.text)
        yield from map(Paragraph, inner.text.split("\n"))

    def _inner(self, part: str) -> SourceText | None:
        """What a file within this one says; None for a format that is not read here."""
        if part.lower().endswith(_WORD_FILES):
            deeper = self._depth + 1
            return read_docx(self._package.read(part), part, deeper) if deeper <= _DEEPEST else None
        reader = chunk_reader(part)
        return reader(self._package.read(part), part) if reader else None

    def _paragraph(self, element: Any) -> Iterator[Paragraph]:
        text, boxes = self._runs.read(element)
        if has_mark(element, "del"):
            # The end of this paragraph was deleted: it goes on with the next one.
            self._before += text
        elif text.strip() or self._before or not has_mark(element, "vanish"):
            yield from self._finished(element, self._before + text)
            self._before = ""
        for box in boxes:
            yield from self._blocks(box)

    def _finished(self, element: Any, text: str) -> Iterator[Paragraph]:
        number = self._number(element)  # an empty paragraph takes a number too
        if not text.strip():
            if number and not _in_cell(element):
                self._account.leave("没有文字的编号", number)
            elif number:
                yield Paragraph(number.strip().rstrip("、.．"))
            return
        if number:
            # Word sets the number off with a tab; official typography uses a full-width space after 第三条 only.
            text = number.strip() + ("\u3000" if number.startswith("第") else "") + text.lstrip(" \t\u3000")
        text = joined_soft_breaks(text) if "\n" in text.strip() else text
        level = self._styles.level(element)
        if level is not None and (len(text) > _LONGEST_HEADING or ends_sentence(text)):
            level = None
        if level == 0:
            self._title = self._title or text.strip()
        yield Paragraph(text, level=None if level is None else max(1, level))

    def _number(self, element: Any) -> str:
        num_id, level, style = self._styles.number(element)
        if not num_id:
            return ""
        if level is None:
            level = self._numbering.level_of_style(num_id, style)
        return self._numbering.next(num_id, level)

    def _table(self, table: Any) -> Iterator[Paragraph]:
        rows = [self._row(row) for row in _children(table, f"{W}tr") if self._stays(row)]
        if sum(sum(bool(cell.text) for cell in row) > 1 for row in rows) == 0:
            # A frame around text (a 红头, a box), not a table.
            for cell in (cell for row in rows for cell in row):
                yield from map(Paragraph, filter(None, cell.text.split("\n")))
                yield from cell.tables
            return
        self._tables += 1
        above: dict[int, str] = {}
        for row in rows:
            words: list[str] = []
            for cell in row:
                text = cell.text or (above.get(cell.column, "") if cell.continues else "")
                above[cell.column] = text if len(text) <= _LONGEST_LABEL else ""
                words.append(text)
            if any(cell.text for cell in row) and (line := row_text(words)):
                yield Paragraph(line)
            for cell in row:
                yield from cell.tables

    def _stays(self, row: Any) -> bool:
        if row.find(f"{W}trPr/{W}del") is None:
            return True
        self._account.leave(_GONE[f"{W}del"], self._runs.words(row))
        return False

    def _row(self, row: Any) -> list[_Cell]:
        cells: list[_Cell] = []
        column = int(value(row.find(f"{W}trPr"), "gridBefore") or 0)
        for cell in _children(row, f"{W}tc"):
            properties = cell.find(f"{W}tcPr")
            if properties is not None and properties.find(f"{W}cellDel") is not None:
                self._account.leave(_GONE[f"{W}del"], self._runs.words(cell))
            else:
                merge = properties.find(f"{W}vMerge") if properties is not None else None
                continues = merge is not None and merge.get(f"{W}val") != "restart"
                cells.append(self._cell(cell, column, continues))
            column += int(value(properties, "gridSpan") or 1)
        return cells

    def _cell(self, cell: Any, column: int, continues: bool) -> _Cell:
        lines: list[str] = []
        tables: list[Paragraph] = []
        outside, self._before = self._before, ""
        for element in _children(cell):
            if element.tag == f"{W}tbl":
                tables += self._table(element)
            else:
                lines += [line for one in self._block(element) if (line := one.text.strip())]
        if self._before:
            lines.append(self._before)
        self._before = outside
        return _Cell("\n".join(lines), column, continues, tables)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a row: its own words, the column of the grid it begins in, whether it goes on with the cell above, and
    the rows of tables inside it."""

    text: str
    column: int
    continues: bool
    tables: list[Paragraph]


def _children(container: Any, tag: str = "") -> Iterator[Any]:
    """Elements of a container, of one tag if it is given, through content controls around them."""
    for element in container.iterchildren():
        if element.tag in _AROUND:
            yield from _children(element, tag)
        elif not tag or element.tag == tag:
            yield element


def _in_cell(paragraph: Any) -> bool:
    parent = paragraph.getparent()
    while parent is not None and parent.tag in _AROUND:
        parent = parent.getparent()
    return parent is not None and parent.tag == f"{W}tc"
