"""OFD documents (GB/T 33190): text by its place on the page, templates once, stamps and invoices kept out."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from knowledge.errors import EmptyFile, ReadingError, UnsafeFile, UnsupportedFormat
from knowledge.parsing.loaders import read
from knowledge.parsing.outline import outline

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE = 5.0  # millimetres
TEXT = (
    "云栖市共享单车停放办法",
    "第一条　为了规范共享单车停放，制定本办法。",
    "第二条　单车应当停放在划定的区域内，每车占地不超过一点五平方米，由街道办事处会",
    "同城管部门划定区域。",
    "第三条　本办法自公布之日起施行。",
)


def text_object(text: str, top: float, left: float = 25.0, extra: str = "") -> str:
    steps = f"g {len(text) - 1} {SIZE}" if len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{left} {top} 160 8" Size="{SIZE}" {extra}>'
        f'<ofd:TextCode X="0" Y="{SIZE}" DeltaX="{steps}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def page(objects: Sequence[str], template: str = "") -> str:
    used = f'<ofd:Template TemplateID="{template}"/>' if template else ""
    layer = f'<ofd:Content><ofd:Layer ID="9">{"".join(objects)}</ofd:Layer></ofd:Content>'
    return f"<ofd:Page {NS}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>{used}{layer}</ofd:Page>"


def lines(texts: Sequence[str]) -> list[str]:
    return [text_object(text, 40 + 9 * number) for number, text in enumerate(texts)]


def saved(
    tmp_path: Path,
    documents: Sequence[Sequence[str]],
    parts: Mapping[str, str] | None = None,
    *,
    template: str = "",
    more: str = "",
    name: str = "公文.ofd",
) -> Path:
    """An OFD file of `documents`, each a sequence of pages; `more` goes into every Document.xml."""
    path = tmp_path / name
    bodies = "".join(
        f"<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_{number}/Document.xml</ofd:DocRoot></ofd:DocBody>"
        for number in range(len(documents))
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("OFD.xml", f'<ofd:OFD {NS} Version="1.0" DocType="OFD">{bodies}</ofd:OFD>')
        for number, pages in enumerate(documents):
            folder = f"Doc_{number}"
            listed = "".join(
                f'<ofd:Page ID="{100 + index}" BaseLoc="Pages/Page_{index}/Content.xml"/>'
                for index in range(len(pages))
            )
            package.writestr(
                f"{folder}/Document.xml",
                f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
                f"</ofd:PageArea>{template}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{more}</ofd:Document>",
            )
            for index, content in enumerate(pages):
                package.writestr(f"{folder}/Pages/Page_{index}/Content.xml", content)
        for part, content in (parts or {}).items():
            package.writestr(part, content)
    return path


def test_a_document_is_read_in_lines_and_articles(tmp_path: Path) -> None:
    source = read(saved(tmp_path, [[page(lines(TEXT))]]))
    assert source.text.split("\n")[0] == TEXT[0]
    assert TEXT[2] + TEXT[3] in source.text
    assert outline(source).articles == 3


def test_pieces_are_ordered_by_their_place_and_not_by_the_file(tmp_path: Path) -> None:
    objects = [text_object("后一行的话。", 60), text_object("二部分。", 50, 25 + SIZE * 3), text_object("第一行", 50)]
    assert read(saved(tmp_path, [[page(objects)]])).text == "第一行二部分。\n后一行的话。"


def test_cells_beside_each_other_make_rows(tmp_path: Path) -> None:
    cells = [("项目", "标准", "时间"), ("高龄津贴", "每月一百元", "每月底前"), ("临时救助", "一次六百元", "受理当日")]
    objects = [
        text_object(text, 60 + 10 * row, 25 + 55 * column)
        for row, texts in enumerate(cells)
        for column, text in enumerate(texts)
    ]
    source = read(saved(tmp_path, [[page([*lines([TEXT[2]]), *objects])]]))
    assert "高龄津贴 | 每月一百元 | 每月底前\n临时救助 | 一次六百元 | 受理当日" in source.text


def test_pages_and_documents_follow_each_other(tmp_path: Path) -> None:
    pages = [page(lines(["第一页的话。"])), page(lines(["第二页的话。"]))]
    source = read(saved(tmp_path, [pages, [page(lines(["另一份文件的话。"]))]]))
    assert source.text == "第一页的话。\n第二页的话。\n另一份文件的话。"
    assert "包里有 2 份文件，依次收入。" in source.notes


def test_a_template_is_read_where_it_is_first_used(tmp_path: Path) -> None:
    template = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    parts = {"Doc_0/Tpls/Tpl_0/Content.xml": page([text_object("云栖市城管局文件", 20)])}
    pages = [page(lines(["第一页的话。"]), "7"), page(lines(["第二页的话。"]), "7")]
    source = read(saved(tmp_path, [pages], parts, template=template))
    assert source.text.count("云栖市城管局文件") == 1
    assert any(piece.what == "各页重复的模板文字" for piece in source.left_out)


def test_stamps_and_watermarks_stay_out_and_typed_remarks_stay_in(tmp_path: Path) -> None:
    def annotation(kind: str, words: str, top: float) -> str:
        look = f'<ofd:Appearance Boundary="20 {top} 100 10">{text_object(words, 0)}</ofd:Appearance>'
        return f'<ofd:Annot ID="1" Type="{kind}">{look}</ofd:Annot>'

    words = annotation("Watermark", "内部资料", 100) + annotation("Text", "同意。", 200)
    parts = {
        "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {NS}><ofd:Page PageID="100"><ofd:FileLoc>Page_0.xml'
        "</ofd:FileLoc></ofd:Page></ofd:Annotations>",
        "Doc_0/Annots/Page_0.xml": f"<ofd:PageAnnot {NS}>{words}</ofd:PageAnnot>",
    }
    more = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    source = read(saved(tmp_path, [[page(lines(["正文一句。"]))]], parts, more=more))
    assert source.text == "正文一句。\n同意。"
    assert any("水印" in note and "内部资料" in note for note in source.notes)


def test_slanted_and_switched_off_text_is_not_the_body(tmp_path: Path) -> None:
    slanted = text_object("草稿", 100, extra='CTM="0.7 0.7 -0.7 0.7 0 0"')
    hidden = text_object("旧价九元。", 60, extra='Visible="false"')
    source = read(saved(tmp_path, [[page([*lines(["正文一句。"]), slanted, hidden])]]))
    assert source.text == "正文一句。"
    assert any("斜排的文字" in note for note in source.notes)


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        (["电子发票（普通发票）", "发票号码：0123", "价税合计（大写）壹佰元"], {}),
        (["任意文字。"], {"Doc_0/Attachs/original_invoice.xml": "<a/>"}),
    ],
)
def test_an_invoice_is_refused_with_a_sentence(tmp_path: Path, texts: list[str], parts: dict[str, str]) -> None:
    with pytest.raises(UnsupportedFormat, match="电子发票"):
        read(saved(tmp_path, [[page(lines(texts))]], parts))


def test_a_scan_without_text_is_reported(tmp_path: Path) -> None:
    picture = '<ofd:ImageObject ID="1" Boundary="0 0 210 297" ResourceID="2"/>'
    with pytest.raises(EmptyFile, match="OCR"):
        read(saved(tmp_path, [[page([picture])]]))


def test_what_is_no_ofd_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "假.ofd"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "x")
    with pytest.raises(UnsafeFile, match="不是 OFD"):
        read(path)


@pytest.mark.parametrize(
    "content",
    [
        "<ofd:Page>",
        f"<ofd:Page {NS}><ofd:TextObject Size='x'><ofd:TextCode>甲</ofd:TextCode></ofd:TextObject></ofd:Page>",
    ],
)
def test_a_damaged_page_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(ReadingError, match="公文"):
        read(saved(tmp_path, [[content]]))


def test_a_repetition_count_beyond_the_text_costs_nothing(tmp_path: Path) -> None:
    greedy = '<ofd:TextObject Boundary="9 9 9 9" Size="5"><ofd:TextCode DeltaX="g 999999999 5">甲乙。</ofd:TextCode></ofd:TextObject>'
    assert read(saved(tmp_path, [[page([greedy])]])).text == "甲乙。"
