"""Scanned pages with RapidOCR (make ocr): their words are read and marked; skipped where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import NO_REGISTER, open_library

from assistant.web.reader.held import recognised
from knowledge.knowledge_base import KnowledgeBase
from knowledge.parsing.loaders.pdf import ocr

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")
TEXT = (
    "青禾县图书室管理办法",
    "第一条　为了方便群众借阅图书，制定本办法。",
    "第二条　读者一次可以借阅图书三册，借期三十日。",
    "第三条　图书室周一闭馆，其余时间上午九时开放。",
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ocr.available(), reason="make ocr was not run"),
    pytest.mark.skipif(not FONT.exists(), reason="no Chinese font to draw a page with"),
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data", register=NO_REGISTER)
    yield made
    made.close()


def scan(tmp_path: Path) -> Path:
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (1654, 2339), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT), 46)
    for number, line in enumerate(TEXT):
        pen.text((180 if number else 600, 200 + 100 * number), line, fill=0, font=font)
    page.save(tmp_path / "扫描.pdf", resolution=200)
    return tmp_path / "扫描.pdf"


def test_a_scanned_page_is_read_in_its_process_and_marked(library: KnowledgeBase, tmp_path: Path) -> None:
    [added] = library.add([scan(tmp_path)], publish=True)
    assert added.error is None
    assert (added.title, added.articles) == (TEXT[0], 3)
    document = library.document(added.document_id or 0)
    assert "读者一次可以借阅图书三册" in library.text(document.version_id)
    assert (recognised(library, document, document.version_id) or "").startswith("识别文字：第 1 页")
