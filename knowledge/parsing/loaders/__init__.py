"""Reading files: `read(path)` gives the canonical text of one file, whatever its format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from knowledge.errors import EmptyFile, UnsafeFile, UnsupportedFormat
from knowledge.model import SourceText
from knowledge.parsing.loaders import safety

__all__ = ["READABLE", "check_name", "is_archive", "read"]

MAX_CHARACTERS = 20_000_000


def read(path: Path) -> SourceText:
    """Canonical text, headings, title and notes of a file.

    Raises the ReadingError family, each with one sentence for the user: UnsupportedFormat, EncryptedFile,
    EmptyFile (0 bytes, no words, only scanned pages), UnsafeFile (disguised, too big, a zip bomb).
    """
    path = Path(path)
    if path.is_file():
        check_name(path.name)
    data = safety.load(path)  # refuses what is not a file
    source = _READERS[path.suffix.lower()](data, path.name)
    if not source.text:
        raise EmptyFile(f"《{path.name}》里没有可以读取的文字，请检查文件内容。")
    if len(source.text) > MAX_CHARACTERS:
        raise UnsafeFile(
            f"《{path.name}》有 {len(source.text):,} 字，超过 {MAX_CHARACTERS:,} 字的上限，请拆分后再上传。"
        )
    return source


def check_name(name: str) -> None:
    """Raises UnsupportedFormat for the name of a file that no reader takes."""
    suffix = Path(name).suffix
    if suffix.lower() not in READABLE:
        if is_archive(name):
            raise UnsupportedFormat(
                f"《{name}》是压缩包，不是一份文件；请用 xuesi kb add 或网页导入，里面的文件会逐份读入。"
            )
        known = "、".join(sorted(READABLE | ARCHIVES))
        raise UnsupportedFormat(f"不能读取《{name}》：不支持 {suffix or '没有扩展名的文件'}，可以读取的有 {known}。")


def is_archive(name: str) -> bool:
    """Whether a file of this name is no document itself but holds some."""
    return Path(name).suffix.lower() in ARCHIVES


# Each reader is imported when it is first needed: lxml and pdfium would slow down every start.


def _markdown(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.plain_text.markdown import read_markdown

    return read_markdown(data, name)


def _plain(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.plain_text.plain import read_plain

    return read_plain(data, name)


def _html(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.html.page import read_html

    return read_html(data, name)


def _docx(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.word.docx import read_docx

    return read_docx(data, name)


def _pdf(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.pdf.layer import read_pdf

    return read_pdf(data, name)


def _office(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.word.office import read_office

    return read_office(data, name)


def _xlsx(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.sheets.xlsx import read_xlsx

    return read_xlsx(data, name)


def _xls(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.sheets.xls import read_xls

    return read_xls(data, name)


def _csv(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.sheets.delimited import read_csv

    return read_csv(data, name)


def _pptx(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.packages.slides import read_pptx

    return read_pptx(data, name)


def _ofd(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.packages.ofd import read_ofd

    return read_ofd(data, name)


def _eml(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.packages.mail import read_eml

    return read_eml(data, name)


def _mht(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.packages.mail import read_mht

    return read_mht(data, name)


def _epub(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.packages.epub import read_epub

    return read_epub(data, name)


def _odt(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.packages.odt import read_odt

    return read_odt(data, name)


def _rtf(data: bytes, name: str) -> SourceText:
    from knowledge.parsing.loaders.word.rtf import read_rtf

    return read_rtf(data, name)


_READERS: dict[str, Callable[[bytes, str], SourceText]] = {
    ".txt": _plain,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".docx": _docx,
    ".pdf": _pdf,
    ".doc": _office,
    ".wps": _office,
    ".xlsx": _xlsx,
    ".xlsm": _xlsx,
    ".xls": _xls,
    ".et": _xls,
    ".csv": _csv,
    ".docm": _docx,
    ".dotx": _docx,
    ".pptx": _pptx,
    ".ppsx": _pptx,
    ".ofd": _ofd,
    ".eml": _eml,
    ".mht": _mht,
    ".mhtml": _mht,
    ".epub": _epub,
    ".odt": _odt,
    ".rtf": _rtf,
}
READABLE: frozenset[str] = frozenset(_READERS)
#: Files that are no documents themselves but hold some.
ARCHIVES: frozenset[str] = frozenset({".zip"})
