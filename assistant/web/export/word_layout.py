"""The layout of GB/T 9704-2012 for a Word file: A4, 22 lines of 28 characters, 仿宋三号, 小标宋二号, page numbers — 1 —."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor

from assistant.web.export.sheet import Kind

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import _Footer
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Row

BODY, SONG, HEI, KAI, TITLE_FONT = "仿宋_GB2312", "宋体", "黑体", "楷体_GB2312", "方正小标宋简体"
#: What to use where a font is not installed; the first that is there is taken.
_INSTEAD = {
    BODY: "仿宋;FangSong;STFangsong;华文仿宋;Noto Serif CJK SC",
    KAI: "楷体;KaiTi;STKaiti;华文楷体;Noto Serif CJK SC",
    TITLE_FONT: "小标宋;华文中宋;STZhongsong;宋体;SimSun;Noto Serif CJK SC",
    HEI: "SimHei;Noto Sans CJK SC",
    SONG: "SimSun;Noto Serif CJK SC",
}
_LATIN = "Times New Roman"

_SIZE = Pt(16)  # 三号
_LINE = Pt(28.95)  # 22 lines in 225 mm
_PITCH = 579  # the same in twentieths of a point
_NARROWER = (
    -5
)  # 28 characters of 三号 in 156 mm, in twentieths of a point; a grid of characters LibreOffice sets too wide

TITLE, BYLINE, LABEL, CELL, CELL_LABEL = "Title", "学思署名", "学思标签", "学思表格", "学思表头"
NOTE_TEXT, NOTE_MARK = "footnote text", "footnote reference"
NOTE_TEXT_ID, NOTE_MARK_ID = "FootnoteText", "FootnoteReference"
STYLES: Mapping[Kind, str] = {
    Kind.HEADING: "Heading 1",
    Kind.SUBHEADING: "Heading 2",
    Kind.LABEL: LABEL,
    Kind.WARNING: "学思注意",
    Kind.TEXT: "Normal",
    Kind.ITEM: "Normal",
    Kind.QUOTE: "Normal",
    Kind.OWN: "学思批注",
    Kind.REMARK: "学思说明",
}
_RED = RGBColor(0xB3, 0x20, 0x2C)
_BLACK = RGBColor(0, 0, 0)


def set_up(document: Document) -> None:
    """Give an empty document its page, its fonts, its styles and its page numbers."""
    _set_page(document)
    _name_fonts(document)
    _make_styles(document)
    _number_pages(document)
    package = document.part.package
    for key, one in list(package.rels.items()):
        if one.reltype.endswith("/thumbnail"):  # a picture of the template, not of this file
            del package.rels[key]


def set_widths(table: Table, *, labelled: bool) -> None:
    """Give the texts of a comparison the same width, and their labels little."""
    whole = Mm(156)
    label = Mm(30) if labelled else 0
    others = (whole - label) // (len(table.columns) - labelled)
    table.autofit = False
    for place, column in enumerate(table.columns):
        column.width = Emu(label if labelled and place == 0 else others)


def repeat_on_each_page(row: _Row) -> None:
    """Let a table's first row stand again at the top of every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_on_one_page(row: _Row) -> None:
    """Let no page end within a row."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def set_custom_property(document: Document, name: str, value: str) -> None:
    """A property of the file beside the standard ones."""
    properties = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    types = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    element = parse_xml(
        f'<Properties xmlns="{properties}" xmlns:vt="{types}">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2"><vt:lpwstr/></property></Properties>'
    )
    element[0].set("name", name)
    element[0][0].text = value
    from lxml import etree

    blob = etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    part = Part(PackURI("/docProps/custom.xml"), kind, blob, document.part.package)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
    document.part.package.relate_to(part, relation)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(35 - 7 - 6)  # the number stands 7 mm under the text
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None  # the template has one
    for name, value in (("type", "lines"), ("linePitch", _PITCH)):
        grid.set(qn(f"w:{name}"), str(value))


def _name_fonts(document: Document) -> None:
    """Say in the table of fonts what stands in for a font that a computer lacks."""
    table = next(one.target_part for one in document.part.rels.values() if one.reltype.endswith("/fontTable"))
    root = parse_xml(table.blob)
    for name, instead in _INSTEAD.items():
        family = "modern" if name == HEI else "roman"
        root.append(
            parse_xml(
                f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/>'
                f'<w:family w:val="{family}"/></w:font>'
            )
        )
    from lxml import etree

    table._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _make_styles(document: Document) -> None:
    styles = document.styles
    normal = styles["Normal"]
    _set(normal, BODY)
    language = normal.element.get_or_add_rPr().makeelement(qn("w:lang"))
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.widow_control = False  # official documents fill their lines
    _set(styles["Title"], TITLE_FONT, Pt(22), indent=0, line=Pt(35), centred=True)
    _set(styles["Heading 1"], HEI)
    _set(styles["Heading 2"], KAI)
    for name in ("Title", "Heading 1", "Heading 2"):
        styles[name].paragraph_format.keep_with_next = True
    _set(_new(document, BYLINE), KAI, indent=0, centred=True)
    styles[BYLINE].paragraph_format.space_after = _LINE
    _set(_new(document, LABEL), HEI)
    styles[LABEL].paragraph_format.keep_with_next = True
    _set(_new(document, STYLES[Kind.WARNING]), HEI, colour=_RED)
    _set(_new(document, STYLES[Kind.OWN]), KAI)
    _set(_new(document, STYLES[Kind.REMARK]), KAI)
    _set(_new(document, CELL), BODY, Pt(12), indent=0, line=Pt(18))
    _set(_new(document, CELL_LABEL), HEI, Pt(12), indent=0, line=Pt(18))
    for name in (CELL, CELL_LABEL):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT  # stretched, narrow columns look torn
    _set(_new(document, NOTE_TEXT), BODY, Pt(10.5), indent=0, line=Pt(15))
    mark = styles.add_style(NOTE_MARK, WD_STYLE_TYPE.CHARACTER, builtin=True)
    mark.font.superscript = True
    for name in (CELL, CELL_LABEL, NOTE_TEXT):  # small print keeps its own lines
        off = OxmlElement("w:snapToGrid")
        off.set(qn("w:val"), "0")
        styles[name].element.get_or_add_pPr().find(qn("w:spacing")).addprevious(off)
    styles[NOTE_TEXT].element.set(qn("w:styleId"), NOTE_TEXT_ID)
    mark.element.set(qn("w:styleId"), NOTE_MARK_ID)


def _new(document: Document, name: str) -> ParagraphStyle:
    made: ParagraphStyle = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name == NOTE_TEXT)
    made.base_style = document.styles["Normal"]
    return made


def _set(
    style: ParagraphStyle,
    font: str,
    size: Pt = _SIZE,
    *,
    indent: int = 2,
    line: Pt = _LINE,
    centred: bool = False,
    colour: RGBColor = _BLACK,
) -> None:
    """`indent` of the first line in characters."""
    style.font.size, style.font.bold, style.font.italic, style.font.color.rgb = size, False, False, colour
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):  # the template's name the fonts of its theme
        properties.remove(old)
    style.font.name = _LATIN
    properties.rFonts.set(qn("w:eastAsia"), font)
    for name in ("w:spacing", "w:kern"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(_NARROWER if size == _SIZE else 0))
    properties.find(qn("w:color")).addnext(spacing)
    shape = style.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, line
    shape.space_before = shape.space_after = Pt(0)
    shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph = style.element.get_or_add_pPr()
    for old in paragraph.findall(qn("w:pBdr")):  # a line under the template's title
        paragraph.remove(old)
    indents = paragraph.get_or_add_ind()
    indents.set(qn("w:firstLineChars"), str(indent * 100))
    indents.set(qn("w:firstLine"), str(indent * 16 * 20))


def _number_pages(document: Document) -> None:
    """— 1 — in 宋体四号 at the outer edge, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    _add_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _add_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _add_number(footer: _Footer, alignment: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = alignment
    indents = paragraph._p.get_or_add_pPr().get_or_add_ind()
    side = "right" if alignment == WD_ALIGN_PARAGRAPH.RIGHT else "left"
    for name, value in (("firstLineChars", "0"), ("firstLine", "0"), (f"{side}Chars", "100"), (side, "280")):
        indents.set(qn(f"w:{name}"), value)
    for words in ("— ", None, " —"):
        run = paragraph.add_run(words or "")
        run.font.size, run.font.name = Pt(14), SONG
        run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), SONG)
        if words is None:
            for kind in ("begin", None, "end"):
                element = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element.text = " PAGE "
                run._r.append(element)
