"""Every file of the shared corpus, as it comes."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from knowledge.parsing.loaders import read
from knowledge.parsing.loaders.pdf import ocr

SHARED = Path(__file__).resolve().parents[5] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not here")
OFFICIAL = sorted((SHARED / "official").rglob("*.md"))
PAGES = sorted((SHARED / "formats").glob("*.html"))
# Words of navigation, share bars and footers of the real pages.
NAVIGATION = (
    "首页",
    "当前位置",
    "公共文件夹",
    "上一篇",
    "下一篇",
    "推荐阅读",
    "版权所有",
    "Copyright",
    "点击数",
    "打印正文",
    "怀旧网站",
)


def test_all_official_documents_are_read_in_a_few_seconds() -> None:
    started = time.perf_counter()
    sources = [read(path) for path in OFFICIAL]
    assert len(sources) >= 134
    assert time.perf_counter() - started < 20
    for path, source in zip(OFFICIAL, sources, strict=True):
        lines = source.text.split("\n")
        assert source.title, path
        assert all(line and line == line.strip(" \u3000\t") for line in lines), path
        assert not re.search(r"<!--|\*\*|\\\||\{html\}|\u200b|&nbsp;", source.text), path
        assert not any(
            re.fullmatch(r"第[一二三四五六七八九十百]+条|[一二三四五六七八九十]+、", line) for line in lines
        ), path


def test_no_wording_of_an_official_document_is_lost() -> None:
    """What a file has and the text has not is markup, tables' borders or what a web page left behind."""
    for path in OFFICIAL:
        words = re.sub(r"<!--.*?-->|^\s*#+|\*\*|[-|^\\\s\u200b]", "", path.read_text("utf-8-sig"), flags=re.MULTILINE)
        kept = re.sub(r"[-|^\\\s]", "", read(path).text)
        assert len(kept) >= 0.985 * len(words) - 80, path


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_navigation_of_real_pages_stays_out(path: Path) -> None:
    source = read(path)
    assert not [word for word in NAVIGATION if word in source.text]
    assert len(source.text) > 1_000
    assert source.title


def test_a_page_and_the_markdown_of_the_same_regulation_have_the_same_articles() -> None:
    def articles(path: Path) -> list[str]:
        return [line for line in re.sub(r"[ \u3000]", "", read(path).text).split("\n") if re.match(r"第.{1,5}条", line)]

    for page, twin in (("html_10167*", "*党员教育管理工作条例.md"), ("html_9643*", "*干部人事档案工作条例.md")):
        page_path, twin_path = next((SHARED / "formats").glob(page)), next((SHARED / "official").rglob(twin))
        assert articles(page_path) == articles(twin_path)
        assert len(articles(page_path)) == 46


def test_the_page_of_the_real_pdf_without_a_text_layer_is_reported() -> None:
    source = read(SHARED / "formats" / "jubao.pdf")
    assert any("第 5 页没有文字层" in note for note in source.notes)
    assert source.text.startswith("举报材料模板一\n")
    assert source.text.count("\n注意事项：\n") == 3


@pytest.mark.slow
@pytest.mark.skipif(not ocr.available(), reason="RapidOCR is an extra")
def test_a_scan_is_read_when_ocr_is_installed_and_says_so(tmp_path: Path) -> None:
    import pypdfium2

    page = pypdfium2.PdfDocument(SHARED / "formats" / "jubao.pdf")[2]
    scan = tmp_path / "扫描.pdf"
    page.render(scale=200 / 72).to_pil().convert("L").save(scan, resolution=200)
    source = read(scan)
    assert "2017年×月×日" in source.text
    assert any("OCR 识别" in note for note in source.notes)
