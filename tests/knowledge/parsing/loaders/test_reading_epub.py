"""Electronic books: chapters in the order of the spine, each read as the web page that it is."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.errors import EncryptedFile, UnsafeFile
from knowledge.parsing.loaders import read

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def chapter(title: str, *lines: str) -> str:
    words = "".join(f"<p>{line}</p>" for line in lines)
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>整本书</title>'
        f'<script src="a.js"/></head><body><h1><a id="x"/>{title}</h1>{words}</body></html>'
    )


def saved(tmp_path: Path, chapters: Sequence[str], order: Sequence[int], extra: str = "", locked: str = "") -> Path:
    path = tmp_path / "读本.epub"
    items = "".join(
        f'<item id="c{number}" href="text/c%20{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in order)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/epub+zip")
        package.writestr("META-INF/container.xml", CONTAINER)
        package.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata><dc:title>办事读本</dc:title></metadata><manifest>{items}{extra}</manifest>"
            f"<spine>{spine}</spine></package>",
        )
        for number, content in enumerate(chapters):
            package.writestr(f"OEBPS/text/c {number}.xhtml", content)
        if locked:
            package.writestr(
                "META-INF/encryption.xml",
                f'<encryption xmlns:enc="urn:e"><enc:EncryptedData><enc:CipherReference URI="{locked}"/></enc:EncryptedData></encryption>',
            )
    return path


def test_chapters_follow_the_spine_with_their_headings(tmp_path: Path) -> None:
    chapters = [chapter("第二章 领证", "凭回执领取证件。"), chapter("第一章 取号", "先到窗口取号。", "再交材料。")]
    source = read(saved(tmp_path, chapters, [1, 0]))
    assert source.title == "办事读本"
    assert source.text == "第一章 取号\n先到窗口取号。\n再交材料。\n第二章 领证\n凭回执领取证件。"
    assert [source.text[one.start : one.end] for one in source.headings] == ["第一章 取号", "第二章 领证"]


def test_the_table_of_contents_is_left_out_with_a_word(tmp_path: Path) -> None:
    chapters = [chapter("目录", "取号"), chapter("取号", "先到窗口取号。")]
    path = saved(tmp_path, chapters, [0, 1])
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["OEBPS/book.opf"] = parts["OEBPS/book.opf"].replace(b'id="c0"', b'id="c0" properties="nav"')
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    source = read(path)
    assert source.text == "取号\n先到窗口取号。"
    assert any("略去目录" in note for note in source.notes)


def test_a_note_is_called_a_note_and_what_the_books_style_sheet_hides_is_left_out(tmp_path: Path) -> None:
    aside = '<aside xmlns:epub="http://www.idpf.org/2007/ops" epub:type="footnote"><p>回执以窗口盖章为准。</p></aside>'
    content = chapter("第一章 取号", "先到窗口取号。").replace("</body>", f'<p class="hid">排版备注</p>{aside}</body>')
    content = content.replace("</head>", '<link rel="stylesheet" href="../book%20a.css"/></head>').replace(
        '<script src="a.js"/>', ""
    )
    path = saved(tmp_path, [content], [0])
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("OEBPS/book a.css", ".hid > p, .hid { display: none; }")
    source = read(path)
    assert source.text == "第一章 取号\n先到窗口取号。"
    assert source.notes == ("略去隐藏的文字 1 处：“排版备注”。", "略去脚注 1 条：“回执以窗口盖章为准。”。")


def test_a_locked_book_is_refused_and_a_locked_font_is_not(tmp_path: Path) -> None:
    chapters = [chapter("取号", "先到窗口取号。")]
    assert "先到窗口取号。" in read(saved(tmp_path, chapters, [0], locked="OEBPS/a.ttf")).text
    with pytest.raises(EncryptedFile, match="版权保护"):
        read(saved(tmp_path, chapters, [0], locked="OEBPS/text/c 0.xhtml"))


def test_what_is_no_book_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "假.epub"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "x")
    with pytest.raises(UnsafeFile, match="不是 EPUB"):
        read(path)
