"""Hostile texts, pages, letters and PDFs: short ways to ask for much work. Each maker gives bytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

_TEXT = "第一条 渡口由区管理。"


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """Objects are numbered from 1; there is no cross-reference table, which readers then make themselves."""
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root " + b"%d 0 R>>\n%%%%EOF" % root


def stream(data: bytes, head: bytes = b"", times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = b"/FlateDecode" * times
    return b"<</Length %d/Filter[%s]%s>>stream\n%s\nendstream" % (len(data), filters, head, data)


_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE_PAGE = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
_FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"


def _page(more: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s>>" % (box, more)


def _inflating() -> bytes:
    """A page of 400 MB in a few kilobytes."""
    packing = zlib.compressobj(1)
    piece = (b"BT /F 14 Tf (a) Tj ET\n" * 47_662)[: 1 << 20]
    packed = b"".join(packing.compress(piece) for _ in range(400)) + packing.flush()
    packed = zlib.compress(zlib.compress(packed, 9), 9)
    content = b"<</Length %d/Filter[/FlateDecode/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    return pdf(_CATALOG, _ONE_PAGE, _page(b"/Resources<<" + _FONT + b">>"), content)


def _drawing_itself() -> bytes:
    form = stream(b"/X Do /X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>")
    return pdf(_CATALOG, _ONE_PAGE, _page(b"/Resources<</XObject<</X 5 0 R>>>>"), stream(b"/X Do"), form)


def _letter(body: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    return f"From: a@example.cn\nSubject: x\nMIME-Version: 1.0\nContent-Type: {kind}\n\n{body}".encode()


def _parts_in_parts(depth: int) -> bytes:
    opened = "".join(f'--b{n}\nContent-Type: multipart/mixed; boundary="b{n + 1}"\n\n' for n in range(depth))
    return _letter(opened + f"--b{depth}\nContent-Type: text/plain\n\n{_TEXT}\n", 'multipart/mixed; boundary="b0"')


def _letters_in_letters(depth: int) -> bytes:
    return b"From: a@example.cn\nContent-Type: message/rfc822\n\n" * depth + _TEXT.encode()


def _aliases() -> str:
    steps = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    return f"---\na0: &a0 [x]\n{steps}---\n{_TEXT}\n"


TEXTS: Sequence[tuple[str, Callable[[], bytes]]] = (
    ("膨胀.pdf", _inflating),
    ("页树绕圈.pdf", lambda: pdf(_CATALOG, b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R 2 0 R]/Parent 2 0 R>>")),
    ("二十亿页.pdf", lambda: pdf(_CATALOG, b"<</Type/Pages/Count 2000000000/Kids[3 0 R]>>", _page(), stream(b""))),
    ("画自己.pdf", _drawing_itself),
    ("巨幅.pdf", lambda: pdf(_CATALOG, _ONE_PAGE, _page(box=b"0 0 999999999 999999999"), stream(b""))),
    (
        "表绕圈.pdf",
        lambda: b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 9/Size 1>>\nstartxref\n9\n%%EOF",
    ),
    (
        "十万共页.pdf",
        lambda: pdf(_CATALOG, b"<</Type/Pages/Count 100000/Kids[" + b"3 0 R " * 100_000 + b"]>>", _page(), stream(b"")),
    ),
    (
        "假密码.pdf",
        lambda: pdf(_CATALOG, _ONE_PAGE).replace(
            b"trailer<<", b"trailer<</Encrypt<</Filter/Standard/V 5/R 6/O()/U()/P -1>>"
        ),
    ),
    (
        "十万笔画.pdf",
        lambda: pdf(_CATALOG, _ONE_PAGE, _page(), stream(b"9 9 m 9 99 l S 9 9 m 99 9 l S 1 0 0 1 .1 .1 cm\n" * 50_000)),
    ),
    ("无底括号.pdf", lambda: pdf(_CATALOG, _ONE_PAGE, _page(), b"[" * 1_000_000)),
    ("十万标签.html", lambda: b"<html><body>" + b"<div><b>" * 100_000 + _TEXT.encode()),
    ("万层表.html", lambda: b"<table><tr><td>" * 10_000 + _TEXT.encode()),
    (
        "跨十亿格.html",
        lambda: (
            f'<table><tr><td rowspan="2000000000" colspan="2000000000">{_TEXT}</td><td>乙</td></tr><tr><td>丙</td></tr></table>'.encode()
        ),
    ),
    ("框套框.html", lambda: ("<iframe srcdoc='" * 5_000 + _TEXT + "'></iframe>" * 5_000).encode()),
    ("百万属性.html", lambda: b"<p " + b" ".join(b"a%d='1'" % n for n in range(500_000)) + b">" + _TEXT.encode()),
    ("怪实体.html", lambda: ("<p>" + "&#x110000;&#xD800;&#0;&#99999999999;" * 50_000 + _TEXT).encode()),
    ("五十兆一行.html", lambda: b"<p>" + "渡口由区管理，".encode() * 2_500_000),
    ("五十兆一行.txt", lambda: "渡口由区管理，".encode() * 2_500_000),
    ("全是零.txt", lambda: bytes(10_000_000)),
    ("孤儿代理.txt", lambda: b"\xff\xfe" + b"\x00\xd8" * 100_000 + _TEXT.encode("utf-16-le")),
    ("半个字.txt", lambda: b"\xfe\xff" + _TEXT.encode("utf-16-be") * 50_000 + b"\x00"),
    ("五十万条.txt", lambda: "\n".join(f"第{n}条 甲。" for n in range(500_000)).encode()),
    ("全是第.txt", lambda: ("第" * 300_000 + "条").encode()),
    ("全是括号.txt", lambda: ("（" * 300_000 + "\n" + "（一）" * 200_000 + "\n" + "《" * 200_000).encode()),
    (
        "全是数.txt",
        lambda: ("第" + "一百" * 200_000 + "条 甲。\n" + "1." * 300_000 + "\n" + "９" * 200_000 + "年").encode(),
    ),
    ("全是顿号.txt", lambda: ("一、" * 500_000).encode()),
    ("全是空格.txt", lambda: ("第 " + " " * 2_000_000 + "一条 甲。\n" + "　" * 2_000_000).encode()),
    ("别名.md", lambda: _aliases().encode()),
    ("深套.md", lambda: f"---\na: {'[' * 20_000}\n---\n{_TEXT}".encode()),
    (
        "全是记号.md",
        lambda: (
            "[" * 100_000 + "\n" + "*" * 100_001 + "\n" + "`" * 100_001 + "\n" + "![" * 50_000 + "\n" + "a_" * 50_000
        ).encode(),
    ),
    ("全是引用.md", lambda: ("> " * 200_000 + _TEXT + "\n" + "|" * 500_000 + "\n|" + "-|" * 200_000).encode()),
    ("未闭.md", lambda: ("<!--" * 100_000 + "<table>" * 50_000 + "~~" * 100_001 + "**a" * 100_000).encode()),
    (
        "十万列.csv",
        lambda: (",".join(f"列{n}" for n in range(100_000)) + "\n" + ",".join("1" for _ in range(100_000))).encode(),
    ),
    ("未闭引号.csv", lambda: ('项目,标准\n"' + "渡口,十元\n" * 1_000_000).encode()),
    ("百万空行.csv", lambda: b"a,b\n" + b",\n" * 1_000_000),
    ("信套信.eml", lambda: _letters_in_letters(5_000)),
    ("部分套部分.eml", lambda: _parts_in_parts(5_000)),
    (
        "长信头.eml",
        lambda: b"Subject: " + b"=?utf-8?b?5rih?= " * 300_000 + b"\nFrom: a@example.cn\n\n" + _TEXT.encode(),
    ),
    ("假字符集.eml", lambda: _letter(_TEXT, "text/plain; charset=x-evil\nContent-Transfer-Encoding: base64")),
    (
        "十万部分.mht",
        lambda: _letter("--b\nContent-Type: text/html\n\n<p>甲\n" * 100_000, 'multipart/related; boundary="b"'),
    ),
    (
        "同界.mht",
        lambda: _letter(
            '--b\nContent-Type: multipart/related; boundary="b"\n\n' * 2_000, 'multipart/related; boundary="b"'
        ),
    ),
    ("网页冒充.doc", lambda: b"<html>" + b"<div>" * 100_000 + _TEXT.encode()),
    ("乱写.wps", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 100_000),
    ("名" * 83 + ".txt", lambda: b"\x00\x01\x02" * 1000),
    ("两行\n名字.txt", lambda: b"\x81\xff" * 1000),
)
