"""Hostile rich texts, OpenDocument texts, pages named .xls and style sheets. Each maker gives bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

_TEXT = "第一条 渡口由区管理。"
_RTF = _TEXT.encode("gb18030")
_SPACES = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "text", "table", "style", "draw"))


def odt(body: str, styles: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        content = (
            f"<office:document-content {_SPACES}>{styles}<office:body><office:text>{body}</office:text></office:body>"
        )
        package.writestr("content.xml", content + "</office:document-content>")
    return made.getvalue()


def _cells(times: int, more: str) -> str:
    cell = f"<table:table-cell {more}><text:p>{_TEXT}</text:p></table:table-cell>"
    return f"<table:table>{f'<table:table-row>{cell * 20}</table:table-row>' * times}</table:table>"


DOCUMENTS: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("万层.rtf", lambda: rb"{\rtf1 " + b"{" * 2_000_000 + _RTF),
    ("全闭.rtf", lambda: rb"{\rtf1 " + b"}" * 2_000_000 + _RTF),
    ("负数.rtf", lambda: rb"{\rtf1\ansicpg-5\uc-7\u-9999999999 \bin-1 \itap-4\outlinelevel-9 " + _RTF + rb"\par}"),
    ("假长度.rtf", lambda: rb"{\rtf1 " + _RTF + rb"\par\bin2000000000 " + b"x" * 1_000_000 + b"}"),
    ("百万格.rtf", lambda: rb"{\rtf1\trowd" + rb"\cellx1" * 200_000 + rb"\intbl a\cell b\cell\row" * 50_000 + b"}"),
    ("百万字体.rtf", lambda: rb"{\rtf1{\fonttbl" + rb"{\f1\fcharset134 x;}" * 300_000 + b"}" + _RTF + b"}"),
    ("半个字.rtf", lambda: rb"{\rtf1\ansicpg936 " + rb"\'b5\u-10179 ?" * 100_000 + rb"{\footnote \u-10179 ?}\par}"),
    ("富文本冒充.doc", lambda: rb"{\rtf1 " + rb"{\shp{\*\shpinst{\shptxt " * 4_000 + _RTF),
    ("列表绕圈.odt", lambda: odt("<text:list>" * 200 + f"<text:list-item><text:p>{_TEXT}</text:p></text:list-item>")),
    (
        "千万格.odt",
        lambda: odt(_cells(500, 'table:number-columns-repeated="99999999" table:number-rows-spanned="9999999"')),
    ),
    (
        "坏数字.odt",
        lambda: odt(f'<text:h text:outline-level="x">{_TEXT}</text:h><text:p><text:s text:c="-9"/></text:p>'),
    ),
    ("亿空格.odt", lambda: odt(f'<text:p>{_TEXT}<text:s text:c="999999999"/></text:p>' * 1_000)),
    (
        "样式绕圈.odt",
        lambda: odt(
            f'<text:p text:style-name="a">{_TEXT}</text:p>' * 20_000,
            '<style:style style:family="paragraph" style:name="a" style:parent-style-name="b"/>'
            '<style:style style:family="paragraph" style:name="b" style:parent-style-name="a"/>',
        ),
    ),
    ("并格.xls", lambda: f"<html><table>{'<tr><td rowspan=999999 colspan=999999>甲' * 3_000}</table>".encode()),
    ("表套表.xls", lambda: f"<html>{'<table><tr><td>' * 3_000}{_TEXT}".encode()),
    (
        "样式表.html",
        lambda: (
            f"<html><style>{''.join(f'.a{n} .b{n} .c .d{{display:none}}' for n in range(20_000))}</style>"
            f"{'<div class=c>' * 300}<p class=d>{_TEXT}</p><p>{_TEXT}</p>"
        ).encode(),
    ),
    ("大括号.html", lambda: f"<html><style>{'{' * 300_000}{'}' * 300_000}</style><p>{_TEXT}</p>".encode()),
)
