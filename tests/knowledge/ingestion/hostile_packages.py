"""Hostile packages: archives, Office files, OFD and EPUB that cost far more than they weigh. Each maker gives bytes."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable, Sequence

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_TEXT = "第一条 渡口由区管理。"


def zipped(*members: tuple[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members:
            package.writestr(name, data)
    return made.getvalue()


def relations(*of: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(of)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


def word(body: str, *more: tuple[str, bytes | str], before: str = "") -> bytes:
    space = f'{_W} xmlns:r="{_R}"'
    return zipped(
        ("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"),
        ("_rels/.rels", relations(("officeDocument", "word/document.xml"))),
        ("word/document.xml", f"{before}<w:document {space}><w:body>{body}</w:body></w:document>"),
        *more,
    )


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def nested_tables(depth: int) -> bytes:
    opened = "<w:tbl><w:tr><w:tc>" + paragraph("外") + "</w:tc><w:tc>"
    return word(opened * depth + paragraph(_TEXT) + "<w:p/></w:tc></w:tr></w:tbl>" * depth)


def _entities() -> str:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE w [<!ENTITY e0 "laugh">{steps}]>'


def _table_of(cell: str) -> str:
    return f"<w:tbl><w:tr><w:tc>{cell}{paragraph('甲')}</w:tc><w:tc>{paragraph('乙')}</w:tc></w:tr></w:tbl>"


def _numbering_that_turns() -> bytes:
    style = "".join(
        f'<w:style w:type="paragraph" w:styleId="{own}"><w:basedOn w:val="{other}"/></w:style>'
        for own, other in (("a", "b"), ("b", "a"))
    )
    numbers = (
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="a"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    links = relations(("styles", "styles.xml"), ("numbering", "numbering.xml"))
    body = paragraph(_TEXT, '<w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    return word(
        body,
        ("word/_rels/document.xml.rels", links),
        ("word/styles.xml", f"<w:styles {_W}>{style}</w:styles>"),
        ("word/numbering.xml", f"<w:numbering {_W}>{numbers}</w:numbering>"),
    )


def workbook(sheet: str, *more: tuple[str, bytes | str]) -> bytes:
    return zipped(
        ("_rels/.rels", relations(("officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml",
            f'<workbook {_S} xmlns:r="{_R}"><sheets><sheet name="表" sheetId="1" r:id="r0"/></sheets></workbook>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")),
        ),
        ("xl/worksheets/sheet1.xml", f"<worksheet {_S}>{sheet}</worksheet>"),
        *more,
    )


def _cell(place: str, text: str = "渡口") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def slides(slide: str, listed: int = 1, *more: tuple[str, bytes | str]) -> bytes:
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="r0"/>' for n in range(listed))
    return zipped(
        ("_rels/.rels", relations(("officeDocument", "ppt/presentation.xml"))),
        (
            "ppt/presentation.xml",
            f'<p:presentation {_P} xmlns:r="{_R}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>',
        ),
        ("ppt/_rels/presentation.xml.rels", relations(("slide", "slides/slide1.xml"))),
        ("ppt/slides/slide1.xml", f"<p:sld {_P}><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>"),
        *more,
    )


def _box(text: str = _TEXT) -> str:
    return f"<p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"


def _layouts_that_turn() -> bytes:
    links = relations(("slideLayout", "../slideLayouts/a.xml"), ("notesSlide", "slide1.xml"))
    layout = f"<p:sldLayout {_P}><p:cSld><p:spTree>{_box()}</p:spTree></p:cSld></p:sldLayout>"
    return slides(
        _box(),
        1,
        ("ppt/slides/_rels/slide1.xml.rels", links),
        ("ppt/slideLayouts/a.xml", layout),
        ("ppt/slideLayouts/_rels/a.xml.rels", relations(("slideMaster", "a.xml"), ("slideLayout", "a.xml"))),
    )


def ofd(root: str, pages: str, *more: tuple[str, bytes | str]) -> bytes:
    return zipped(
        ("OFD.xml", f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody></ofd:OFD>"),
        ("Doc_0/Document.xml", f"<ofd:Document {_OFD}><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"),
        *more,
    )


def _ofd_page(text: str) -> str:
    return f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{text}</ofd:Layer></ofd:Content></ofd:Page>"


def _ofd_words(steps: str) -> str:
    return (
        '<ofd:TextObject ID="3" Boundary="10 10 90 5" Size="5">'
        f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">渡口由区管理。</ofd:TextCode></ofd:TextObject>'
    )


def epub(spine: str, chapter: str = f"<p>{_TEXT}</p>", opf: str = "a.opf", extra: str = "") -> bytes:
    return zipped(
        ("mimetype", "application/epub+zip"),
        (
            "META-INF/container.xml",
            f'<container><rootfiles><rootfile full-path="{opf}"/></rootfiles></container>',
        ),
        (
            "a.opf",
            f'<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>{extra}</manifest>'
            f"<spine>{spine}</spine></package>",
        ),
        ("a.xhtml", f"<html><body>{chapter}</body></html>"),
    )


def _matryoshka(depth: int) -> bytes:
    data = zipped(("末.txt", _TEXT))
    for _ in range(depth):
        data = zipped(("内.zip", data), ("又.zip", data))
    return data


def _linking_zip() -> bytes:
    link = zipfile.ZipInfo("链接.txt")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(link, "/etc/passwd")
    return made.getvalue()


def _hidden_size(data: bytes) -> bytes:
    """The directory of an archive says that its one file has ten bytes."""
    made, at = bytearray(data), data.index(b"PK\x01\x02")
    made[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(made)


def _encrypted(data: bytes) -> bytes:
    made = bytearray(data)
    made[6] |= 1
    made[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def _ole(words: str, size: int = 4096) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    return head + words.encode("utf-16-le") + b"\x00\x00\x00\x00" * (size // 4)  # sector 0 leads to sector 0


_MUCH = 60_000_000
_MERGED = f'<mergeCells>{"".join(f"""<mergeCell ref="A{n}:XFD1048576"/>""" for n in range(1, 5000))}</mergeCells>'
PACKAGES: Sequence[tuple[str, Callable[[], bytes]]] = (
    ("炸弹.zip", lambda: zipped(("大.txt", bytes(_MUCH)))),
    ("一摞炸弹.zip", lambda: zipped(*((f"{n}.txt", bytes(9_000_000)) for n in range(60)))),
    ("套娃.zip", lambda: _matryoshka(9)),
    ("两万五千份.zip", lambda: zipped(*((f"{n}.txt", b"") for n in range(25_000)))),
    ("链接.zip", _linking_zip),
    ("出格.zip", lambda: zipped(("../../外.txt", ""), ("/etc/根.txt", ""), ("C:\\盘.txt", ""))),
    ("瞒报.zip", lambda: _hidden_size(zipped(("大.txt", bytes(_MUCH))))),
    ("加密.zip", lambda: _encrypted(zipped(("a.txt", _TEXT)))),
    (
        "怪名.zip",
        lambda: zipped(
            ("行\n行\x01.txt", ""),
            ("名" * 200 + ".txt", ""),
            ("\udcff.txt".encode("utf-8", "surrogateescape").decode("latin-1"), ""),
        ),
    ),
    ("不全.zip", lambda: zipped(("a.txt", _TEXT))[:-30]),
    ("六十层表.docx", lambda: nested_tables(60)),
    ("三千层表.docx", lambda: nested_tables(3000)),
    ("亿笑.docx", lambda: word(paragraph("&e11;"), before=_entities())),
    ("外部实体.docx", lambda: word(paragraph("&x;"), before='<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
    (
        "自己引自己.docx",
        lambda: word(
            '<w:altChunk r:id="r0"/>' * 50,
            (
                "word/_rels/document.xml.rels",
                relations(("aFChunk", "document.xml"), ("header", "document.xml"), ("footnotes", "document.xml")),
            ),
        ),
    ),
    ("样式绕圈.docx", _numbering_that_turns),
    ("巨格.docx", lambda: word(_table_of('<w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>'))),
    ("负格.docx", lambda: word(_table_of('<w:tcPr><w:gridSpan w:val="-5"/><w:vMerge/></w:tcPr>'))),
    ("三十万段.docx", lambda: word("<w:p/>" * 300_000)),
    ("万层修订.docx", lambda: word("<w:p>" + "<w:ins>" * 10_000 + "</w:ins>" * 10_000 + "</w:p>")),
    (
        "大编号.docx",
        lambda: word(paragraph(_TEXT, '<w:numPr><w:ilvl w:val="99999999999"/><w:numId w:val="-1"/></w:numPr>')),
    ),
    ("加密.docx", lambda: _ole("EncryptedPackage")),
    ("炸弹.docx", lambda: word(paragraph("字" * 30_000_000))),
    (
        "百亿格.xlsx",
        lambda: workbook(
            f'<dimension ref="A1:NTP1000000"/><sheetData><row r="1">{_cell("A1")}</row>'
            f'<row r="1048576">{_cell("XFD1048576")}</row></sheetData>'
        ),
    ),
    (
        "满表合并.xlsx",
        lambda: workbook(
            f'<sheetData><row r="1">{_cell("A1")}{_cell("B1")}</row><row r="2">{_cell("A2")}{_cell("B2")}</row></sheetData>{_MERGED}'
        ),
    ),
    (
        "越界格.xlsx",
        lambda: workbook(f'<sheetData><row r="99999999999">{_cell("ZZZZZZZZ99999999999")}</row></sheetData>'),
    ),
    (
        "共享亿笑.xlsx",
        lambda: workbook(
            '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>',
            ("xl/sharedStrings.xml", f"{_entities()}<sst {_S}><si><t>&e11;</t></si></sst>"),
        ),
    ),
    ("三百万行.xlsx", lambda: workbook(f"<sheetData>{'<row/>' * 3_000_000}</sheetData>")),
    ("乱写.xls", lambda: _ole("Workbook", 60_000)),
    ("绕圈扇区.et", lambda: _ole("R", 600)),
    ("版式绕圈.pptx", _layouts_that_turn),
    ("十万页.pptx", lambda: slides(_box(), 100_000)),
    ("万层组合.pptx", lambda: slides("<p:grpSp>" * 10_000 + _box() + "</p:grpSp>" * 10_000)),
    ("出格.ofd", lambda: ofd("../../../etc/passwd", "")),
    ("页绕圈.ofd", lambda: ofd("Doc_0/Document.xml", '<ofd:Page ID="1" BaseLoc="Document.xml"/>' * 50_000)),
    (
        "字距炸弹.ofd",
        lambda: ofd(
            "Doc_0/Document.xml",
            '<ofd:Page ID="1" BaseLoc="p.xml"/>',
            ("Doc_0/p.xml", _ofd_page(_ofd_words("g 2000000000 1 g -5 nan"))),
        ),
    ),
    (
        "亿笑.ofd",
        lambda: ofd(
            "Doc_0/Document.xml",
            '<ofd:Page ID="1" BaseLoc="p.xml"/>',
            ("Doc_0/p.xml", _entities() + _ofd_page("&e11;")),
        ),
    ),
    ("书脊绕圈.epub", lambda: epub('<itemref idref="a"/>' * 200_000)),
    ("目录指自己.epub", lambda: epub("", opf="META-INF/container.xml")),
    ("出格.epub", lambda: epub('<itemref idref="b"/>', extra='<item id="b" href="../../../etc/passwd"/>')),
)
