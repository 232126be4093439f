"""Slides: their order, titles as headings, tables by rows, notes under their name, hidden ones reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.util import Inches

from knowledge.errors import ReadingError, UnsafeFile
from knowledge.model import SourceText
from knowledge.parsing.loaders import read


def saved(deck: Any, tmp_path: Path) -> SourceText:
    deck.save(tmp_path / "课件.pptx")
    return read(tmp_path / "课件.pptx")


def slide(deck: Any, title: str, *lines: str) -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[1])
    made.shapes.title.text = title
    made.placeholders[1].text_frame.text = "\n".join(lines)
    return made


def test_titles_are_headings_over_the_words_of_their_slide(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide(deck, "青禾县办事培训", "主讲：政务办")
    slide(deck, "怎样办证", "先取号。", "再交材料。")
    source = saved(deck, tmp_path)
    assert source.title == "青禾县办事培训"
    assert source.text == "青禾县办事培训\n主讲：政务办\n怎样办证\n先取号。\n再交材料。"
    assert [source.text[one.start : one.end] for one in source.headings] == ["青禾县办事培训", "怎样办证"]


def test_slides_are_read_in_the_order_of_the_deck_and_hidden_ones_reported(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide(deck, "第二讲", "后讲的。")
    slide(deck, "第一讲", "先讲的。")
    hidden = slide(deck, "备用", "不讲的。")
    order = deck.slides._sldIdLst
    order.insert(0, order[1])
    hidden._element.set("show", "0")
    source = saved(deck, tmp_path)
    assert source.text == "第一讲\n先讲的。\n第二讲\n后讲的。"
    assert any("隐藏的幻灯片 1 处" in note and "不讲的" in note for note in source.notes)


def test_tables_are_read_by_rows_with_the_labels_of_merged_cells(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    made = slide(deck, "标准", "见表。")
    table = made.shapes.add_table(3, 2, Inches(1), Inches(1), Inches(4), Inches(2)).table
    for row, words in enumerate((("类别", "标准"), ("粮食", "八十元"), ("", "九十元"))):
        for column, text in enumerate(words):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert "类别 | 标准\n粮食 | 八十元\n粮食 | 九十元" in saved(deck, tmp_path).text


def test_notes_come_under_their_name_and_groups_are_read(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    made = slide(deck, "要点", "一句话。")
    made.notes_slide.notes_text_frame.text = "讲慢一点。"
    group = made.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "组里的话。"
    assert saved(deck, tmp_path).text == "要点\n一句话。\n组里的话。\n备注：讲慢一点。"


def test_automatic_numbers_are_written_out(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    made = slide(deck, "步骤", "取号。", "交材料。")
    for paragraph in made.placeholders[1].text_frame.paragraphs:
        properties = paragraph._p.get_or_add_pPr()
        numbered = properties.makeelement(properties.tag.replace("pPr", "buAutoNum"), {"type": "ea1ChsPeriod"})
        properties.append(numbered)
    assert saved(deck, tmp_path).text == "步骤\n一、取号。\n二、交材料。"


def test_page_numbers_and_pictures_are_left_out_with_a_word(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    made = slide(deck, "要点", "一句话。")
    holder = made.placeholders[1]._element
    foot = made.shapes.add_textbox(0, 0, 100, 100)
    foot.text_frame.text = "7"
    place = foot._element.find(".//{*}nvPr")
    place.append(holder.makeelement(holder.find(".//{*}ph").tag, {"type": "sldNum"}))
    source = saved(deck, tmp_path)
    assert source.text == "要点\n一句话。"
    assert any(piece.what == "页码" for piece in source.left_out)


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"not a package"])
def test_what_is_no_deck_is_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "坏.pptx"
    path.write_bytes(data)
    with pytest.raises(ReadingError, match="坏"):
        read(path)


def test_a_word_file_under_the_name_is_refused(tmp_path: Path) -> None:
    import docx

    docx.Document().save(str(tmp_path / "文.pptx"))
    with pytest.raises(UnsafeFile, match="不是 PPT"):
        read(tmp_path / "文.pptx")
