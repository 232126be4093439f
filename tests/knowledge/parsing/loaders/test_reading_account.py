"""Text in and text out: every character that a file shows is in its canonical text or in a piece that was left out."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders import READABLE, read
from knowledge.parsing.loaders.canonical import clean
from knowledge.parsing.loaders.encoding import decode

CASES = Path(__file__).resolve().parents[4].parent / "shared" / "cases"
FILES = sorted(path for path in CASES.glob("files*/*") if path.suffix in READABLE)
pytestmark = pytest.mark.skipif(not FILES, reason="the shared cases are not here")

_WORDS = re.compile(r"<(?:w:t|w:delText|m:t|a:t)(?: [^>]*)?>([^<]*)<|<v:textpath [^>]*string=\"([^\"]*)\"")
_HAN = re.compile(r"[\u3400-\u9fff]")


def shown(path: Path) -> str:
    """The words of a file, found without its reader."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            parts = [package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".xml")]
        return "".join("".join(found) for part in parts for found in _WORDS.findall(part.split("<mc:Fallback>")[0]))
    if path.suffix in (".html", ".htm"):
        from bs4 import BeautifulSoup

        soup = BeautifulSoup(path.read_bytes(), "lxml")
        for tag in soup(["script", "style", "title", "head"]):
            tag.decompose()
        return soup.get_text()
    if path.suffix == ".pdf":
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        return "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"<!--.*?-->|<[^<>]*>", "", decode(path.read_bytes(), path.name), flags=re.DOTALL)


def _read(path: Path) -> SourceText | str:
    try:
        return read(path)
    except ReadingError as error:
        return str(error)


def test_no_character_of_a_file_goes_without_a_word() -> None:
    assert {path.name: lost for path in FILES if (lost := _lost(path))} == {}


def _lost(path: Path) -> str:
    """The characters that are neither text nor left out; a file that is refused is refused with a sentence."""
    source = _read(path)
    if isinstance(source, str):
        return "" if source.endswith("。") else source
    told = source.text + "".join(piece.text for piece in source.left_out)
    return "".join((Counter(_HAN.findall(clean(shown(path)))) - Counter(_HAN.findall(told))).elements())
