"""Reading .docx: paragraphs and tables in the order of the page, automatic numbers written out."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders import safety
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.lines import ends_sentence
from knowledge.parsing.loaders.numbering import WordNumbering
from knowledge.parsing.loaders.tables import CELL_BORDER, row_text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset(
    # Deleted and moved text, field codes, comments' and footnotes' marks, pinyin over characters, properties.
    f"{_W}{name}"
    for name in (
        *("del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "pPr", "rPr", "sdtPr", "sdtEndPr"),
        *("commentReference", "annotationRef", "footnoteRef", "endnoteRef"),
    )
)
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE_NAME = re.compile(r"title|标题|文件标题|公文标题", re.IGNORECASE)
_LONGEST_HEADING = 80
_HAN = re.compile(r"[\u3400-\u9fff]")
# What templates and programs leave in the title property.
_IDLE_TITLE = re.compile(
    r"(?:word\s*文档|文档\s*\d*|无标题|新建.*|空白.*|microsoft.*|wps.*|.*\.docx?|.*模板)", re.IGNORECASE
)

# A damaged package fails wherever zipfile or python-docx happens to miss a part.
_DAMAGE = (zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError, EOFError, RuntimeError)


def read_docx(data: bytes, name: str) -> SourceText:
    safety.check_package(data, name)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(data))
        return _Reader(document).source()
    except (OpcError, LxmlError, *_DAMAGE) as error:
        raise ReadingError(f"《{name}》已损坏或不是标准的 Word 文档，请用 Word 打开并另存后再上传。") from error


class _Reader:
    """One pass over a document; counts what is left out."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._styles = {style.style_id: style for style in document.styles}
        self._default = document.styles.default(1)  # WD_STYLE_TYPE.PARAGRAPH
        self._numbering = WordNumbering.of(_numbering_root(document))
        self._title: str | None = None
        self._images = self._tables = self._footnotes = self._deleted = 0

    def source(self) -> SourceText:
        paragraphs = list(self._blocks(self._document.element.body))
        return compose(paragraphs, title=self._title or self._stated_title(paragraphs), notes=self._notes())

    def _notes(self) -> list[str]:
        notes = []
        if self._images:
            notes.append(f"略去图片 {self._images} 幅。")
        if self._tables:
            notes.append(f"表格 {self._tables} 处按行展开，单元格之间用“{CELL_BORDER.strip()}”隔开。")
        if self._footnotes:
            notes.append(f"略去脚注和尾注 {self._footnotes} 条。")
        if self._deleted:
            notes.append(f"文档有未接受的修订：略去标为删除的文字 {self._deleted} 处，标为插入的文字已收入。")
        return notes

    def _stated_title(self, paragraphs: list[Paragraph]) -> str | None:
        stated = str(self._document.core_properties.title or "").strip()
        if not _HAN.search(stated) or _IDLE_TITLE.fullmatch(stated):
            return None
        # The property often survives from the file that served as a template; the text has the last word.
        opening = re.sub(r"\s", "", "".join(paragraph.text for paragraph in paragraphs[:30]))
        return stated if re.sub(r"\s", "", stated) in opening else None

    def _blocks(self, container: Any) -> Iterator[Paragraph]:
        for element in container.iterchildren():
            if element.tag == f"{_W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                yield from self._table(element)
            elif element.tag in (
                f"{_W}sdt",
                f"{_W}sdtContent",
                f"{_W}customXml",
                f"{_W}ins",
                f"{_W}moveTo",
                f"{_W}smartTag",
            ):
                yield from self._blocks(element)
            elif element.tag in (f"{_W}del", f"{_W}moveFrom"):
                self._deleted += 1

    def _paragraph(self, element: Any) -> Iterator[Paragraph]:
        pieces: list[str] = []
        boxes: list[Any] = []
        self._inline(element, pieces, boxes)
        text = "".join(pieces)
        number = self._number(element) if text.strip() else ""
        if number:
            # Word sets the number off with a tab; official typography uses a full-width space after 第三条 only.
            text = number.strip() + ("\u3000" if number.startswith("第") else "") + text.lstrip(" \t\u3000")
        level = self._level(element) if text.strip() else None
        if level is not None and (len(text) > _LONGEST_HEADING or ends_sentence(text)):
            level = None
        if level == 0:
            self._title = self._title or text.strip()
        if text.strip():
            yield Paragraph(text, level=None if level is None else max(1, level))
        for box in boxes:
            yield from self._blocks(box)

    def _inline(self, element: Any, pieces: list[str], boxes: list[Any]) -> None:
        for child in element.iterchildren():
            tag = child.tag
            if tag == f"{_W}t":
                pieces.append(child.text or "")
            elif tag == f"{_W}tab" or tag == f"{_W}ptab":
                pieces.append("\t")
            elif tag in (f"{_W}br", f"{_W}cr"):
                pieces.append("\n")
            elif tag == f"{_W}noBreakHyphen":
                pieces.append("-")
            elif tag == f"{_W}sym":
                pieces.append(_symbol(child))
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self._footnotes += 1
            elif tag in (f"{_W}del", f"{_W}moveFrom"):
                self._deleted += 1
            elif tag in (f"{_W}drawing", f"{_W}pict", f"{_W}object"):
                found = list(child.iter(f"{_W}txbxContent"))
                boxes.extend(found)
                self._images += not found
            elif tag == f"{_MC}AlternateContent":  # the same content twice, for new and old programs
                choice = child.find(f"{_MC}Choice")
                self._inline(choice if choice is not None else child.find(f"{_MC}Fallback"), pieces, boxes)
            elif tag not in _SKIPPED and isinstance(tag, str):
                self._inline(child, pieces, boxes)

    def _table(self, table: Any) -> Iterator[Paragraph]:
        rows = [
            [self._cell(cell) for cell in row.iter(f"{_W}tc") if _row_of(cell) is row] for row in table.iter(f"{_W}tr")
        ]
        if sum(len([cell for cell in row if cell.strip()]) > 1 for row in rows) == 0:
            # A frame around text (a 红头, a box), not a table.
            yield from (Paragraph(line) for row in rows for cell in row for line in cell.split("\n") if line.strip())
            return
        self._tables += 1
        yield from (Paragraph(text) for row in rows if (text := row_text(row)))

    def _cell(self, cell: Any) -> str:
        return "\n".join(paragraph.text.strip() for paragraph in self._blocks(cell))

    def _number(self, element: Any) -> str:
        """Automatic number of a paragraph, from its own properties or its style's."""
        own = element.find(f"{_W}pPr/{_W}numPr")
        num_id, index = _value(own, "numId"), _value(own, "ilvl")
        for style in self._style_chain(element):
            if num_id is not None and index is not None:
                break
            inherited = style.element.find(f"{_W}pPr/{_W}numPr")
            num_id = num_id if num_id is not None else _value(inherited, "numId")
            index = index if index is not None else _value(inherited, "ilvl")
        if num_id is None or num_id == "0":
            return ""
        return self._numbering.next(num_id, int(index or 0))

    def _level(self, element: Any) -> int | None:
        """Heading level of a paragraph, 0 for the title, None for body text."""
        outline = _value(element.find(f"{_W}pPr"), "outlineLvl")
        for style in self._style_chain(element):
            if match := _HEADING_NAME.fullmatch(style.name or ""):
                return int(match[1])
            if _TITLE_NAME.fullmatch(style.name or ""):
                return 0
            if outline is None:
                outline = _value(style.element.find(f"{_W}pPr"), "outlineLvl")
        return int(outline) + 1 if outline is not None and int(outline) < 9 else None

    def _style_chain(self, element: Any) -> Iterator[Any]:
        style_id = _value(element.find(f"{_W}pPr"), "pStyle")
        style = self._styles.get(style_id, self._default)
        for _ in range(20):  # a damaged file may have styles based on each other in a circle
            if style is None:
                return
            yield style
            style = style.base_style


def _numbering_root(document: Any) -> Any:
    try:
        return document.part.numbering_part.element
    except (KeyError, NotImplementedError):  # python-docx for a document without lists
        return None


def _value(parent: Any, tag: str) -> str | None:
    child = parent.find(f"{_W}{tag}") if parent is not None else None
    return None if child is None else child.get(f"{_W}val")


def _row_of(cell: Any) -> Any:
    """The row a cell stands in, through content controls around it."""
    parent = cell.getparent()
    while parent is not None and parent.tag != f"{_W}tr":
        parent = parent.getparent()
    return parent


def _symbol(element: Any) -> str:
    code = element.get(f"{_W}char") or ""
    return chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4,6}", code) else ""
