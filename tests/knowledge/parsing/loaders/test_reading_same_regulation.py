"""One regulation in every format that offices use gives one canonical text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from regulation_files import CHAPTERS, LINES, TITLE, gb18030, markdown, numbered_word, web_page, word

from knowledge.parsing.loaders import READABLE, read

FILES: dict[str, Callable[[Path], bytes]] = {
    "办法.md": lambda _: markdown(),
    "办法.txt": lambda _: gb18030(),
    "办法.html": lambda _: web_page(),
    "办法.docx": lambda folder: word(folder / "made.docx"),
    "自动编号.docx": lambda folder: numbered_word(folder / "made.docx"),
}


@pytest.fixture(params=sorted(FILES))
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    path.write_bytes(FILES[request.param](tmp_path))
    return path


def test_every_format_gives_the_same_lines(path: Path) -> None:
    assert read(path).text.split("\n") == list(LINES)


def test_the_title_is_taken_from_the_markup(path: Path) -> None:
    assert read(path).title == (None if path.suffix == ".txt" else TITLE)


def test_headings_point_at_the_words_they_name(path: Path) -> None:
    source = read(path)
    words = [source.text[heading.start : heading.end] for heading in source.headings]
    assert words == {".txt": [], ".html": [TITLE]}.get(path.suffix, [TITLE, *CHAPTERS])


def test_nothing_of_the_page_around_the_document_comes_in(path: Path) -> None:
    text = read(path).text
    for leftover in (
        "首页",
        "当前位置",
        "浏览次数",
        "打印",
        "分享",
        "推荐阅读",
        "版权所有",
        "上一篇",
        "脚本",
        "来源",
        "INFO",
    ):
        assert leftover not in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_does_not_change_the_text(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "办法.txt"
    path.write_bytes("\r\n".join(LINES).encode(encoding))
    assert read(path).text.split("\n") == list(LINES)


def test_traditional_text_in_big5_stays_traditional(tmp_path: Path) -> None:
    path = tmp_path / "辦法.txt"
    path.write_bytes(
        "第一條　為了規範圖書借閱，方便幹部學習，制定本辦法。\n第二條　本辦法自發布之日起施行。".encode("big5")
    )
    assert read(path).text.startswith("第一條　為了規範圖書借閱")


def test_readable_formats_are_named_with_their_dot() -> None:
    assert {".md", ".txt", ".html", ".htm", ".docx", ".pdf", ".doc", ".wps"} <= READABLE
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in READABLE)


def test_a_suffix_in_capitals_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "办法.TXT"
    path.write_text(LINES[3], encoding="utf-8")
    assert read(path).text == LINES[3]
