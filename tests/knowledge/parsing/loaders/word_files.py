"""Word packages written by hand, part by part, for what Word's own programs leave in files and python-docx cannot make."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACES = (
    W
    + ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    + ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    + ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    + ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    + ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LOST = f'<Relationship Id="lost" Type="{OFFICE}/image" Target="NULL"/>'
ARTICLES = (("chineseCounting", "第%1条"), ("chineseCounting", "（%2）"))


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inner: str, properties: str = "") -> str:
    runs = "".join(one if one.startswith("<") else run(one) for one in inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def numbered(text: str, level: int = 0) -> str:
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


def table(*rows: tuple[str, ...]) -> str:
    """Cells are words or XML; "^" goes on with the cell above."""

    def cell(inner: str) -> str:
        merge = '<w:vMerge w:val="restart"/>' if inner.startswith("v:") else "<w:vMerge/>" if inner == "^" else ""
        words = "" if inner == "^" else inner.removeprefix("v:")
        body = words if words.startswith("<") else paragraph(words)
        return f"<w:tc><w:tcPr>{merge}</w:tcPr>{body}</w:tc>"

    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl>"


def numbering(levels: tuple[tuple[str, str], ...] = ARTICLES, styles: tuple[str, ...] = ()) -> str:
    own = [f'<w:pStyle w:val="{style}"/>' for style in styles] + [""] * len(levels)
    listed = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{own[index]}<w:lvlText w:val="{text}"/></w:lvl>'
        for index, (kind, text) in enumerate(levels)
    )
    return (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{listed}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def package(
    *body: str,
    parts: Mapping[str, str | bytes] | None = None,
    kinds: Mapping[str, str] | None = None,
    main: str = "word/document.xml",
    strict: bool = False,
) -> bytes:
    """A .docx. `parts` are further parts by name under word/, `kinds` their relationship types; a part's id is its name."""
    parts, kinds = parts or {}, kinds or {}
    document = f"<w:document {SPACES}><w:body>{''.join(body)}</w:body></w:document>"
    listed = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kinds.get(name, name.split(".")[0])}" Target="{name}"/>'
        for name in parts
    )
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    base = main.rsplit("/", 1)[-1]
    members: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships {space}><Relationship Id="a" Type="{OFFICE}/officeDocument" Target="{main}"/></Relationships>',
        main: document,
        f"word/_rels/{base}.rels": f"<Relationships {space}>{listed}{LOST}</Relationships>",
        **{f"word/{name}": data for name, data in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            if strict and isinstance(data, str):
                data = data.replace(
                    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                    "http://purl.oclc.org/ooxml/wordprocessingml/main",
                )
                data = data.replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
            archive.writestr(name, data)
    return buffer.getvalue()
