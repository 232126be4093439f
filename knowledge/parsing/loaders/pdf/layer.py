"""Reading .pdf: the text layer, its lines put together into paragraphs; pages without one are reported."""

from __future__ import annotations

import re
import threading
from typing import Any

from knowledge.errors import EmptyFile, EncryptedFile, ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.pdf import ocr
from knowledge.parsing.loaders.pdf.lines import Line, Page, paragraphs

_ONE_AT_A_TIME = threading.Lock()  # pdfium is not thread-safe
_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SCAN_SHARE = 0.5  # share of the page that an image must cover to be a scan
_SCAN_WORDS = 30  # characters; a scanned page may carry a page number or a stamp as text
_GAP = 0.45  # em; a wider space was typed
_PROGRAM_PREFIX = re.compile(r"^Microsoft (?:Word|PowerPoint) - |\.(?:docx?|wps|pdf)$", re.IGNORECASE)


def read_pdf(data: bytes, name: str) -> SourceText:
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
                raise EncryptedFile(f"《{name}》加了密码，请去掉密码后再上传。") from error
            raise ReadingError(f"《{name}》已损坏，打不开，请重新导出或下载后再上传。") from error
        try:
            return _read(document, name)
        except pypdfium2.PdfiumError as error:
            raise ReadingError(f"《{name}》的内容已损坏，读不完整，请重新导出或下载后再上传。") from error
        finally:
            document.close()


def _read(document: Any, name: str) -> SourceText:
    pages: list[Page] = []
    scanned: list[int] = []
    blank: list[int] = []
    recognised: list[int] = []
    images = 0
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        lines = _lines(page)
        covered, count = _images(page)
        words = sum(len(line.text.replace(" ", "")) for line in lines)
        if words == 0 or (covered >= _SCAN_SHARE and words < _SCAN_WORDS):
            seen = ocr.recognise(page) if count else None
            if seen:
                lines = seen
                recognised.append(number)
            else:
                (scanned if count else blank).append(number)
        else:
            images += count
        pages.append(Page(tuple(lines), *page.get_size()))
        page.close()
    account = Account()
    found = paragraphs(pages, account)
    if not found:
        raise EmptyFile(_nothing(name, len(pages), scanned))
    notes = []
    if scanned:
        notes.append(f"{_pages(scanned)}没有文字层，是扫描图像，没有收入，需要文字识别（OCR）。")
    if blank:
        notes.append(f"{_pages(blank)}没有文字层，也没有图像，没有内容可收入。")
    if recognised:
        notes.append(f"{_pages(recognised)}是扫描图像，文字由 OCR 识别，请对照原件核对。")
    for _ in range(images):
        account.leave("图片")
    return compose(
        (Paragraph(text) for text in found),
        title=_title(document, found),
        notes=notes,
        left_out=account.pieces,
        origin="paper",
    )


def _lines(page: Any) -> list[Line]:
    """Lines of the text layer in the order of the file."""
    import pypdfium2.raw as pdfium

    textpage = page.get_textpage()
    handle = textpage.raw
    codes = [pdfium.FPDFText_GetUnicode(handle, index) for index in range(textpage.count_chars())]
    lines: list[Line] = []
    start = 0
    for end in range(len(codes) + 1):
        if end < len(codes) and codes[end] not in (0x0A, 0x0D):
            continue
        inked = [index for index in range(start, end) if codes[index] > 0x20 and codes[index] != 0x3000]
        if inked:
            left, bottom, _, top = textpage.get_charbox(inked[0])
            _, _, right, _ = textpage.get_charbox(inked[-1])
            kept = [index for index in range(inked[0], inked[-1] + 1) if not _is_gap(textpage, codes, index)]
            units = "".join(map(chr, (codes[index] for index in kept)))
            # Characters beyond U+FFFF come as surrogate pairs.
            text = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            lines.append(Line(text, left, right, (top + bottom) / 2))
        start = end + 1
    textpage.close()
    return lines


def _is_gap(textpage: Any, codes: list[int], index: int) -> bool:
    """Whether a space is only the narrow gap that typesetting puts between Chinese and Latin characters."""
    import pypdfium2.raw as pdfium

    if codes[index] != 0x20 or pdfium.FPDFText_IsGenerated(textpage.raw, index) != 1:
        return False
    if (codes[index - 1] >= 0x2E80) == (codes[index + 1] >= 0x2E80):
        return False
    before, after = textpage.get_charbox(index - 1, loose=True), textpage.get_charbox(index + 1, loose=True)
    return bool(after[0] - before[2] < _GAP * (before[3] - before[1]))


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


def _nothing(name: str, pages: int, scanned: list[int]) -> str:
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
