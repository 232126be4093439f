"""Reading .pptx: the slides in their order, titles as headings, tables by rows, speaker's notes under their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge.errors import UnsafeFile
from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.lines import ends_sentence
from knowledge.parsing.loaders.numbering import ordinal
from knowledge.parsing.loaders.packages.zipped import DAMAGED_PART, Zipped, attribute, below, child, damaged, local
from knowledge.parsing.loaders.tables import CELL_BORDER, row_text

_TITLES = ("title", "ctrTitle")
_FURNITURE = {"sldNum": "页码", "dt": "日期", "ftr": "页脚", "hdr": "页眉"}
_LONGEST_HEADING = 80
# DrawingML's automatic numbers (ECMA-376 part 1, 20.1.10.61): the form of the number and what stands around it.
_NUMBERS = re.compile(
    r"(?P<form>arabic|ea1Chs|ea1Cht|alphaLc|alphaUc|romanLc|romanUc|circleNum).*?(?P<mark>Period|ParenBoth|ParenR|Plain)?"
)
_FORMS = {
    "arabic": "decimal",
    "ea1Chs": "chineseCounting",
    "ea1Cht": "chineseCounting",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "circleNum": "decimalEnclosedCircle",
}
_MOST_NESTED = 30  # groups within groups
_MOST_SLIDES = 3000


def read_pptx(data: bytes, name: str) -> SourceText:
    """Raises ReadingError and its kind; UnsafeFile for a package that holds no slides."""
    package = Zipped(data, name)
    main = package.main_part("ppt/presentation.xml")
    if main not in package or not main.startswith("ppt/"):
        raise UnsafeFile(f"《{name}》不是 PPT 演示文稿，请换成它本来的扩展名或另存为 .pptx。")
    try:
        return _Deck(package, main, name).source()
    except DAMAGED_PART as error:
        raise damaged(name) from error


class _Deck:
    """One pass over the slides."""

    def __init__(self, package: Zipped, main: str, name: str) -> None:
        self._package = package
        self._name = name
        self._main = main
        self._account = Account()
        self._tables = 0
        self._title: str | None = None

    def source(self) -> SourceText:
        paragraphs = list(self._paragraphs())
        notes = []
        if self._tables:
            notes.append(f"表格 {self._tables} 处按行展开，单元格之间用“{CELL_BORDER.strip()}”隔开。")
        return compose(paragraphs, title=self._title, notes=notes, left_out=self._account.pieces, origin="paper")

    def _paragraphs(self) -> Iterator[Paragraph]:
        relations = self._package.relations(self._main)
        listed = list(below(child(self._package.tree(self._main), "sldIdLst"), "sldId"))
        if len(listed) > _MOST_SLIDES:
            raise UnsafeFile(f"《{self._name}》超过 {_MOST_SLIDES:,} 张幻灯片，请拆分后再上传。")
        for one in listed:
            _, part = relations.get(_relation(one), ("", ""))
            if not part:
                continue
            slide = self._package.tree(part)
            if slide.get("show") in ("0", "false"):
                self._account.leave("隐藏的幻灯片", _words(slide))
                continue
            yield from self._slide(slide, part)

    def _slide(self, slide: Any, part: str) -> Iterator[Paragraph]:
        relations = self._package.relations(part)
        tree = next(below(slide, "spTree"))
        shapes = list(self._shapes(tree))
        # The title may have been drawn last; it is read first.
        for shape in sorted(shapes, key=lambda one: _placeholder(one) not in _TITLES):
            yield from self._shape(shape, relations)
        for kind, member in relations.values():
            if kind == "notesSlide":
                yield from self._notes(member)
            elif kind == "comments":
                for comment in below(self._package.tree(member), "cm"):
                    self._account.leave("批注", _words(comment))

    def _shapes(self, tree: Any, depth: int = 0) -> Iterator[Any]:
        for one in tree:
            name = local(one)
            if name == "grpSp" and depth < _MOST_NESTED:
                yield from self._shapes(one, depth + 1)
            elif name == "AlternateContent":  # the same shape twice, for new and old programs
                chosen = child(one, "Choice") if child(one, "Choice") is not None else child(one, "Fallback")
                if chosen is not None and depth < _MOST_NESTED:
                    yield from self._shapes(chosen, depth + 1)
            elif name in ("sp", "graphicFrame", "pic", "cxnSp"):
                yield one

    def _shape(self, shape: Any, relations: dict[str, tuple[str, str]]) -> Iterator[Paragraph]:
        name, holder = local(shape), _placeholder(shape)
        if name == "pic":
            self._account.leave("图片")
        elif name == "graphicFrame":
            yield from self._frame(shape, relations)
        elif holder in _FURNITURE:
            if words := _words(shape):
                self._account.leave(_FURNITURE[holder], words)
        elif (body := child(shape, "txBody")) is not None:
            if holder in _TITLES:
                yield from self._heading(body)
            else:
                yield from (Paragraph(text) for text in _lines(body))

    def _heading(self, body: Any) -> Iterator[Paragraph]:
        text = "".join(_lines(body, joined=True))
        if not text:
            return
        self._title = self._title or text
        level = 1 if len(text) <= _LONGEST_HEADING and not ends_sentence(text) else None
        yield Paragraph(text, level)

    def _frame(self, frame: Any, relations: dict[str, tuple[str, str]]) -> Iterator[Paragraph]:
        if (table := next(below(frame, "tbl"), None)) is not None:
            yield from self._table(table)
        elif (
            diagram := next(below(frame, "relIds"), None)
        ) is not None:  # SmartArt keeps its words in a part of its own
            _, member = relations.get(str(attribute(diagram, "dm")), ("", ""))
            for point in below(self._package.tree(member), "pt") if member else ():
                if (body := child(point, "t")) is not None:
                    yield from (Paragraph(text) for text in _lines(body))
        elif any(True for _ in below(frame, "chart")):
            self._account.leave("图表")
        elif any(True for _ in below(frame, "oleObj")):
            self._account.leave("嵌入的文件")

    def _table(self, table: Any) -> Iterator[Paragraph]:
        self._tables += 1
        above: dict[int, str] = {}
        for row in (one for one in table if local(one) == "tr"):
            cells: list[str] = []
            for column, cell in enumerate(one for one in row if local(one) == "tc"):
                if cell.get("hMerge") in ("1", "true"):
                    continue
                if cell.get("vMerge") not in ("1", "true"):
                    above[column] = "\n".join(_lines(child(cell, "txBody")))
                cells.append(above.get(column, ""))
            if text := row_text(cells):
                yield Paragraph(text)

    def _notes(self, part: str) -> Iterator[Paragraph]:
        lines = [
            text
            for shape in below(self._package.tree(part), "sp")
            if _placeholder(shape) == "body"
            for text in _lines(child(shape, "txBody"))
        ]
        if lines:
            yield Paragraph(f"备注：{lines[0]}")
            yield from map(Paragraph, lines[1:])


def _relation(element: Any) -> str:
    """The `r:id` of an element that has an `id` of its own as well."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


def _placeholder(shape: Any) -> str:
    """What a shape holds the place of: `title`, `body`, `sldNum`; "" for a shape of its own."""
    found = next(below(shape, "ph"), None) if local(shape) == "sp" else None
    return "" if found is None else str(found.get("type") or "body")


def _lines(body: Any, *, joined: bool = False) -> Iterator[str]:
    """The paragraphs of a text body with their automatic numbers; a title's lines are one."""
    counts: dict[int, int] = {}
    for paragraph in (one for one in body if local(one) == "p") if body is not None else ():
        text = "".join(_pieces(paragraph)).strip()
        if not text:
            continue
        properties = child(paragraph, "pPr")
        level = int(properties.get("lvl") or 0) if properties is not None else 0
        counts = {deep: count for deep, count in counts.items() if deep <= level}
        numbered = child(properties, "buAutoNum")
        if numbered is None:
            counts.pop(level, None)
            number = ""
        else:
            counts[level] = counts[level] + 1 if level in counts else int(numbered.get("startAt") or 1)
            number = _number(counts[level], str(numbered.get("type") or ""))
        yield text.replace("\n", "") if joined else number + text


def _pieces(paragraph: Any) -> Iterator[str]:
    for one in paragraph:
        name = local(one)
        if name == "br":
            yield "\n"
        elif name == "r" or (name == "fld" and one.get("type") != "slidenum"):
            yield from (piece.text or "" for piece in one if local(piece) == "t")
        elif name not in ("pPr", "endParaRPr"):  # formulas and what other programs put around runs
            yield from (piece.text or "" for piece in below(one, "t"))


def _number(count: int, kind: str) -> str:
    found = _NUMBERS.fullmatch(kind)
    if found is None:
        return ""
    written = ordinal(count, _FORMS[found["form"]])
    mark = found["mark"] or "Plain"
    if found["form"].startswith("ea1") and mark == "Period":
        return f"{written}、"
    return {"Period": f"{written}.", "ParenR": f"{written}）", "ParenBoth": f"（{written}）", "Plain": written}[mark]


def _words(element: Any) -> str:
    return "".join(piece.text or "" for piece in below(element, "t", "text"))
