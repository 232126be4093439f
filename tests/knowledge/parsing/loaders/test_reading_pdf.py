"""PDF: paragraphs by margins and indents; pages without a text layer are reported, never indexed as empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from regulation_files import pdf

from knowledge.errors import EmptyFile
from knowledge.parsing.loaders import read

LEFT, INDENT, EM, TOP = 90.0, 118.0, 14.0, 740.0
WIDE = 30  # characters of a full line
FIRST = (
    "第一条　为了规范机关图书室借阅工作，方便干部读书学习，提高图书使用效益，根据有关规定，结合本单位实际，制定本办法。"
)
SECOND = "第二条　本办法适用于机关图书室的借阅、归还和赔偿，图书室应当为干部借阅图书提供方便，不得收取任何费用。"


def lines(*paragraphs: str, top: float = TOP) -> list[tuple[float, float, str]]:
    """Paragraphs set like an official document: first line indented by two characters, thirty to a line."""
    set_lines: list[tuple[float, float, str]] = []
    for paragraph in paragraphs:
        pieces = [paragraph[: WIDE - 2], *(paragraph[i : i + WIDE] for i in range(WIDE - 2, len(paragraph), WIDE))]
        for number, piece in enumerate(pieces):
            set_lines.append((LEFT if number else INDENT, top - 28 * len(set_lines), piece))
    return set_lines


def saved(data: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "文件.pdf"
    path.write_bytes(data)
    return path


def test_lines_are_joined_into_paragraphs(tmp_path: Path) -> None:
    assert read(saved(pdf([lines(FIRST, SECOND)]), tmp_path)).text == f"{FIRST}\n{SECOND}"


def test_a_paragraph_goes_on_over_a_page_and_its_running_heads_and_page_numbers(tmp_path: Path) -> None:
    whole = lines(FIRST, SECOND)
    pages = [
        [(220.0, 800.0, "青石市机关图书室制度汇编"), *part, (280.0, 40.0, f"— {number} —")]
        for number, part in enumerate((whole[:3], [(x, y + 84, text) for x, y, text in whole[3:]], lines(FIRST)), 1)
    ]
    assert read(saved(pdf(pages), tmp_path)).text == f"{FIRST}\n{SECOND}\n{FIRST}"


def test_a_last_line_of_one_character_is_read_though_nobody_has_the_font(tmp_path: Path) -> None:
    longer = SECOND[:-1] + "，借阅证由图书室统一制发。"
    paragraphs = [FIRST, longer[: WIDE * 2 - 2] + "。"]
    assert [len(text) for _, _, text in lines(*paragraphs)][-1] == 1
    assert read(saved(pdf([lines(*paragraphs)]), tmp_path)).text == "\n".join(paragraphs)


def test_a_large_title_that_nearly_fills_its_line_is_not_joined_with_the_first_article(tmp_path: Path) -> None:
    name = "青石市机关图书室图书借阅管理实施办法"
    page = [(150.0, TOP + 40, name), *lines(FIRST, SECOND)]
    assert read(saved(pdf([page], title=18), tmp_path)).text == f"{name}\n{FIRST}\n{SECOND}"


def test_a_signature_on_the_right_is_not_joined(tmp_path: Path) -> None:
    body = [*lines(FIRST), (360.0, 600.0, "青石市机关事务中心"), (388.0, 572.0, "二〇二一年四月一日")]
    assert read(saved(pdf([body]), tmp_path)).text.split("\n") == [FIRST, "青石市机关事务中心", "二〇二一年四月一日"]


def test_a_scanned_page_is_reported_and_never_indexed_as_empty(tmp_path: Path) -> None:
    data = pdf([lines(FIRST), [], lines(SECOND), [(280.0, 40.0, "4")], []], images=(2, 4))
    source = read(saved(data, tmp_path))
    assert source.text == f"{FIRST}\n{SECOND}"
    assert source.notes == (
        "第 2、4 页没有文字层，是扫描图像，没有收入，需要文字识别（OCR）。",
        "第 5 页没有文字层，也没有图像，没有内容可收入。",
        "略去页码 1 处。",
    )


@pytest.mark.parametrize(("images", "said"), [((1, 2), "扫描件.*OCR"), ((), "没有任何文字")])
def test_a_file_of_scanned_or_blank_pages_only_is_refused(images: tuple[int, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match=said):
        read(saved(pdf([[], []], images=images), tmp_path))
