"""Reading .pdf: the text layer, its lines put together into paragraphs; pages without one are reported."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any

from knowledge.errors import EmptyFile, EncryptedFile, ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.lines import is_page_number
from knowledge.parsing.loaders.pdf import fonts, ocr
from knowledge.parsing.loaders.pdf.characters import read_characters
from knowledge.parsing.loaders.pdf.geometry import Line, Page
from knowledge.parsing.loaders.pdf.layers import switched_off
from knowledge.parsing.loaders.pdf.lines import paragraphs
from knowledge.parsing.loaders.pdf.ruled import rules_of, with_ruled_tables, without_repeated_heads
from knowledge.parsing.loaders.pdf.tiles import without_tiles

_ONE_AT_A_TIME = threading.Lock()  # pdfium is not thread-safe
_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SCAN_SHARE = 0.5  # share of the page that an image must cover to be a scan
_SCAN_WORDS = 30  # characters; a scanned page may carry a page number or a stamp as text
_EDGE = 0.1  # share of the page's height
_PROGRAM_PREFIX = re.compile(r"^Microsoft (?:Word|PowerPoint) - |\.(?:docx?|wps|pdf)$", re.IGNORECASE)


def read_pdf(data: bytes, name: str) -> SourceText:
    import pypdfium2

    with _ONE_AT_A_TIME:
        fonts.install()
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
                raise EncryptedFile(f"《{name}》加了密码，请去掉密码后再上传。") from error
            raise ReadingError(f"《{name}》已损坏，打不开，请重新导出或下载后再上传。") from error
        try:
            return _read(document, data, name)
        except pypdfium2.PdfiumError as error:
            raise ReadingError(f"《{name}》的内容已损坏，读不完整，请重新导出或下载后再上传。") from error
        finally:
            document.close()


def _read(document: Any, data: bytes, name: str) -> SourceText:
    pages: list[Page] = []
    scanned: list[int] = []
    blank: list[int] = []
    recognised: list[int] = []
    garbled: list[int] = []
    account = Account()
    off = switched_off(data)
    images = 0
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        rules = rules_of(page)
        text = read_characters(page, off, account, rules)
        lines: Sequence[Line] = text.lines
        covered, count = _images(page)
        if text.garbled:
            seen = ocr.recognise(page)
            lines = seen or ()
            (recognised if seen else garbled).append(number)
        elif _is_scan(text.lines, covered, page.get_size()[1]):
            seen = ocr.recognise(page) if count else None
            if seen:
                lines = seen
                recognised.append(number)
            else:
                (scanned if count else blank).append(number)
                lines = _page_numbers(text.lines, account)
        else:
            images += count
            lines = with_ruled_tables(text.lines, rules)
        pages.append(Page(tuple(lines), *page.get_size()))
        page.close()
    found = paragraphs(without_repeated_heads(without_tiles(pages, account), account), account)
    if not found:
        raise EmptyFile(_nothing(name, len(pages), scanned, garbled))
    notes = []
    if scanned:
        notes.append(f"{_pages(scanned)}没有文字层，是扫描图像，没有收入，需要文字识别（OCR）。")
    if garbled:
        notes.append(f"{_pages(garbled)}的文字是乱码（字体没有说明是什么字），没有收入，需要文字识别（OCR）。")
    if blank:
        notes.append(f"{_pages(blank)}没有文字层，也没有图像，没有内容可收入。")
    if recognised:
        notes.append(f"{ocr.RECOGNISED}：{_pages(recognised)}的文字由 OCR 从图像识别，请对照原件核对。")
    for _ in range(images):
        account.leave("图片")
    texts = (Paragraph(text) for text in found)
    return compose(texts, title=_title(document, found), notes=notes, left_out=account.pieces, origin="paper")


def _is_scan(lines: Sequence[Line], covered: float, height: float) -> bool:
    """Whether a page is a picture: it has no text, or next to none, or only a stamp or a line at its edge."""
    words = sum(len(line.text.replace(" ", "")) for line in lines)
    if words == 0:
        return True
    at_edge = all(not _EDGE * height < line.y < (1 - _EDGE) * height for line in lines)
    return covered >= _SCAN_SHARE and (words < _SCAN_WORDS or at_edge)


def _page_numbers(lines: Sequence[Line], account: Account) -> list[Line]:
    """Of the few words on a scanned page its number; a stamp of the office that passed it on is no text."""
    numbers = [line for line in lines if line.text.strip().isdecimal() or is_page_number(line.text.strip())]
    for line in lines:
        if line not in numbers:
            account.leave("扫描页上的戳记", line.text)
    return numbers


def _images(page: Any) -> tuple[float, int]:
    """Share of the page that its largest image covers, and the number of images."""
    width, height = page.get_size()
    shares = []
    for image in page.get_objects(filter=[_IMAGE], max_depth=5):
        left, bottom, right, top = image.get_bounds()
        shares.append((right - left) * (top - bottom) / max(1.0, width * height))
    return max(shares, default=0.0), len(shares)


def _title(document: Any, found: list[str]) -> str | None:
    stated = _PROGRAM_PREFIX.sub("", str(document.get_metadata_value("Title") or "").strip())
    opening = re.sub(r"\s", "", "".join(found[:10]))
    squeezed = re.sub(r"\s", "", stated)
    return stated if len(squeezed) >= 4 and squeezed in opening else None


def _nothing(name: str, pages: int, scanned: list[int], garbled: list[int]) -> str:
    if garbled:
        return f"《{name}》的文字是乱码（字体没有说明是什么字），请换一种方式导出，或做文字识别（OCR）后再上传。"
    if scanned:
        return f"《{name}》全部 {pages} 页都没有文字层，是扫描件，需要先做文字识别（OCR）再上传。"
    return f"《{name}》的 {pages} 页里没有任何文字，请检查文件内容。"


def _pages(numbers: list[int]) -> str:
    """`第 2—4、7 页`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "第 " + "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs) + " 页"
