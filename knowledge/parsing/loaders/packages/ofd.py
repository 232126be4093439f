"""Reading .ofd (GB/T 33190): text by its place on the page, templates once, invoices refused."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Any

from knowledge.errors import EmptyFile, UnsafeFile, UnsupportedFormat
from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.packages.ofd_text import Piece, lines_of, pieces_of, turned_words
from knowledge.parsing.loaders.packages.zipped import DAMAGED_PART, Zipped, below, child, damaged, local
from knowledge.parsing.loaders.pdf.geometry import Page, rows
from knowledge.parsing.loaders.pdf.lines import paragraphs

_POINTS = 72 / 25.4  # per millimetre
_A4 = (210.0, 297.0)  # millimetres
_MOST_PAGES = 3000
_FILLED = 0.7  # share of the page's width; margins take some 28 of 210 millimetres
_INVOICE_PART = re.compile(r"(?:invoice|fapiao|发票)[^/]*\.(?:xml|xbrl)$", re.IGNORECASE)
_INVOICE_WORDS = re.compile(r"发票(?:代码|号码)\s*[:：]?")
_ANNOTATIONS = {"Watermark": "水印", "Stamp": "印章", "Link": "链接", "Highlight": "批注", "Path": "批注"}


def read_ofd(data: bytes, name: str) -> SourceText:
    """Raises ReadingError and its kind: UnsafeFile for a package that is no OFD, UnsupportedFormat for an invoice,
    EmptyFile when its pages are pictures."""
    package = Zipped(data, name)
    if "OFD.xml" not in package:
        raise UnsafeFile(f"《{name}》不是 OFD 公文，请换成它本来的扩展名或重新导出。")
    try:
        return _Reader(package, name).source()
    except DAMAGED_PART as error:
        raise damaged(name) from error


class _Reader:
    """One pass over the documents and pages of a package."""

    def __init__(self, package: Zipped, name: str) -> None:
        self._package = package
        self._name = name
        self._account = Account()
        self._pages = 0
        self._empty = 0

    def source(self) -> SourceText:
        root = self._package.tree("OFD.xml")
        if any(_INVOICE_PART.search(part) for part in self._package):
            raise self._invoice()
        found: list[str] = []
        titles: list[str] = []
        documents = 0
        for body in below(root, "DocBody"):
            place = child(body, "DocRoot")
            if place is None or not (place.text or "").strip():
                continue
            documents += 1
            titles += [one.text.strip() for one in below(body, "Title") if one.text and one.text.strip()]
            pages = list(self._document(place.text.strip().lstrip("/")))
            found += paragraphs(pages, self._account) if _is_wrapped(pages) else _single_lines(pages)
            self._account_for_signatures(body)
        text = "".join(found)
        if _INVOICE_WORDS.search(text) and "价税合计" in text:
            raise self._invoice()
        if not found:
            raise EmptyFile(
                f"《{self._name}》的 {self._pages} 页里没有文字，可能是扫描件，需要先做文字识别（OCR）再上传。"
            )
        notes = [f"包里有 {documents} 份文件，依次收入。"] if documents > 1 else []
        if self._empty:
            notes.append(f"有 {self._empty} 页没有文字，可能是扫描图像，没有收入。")
        title = next(
            (one for one in titles if len(one) >= 4 and re.sub(r"\s", "", one) in re.sub(r"\s", "", text)), None
        )
        return compose(map(Paragraph, found), title=title, notes=notes, left_out=self._account.pieces, origin="paper")

    def _document(self, path: str) -> Iterator[Page]:
        folder = posixpath.dirname(path)
        document = self._package.tree(path)
        common = child(document, "CommonData")
        size = _box(common)
        templates = (
            {str(one.get("ID")): _beneath(folder, str(one.get("BaseLoc"))) for one in below(common, "TemplatePage")}
            if common is not None
            else {}
        )
        annotations = self._annotations(document, folder)
        shown: set[str] = set()
        for one in below(child(document, "Pages"), "Page"):
            self._pages += 1
            if self._pages > _MOST_PAGES:
                raise UnsafeFile(f"《{self._name}》超过 {_MOST_PAGES:,} 页，请拆分后再上传。")
            content = self._package.tree(_beneath(folder, str(one.get("BaseLoc"))))
            pieces = list(pieces_of(content))
            self._leave(content)
            for used in (element for element in content if local(element) == "Template"):
                pieces += self._template(templates.get(str(used.get("TemplateID")), ""), shown)
            pieces += annotations.get(str(one.get("ID")), [])
            self._empty += not pieces
            width, height = _box(content) or size or _A4
            lines = lines_of(pieces, height, _POINTS)
            yield Page(tuple(lines), width * _POINTS, height * _POINTS)
        for element in document:
            if local(element) == "Attachments" and element.text:
                listed = _beneath(folder, element.text.strip())
                for attachment in below(self._package.tree(listed), "Attachment") if listed in self._package else ():
                    self._account.leave("嵌入的文件", str(attachment.get("Name") or ""))

    def _template(self, part: str, shown: set[str]) -> list[Piece]:
        """The text of a page template where it is first used; on later pages it is the same again."""
        if part not in self._package:
            return []
        pieces = list(pieces_of(self._package.tree(part)))
        if part in shown:
            for text in dict.fromkeys(piece.text for piece in pieces):
                self._account.leave("各页重复的模板文字", text)
            return []
        shown.add(part)
        return pieces

    def _annotations(self, document: Any, folder: str) -> dict[str, list[Piece]]:
        """Words that were put on pages afterwards, by page: a typewriter's stay text, watermarks and stamps are left out."""
        found: dict[str, list[Piece]] = {}
        stated = child(document, "Annotations")
        listed = _beneath(folder, (stated.text or "").strip()) if stated is not None else ""
        if listed not in self._package:
            return found
        for page in below(self._package.tree(listed), "Page"):
            place = child(page, "FileLoc")
            part = _beneath(posixpath.dirname(listed), (place.text or "").strip()) if place is not None else ""
            for annotation in below(self._package.tree(part), "Annot") if part in self._package else ():
                pieces = [
                    piece
                    for look in annotation
                    if local(look) == "Appearance"
                    for piece in pieces_of(look, _origin(look))
                ]
                words = "".join(piece.text for piece in pieces)
                kind = str(annotation.get("Type") or "")
                if annotation.get("Visible") == "false" or not words:
                    continue
                if kind in _ANNOTATIONS:
                    self._account.leave(_ANNOTATIONS[kind], words)
                else:
                    found.setdefault(str(page.get("PageID")), []).extend(pieces)
        return found

    def _leave(self, content: Any) -> None:
        for _ in below(content, "ImageObject"):
            self._account.leave("图片")
        for words in turned_words(content):
            self._account.leave("斜排的文字", words)

    def _account_for_signatures(self, body: Any) -> None:
        place = child(body, "Signatures")
        listed = (place.text or "").strip().lstrip("/") if place is not None else ""
        for _ in below(self._package.tree(listed), "Signature") if listed in self._package else ():
            self._account.leave("电子印章")

    def _invoice(self) -> UnsupportedFormat:
        return UnsupportedFormat(f"《{self._name}》是电子发票，不是公文，没有收入。")


def _is_wrapped(pages: Sequence[Page]) -> bool:
    """Whether any line comes near the right margin; where none does, each line is a paragraph."""
    return any(line.right > _FILLED * page.width for page in pages for line in page.lines)


def _single_lines(pages: Sequence[Page]) -> list[str]:
    return [row.line.text for page in pages for row in rows(page.lines)]


def _beneath(folder: str, place: str) -> str:
    """A location in the package; GB/T 33190 counts from the file that names it, or from the root with a slash."""
    return place.lstrip("/") if place.startswith("/") else posixpath.normpath(posixpath.join(folder, place))


def _box(element: Any) -> tuple[float, float] | None:
    """Width and height of the page area below an element, in millimetres."""
    for area in below(element, "PhysicalBox") if element is not None else ():
        numbers = _numbers(area.text or "")
        if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0:
            return numbers[2], numbers[3]
    return None


def _origin(element: Any) -> tuple[float, float]:
    numbers = _numbers(str(element.get("Boundary") or ""))
    return (numbers[0], numbers[1]) if len(numbers) == 4 else (0.0, 0.0)


def _numbers(words: str) -> Sequence[float]:
    return [float(one) for one in words.split()]
