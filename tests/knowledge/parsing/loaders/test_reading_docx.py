"""Word documents: order, automatic numbers, and what is left out with a note."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from regulation_files import add_list, number_by_word

from knowledge.parsing.loaders import read
from knowledge.parsing.loaders.numbering import ordinal

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360f8ffff3f0005fe02fea7"
    "3581840000000049454e44ae426082".replace(" ", "")
)


def saved(document: Any, tmp_path: Path) -> Path:
    path = tmp_path / "文件.docx"
    document.save(str(path))
    return path


def test_paragraphs_and_tables_come_in_the_order_of_the_page(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("标准见下表：")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("级别", "标准", "处级", "12"), strict=True
    ):
        cell.text = text
    document.add_paragraph("以上单位为平方米。")
    source = read(saved(document, tmp_path))
    assert source.text == "标准见下表：\n级别 | 标准\n处级 | 12\n以上单位为平方米。"
    assert any("表格 1 处" in note for note in source.notes)


def test_a_frame_of_one_cell_is_text_and_no_table(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "青石市机关事务中心文件"
    document.add_paragraph("正文。")
    source = read(saved(document, tmp_path))
    assert source.text == "青石市机关事务中心文件\n正文。"
    assert source.notes == ()


def test_deleted_text_is_left_out_and_inserted_text_is_in(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("每次不超过")
    for tag, kind, text in (("del", "delText", "五"), ("ins", "t", "三")):
        paragraph._p.append(
            parse_xml(
                f'<w:{tag} {nsdecls("w")} w:id="1" w:author="甲"><w:r><w:{kind}>{text}</w:{kind}></w:r></w:{tag}>'
            )
        )
    paragraph.add_run("册。")
    source = read(saved(document, tmp_path))
    assert source.text == "每次不超过三册。"
    assert any("修订" in note for note in source.notes)


def test_images_footnotes_and_field_codes_are_left_out(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    paragraph.add_run().add_picture(io.BytesIO(PIXEL))
    for inner in (
        '<w:footnoteReference w:id="2"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        "<w:ruby><w:rt><w:r><w:t>lù</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>勠</w:t></w:r></w:rubyBase></w:ruby>",
        "<w:t>力。</w:t>",
    ):
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{inner}</w:r>"))
    source = read(saved(document, tmp_path))
    assert source.text == "正文勠力。"
    assert source.notes == ("略去图片 1 幅。", "略去脚注和尾注 1 条。")


def test_text_boxes_content_controls_and_links_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("依照")
    paragraph._p.append(
        parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="a"><w:r><w:t>某办法</w:t></w:r></w:hyperlink>')
    )
    box = "<w:txbxContent><w:p><w:r><w:t>框内文字。</w:t></w:r></w:p></w:txbxContent>"
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    document.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件内文字。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    assert read(saved(document, tmp_path)).text == "依照某办法\n框内文字。\n控件内文字。"


def test_headings_come_from_styles_and_outline_levels(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("某办法", style="Title")
    document.add_heading("第一章 总则", level=1)
    outlined = document.add_paragraph("第一节 范围")
    outlined._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>'))
    document.add_heading("一整段误用了标题样式的正文，以句号结尾。", level=2)
    source = read(saved(document, tmp_path))
    assert source.title == "某办法"
    assert [(source.text[one.start : one.end], one.level) for one in source.headings] == [
        ("某办法", 1),
        ("第一章 总则", 1),
        ("第一节 范围", 2),
    ]


@pytest.mark.parametrize(
    ("stated", "title"), [("图书借阅办法", "图书借阅办法"), ("去年的模板文件", None), ("Word 文档", None)]
)
def test_the_title_property_counts_only_when_the_text_agrees(stated: str, title: str | None, tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = stated
    document.add_paragraph("图书借阅办法")
    assert read(saved(document, tmp_path)).title == title


def test_numbers_start_again_below_a_new_parent_and_levels_show_each_other(tmp_path: Path) -> None:
    document = docx.Document()
    numbers = add_list(document, (("chineseCounting", "%1、", "1"), ("decimal", "%2.", "1"), ("decimal", "%2.%3", "1")))
    for text, level in (("甲", 0), ("乙", 1), ("丙", 1), ("丁", 2), ("戊", 0), ("己", 1)):
        number_by_word(document.add_paragraph(text), numbers, level)
    assert read(saved(document, tmp_path)).text.split("\n") == ["一、甲", "1.乙", "2.丙", "2.1丁", "二、戊", "1.己"]


def test_bullets_are_no_wording(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("做到有话则长。", style="List Bullet")
    assert read(saved(document, tmp_path)).text == "做到有话则长。"


def test_a_numbered_style_numbers_its_paragraphs(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("精简文件。", "改进会议。"):
        document.add_paragraph(text, style="List Number")
    assert read(saved(document, tmp_path)).text == "1.精简文件。\n2.改进会议。"


@pytest.mark.parametrize(
    ("number", "style", "written"),
    [
        (101, "chineseCountingThousand", "一百零一"),
        (12, "chineseCounting", "十二"),
        (20, "decimalEnclosedCircle", "⑳"),
        (3, "chineseLegalSimplified", "叁"),
        (4, "ideographTraditional", "丁"),
        (28, "lowerLetter", "bb"),
        (1994, "upperRoman", "MCMXCIV"),
        (10, "decimalFullWidth", "１０"),
        (7, "decimalZero", "07"),
        (5, "bullet", ""),
        (9, "someFutureStyle", "9"),
    ],
)
def test_number_formats_are_written_as_word_writes_them(number: int, style: str, written: str) -> None:
    assert ordinal(number, style) == written
