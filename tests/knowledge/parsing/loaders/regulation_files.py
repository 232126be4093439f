"""A small made-up regulation, and the same regulation as the files that offices keep."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

TITLE = "青石市机关图书室借阅管理办法（试行）"
LINES = (
    TITLE,
    "（2021年3月1日青石市机关事务会议通过　2021年4月1日印发）",
    "第一章　总　则",
    "第一条　为了规范机关图书室借阅工作，方便干部读书学习，制定本办法。",
    "第二条　本办法适用于青石市机关图书室（以下简称图书室）的借阅、归还和赔偿。",
    "第二章　借　阅",
    "第三条　机关工作人员凭工作证借书，每次不超过三册，期限为三十日。有下列情形之一的，可以续借一次：",
    "（一）因公外出不能按期归还的；",
    "（二）正在参加脱产学习的；",
    "（三）图书室认可的其他情形。",
    "续借期限为十五日，自原期限届满之日起计算。",
    "第四条　工具书、善本和单册价格在500元以上的图书只在室内阅览，不得外借。",
    "第三章　附　则",
    "第五条　本办法由青石市机关图书室负责解释。",
    "第六条　本办法自2021年5月1日起施行。",
)
CHAPTERS = tuple(line for line in LINES if line.startswith("第") and "章" in line[:4])


def markdown() -> bytes:
    blocks = []
    for line in LINES:
        if line == TITLE:
            blocks.append(f"###  {line} ")
        elif line in CHAPTERS:
            blocks.append(f"## {line}")
        elif line.startswith("第"):
            label, words = line.split("\u3000", 1)
            # Converters cut a paragraph behind its number when the line grows long.
            blocks.append(f"{label}\n{words}" if label == "第三条" else f"**{label}**\u3000{words}")
        else:
            blocks.append(f"\u3000\u3000{line}")
    blocks.insert(2, "<!-- INFO END -->")
    return "\n\n".join(blocks).encode()


def gb18030() -> bytes:
    return "\r\n".join(line if line == TITLE else f"\u3000\u3000{line}" for line in LINES).encode("gb18030")


def web_page() -> bytes:
    """An intranet page: navigation, share bar, side list, footer, and a text pasted from Word."""
    body = "\n".join(
        f'<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0"><span style="font-family:仿宋">'
        f"&#12288;&#12288;{escape(line)}</span><span lang=EN-US><o:p></o:p></span></p>"
        for line in LINES[1:]
    )
    return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{TITLE}--规章制度--青石市机关事务网</title><style>p{{margin:0}}</style>
<script>var 变量 = "脚本，里面的。话";</script></head>
<body><div class="mainNav"><ul><li><a href="/">网站首页</a></li>
<li><a href="/xw">新闻动态</a></li><li><a href="/zd">规章制度</a></li></ul></div>
<div id="wrap"><div class="side"><h3>推荐阅读</h3><ul>
<li><a href="/1">机关开展读书月活动，干部踊跃参加。</a>我市举办……</li>
<li><a href="/2">图书室延长开放时间，欢迎光临。</a></li></ul></div>
<div class="article"><div class="weizhi">当前位置：<a href="/">首页</a> &gt; <a href="/zd">规章制度</a></div>
<h1>{TITLE}</h1>
<div class="info">来源：办公室　发布时间：2021-04-02　浏览次数：358　字体：<a href="#">大</a> <a href="#">中</a></div>
<div class="text">{body}<p align="right">（来源：青石日报）</p></div>
<div class="bdsharebuttonbox">分享到：<a href="#">微信</a><a href="#">微博</a></div>
<div>【<a href="javascript:print()">打印正文</a>】【<a href="javascript:close()">关闭窗口</a>】</div>
<div>上一篇：<a href="/3">关于开馆的通知</a></div></div></div>
<div class="footer"><p>主办单位：青石市机关事务中心　地址：青石市前进路1号，邮编：000000</p>
<p>版权所有 ICP备00000000号</p></div>
</body></html>""".encode("gb18030")


def word(path: Path) -> bytes:
    """A .docx with every number typed."""
    import docx

    document = docx.Document()
    for line in LINES:
        if line == TITLE:
            document.add_paragraph(line, style="Title")
        elif line in CHAPTERS:
            document.add_heading(line, level=1)
        else:
            document.add_paragraph(f"\u3000\u3000{line}")
    document.save(str(path))
    return path.read_bytes()


def numbered_word(path: Path) -> bytes:
    """A .docx whose articles and items are numbered by Word: the numbers are nowhere in its text."""
    import docx

    document = docx.Document()
    articles = add_list(document, (("chineseCountingThousand", "第%1条", "1"), ("chineseCounting", "（%2）", "1")))
    for line in LINES:
        if line == TITLE:
            document.add_paragraph(line, style="Title")
        elif line in CHAPTERS:
            document.add_heading(line, level=1)
        elif line.startswith("第"):
            number_by_word(document.add_paragraph(line.split("\u3000", 1)[1]), articles, 0)
        elif line.startswith("（") and line[2] == "）":
            number_by_word(document.add_paragraph(line[3:]), articles, 1)
        else:
            document.add_paragraph(line)
    document.save(str(path))
    return path.read_bytes()


def add_list(document: Any, levels: tuple[tuple[str, str, str], ...]) -> int:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    numbering = document.part.numbering_part.element
    body = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for index, (style, text, start) in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="977">{body}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="977"><w:abstractNumId w:val="977"/></w:num>'))
    return 977


def number_by_word(paragraph: Any, num_id: int, level: int) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>')
    )


def pdf(
    pages: list[list[tuple[float, float, str]]],
    *,
    images: tuple[int, ...] = (),
    encrypted: bool = False,
    title: int = 14,
) -> bytes:
    """A PDF of A4 pages; each line is (left, y, text) in points, 14 points to a character, `title` in the first line of a
    page. Its font is not in the file, as in many of offices.

    `images` are the numbers of pages (from 1) that are covered by a picture.
    """
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 5 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 80>>",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"stream\n\x80\nendstream",
    ]
    kids = []
    for number, lines in enumerate(pages, 1):
        parts = [b"q 595 0 0 842 0 0 cm /I Do Q"] if number in images else []
        for place, (left, y, text) in enumerate(lines):
            size = 14 if place else title
            parts.append(f"BT /F {size} Tf 1 0 0 1 {left} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET".encode())
        content = b"\n".join(parts)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    # Keys of a password that nobody knows: opening without one must fail.
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (b"ab" * 32, b"cd" * 32)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        lock if encrypted else b"",
        table,
    )
    return bytes(out)
