"""Files of many formats with bytes gone or changed: a text or one sentence, never a crash."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pptx
import pytest

from knowledge.errors import ReadingError
from knowledge.parsing.loaders import read

OFD_TEXT = '<TextObject Boundary="20 20 99 9" Size="5"><TextCode X="0" Y="5" DeltaX="g 6 5">先到窗口取号。</TextCode></TextObject>'
PARTS = {
    "a.epub": {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
        "b.opf": '<package><manifest><item id="c" href="c.xhtml"/></manifest><spine><itemref idref="c"/></spine></package>',
        "c.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>先到窗口取号。</p></body></html>',
    },
    "a.ofd": {
        "OFD.xml": "<OFD><DocBody><DocRoot>Doc/Document.xml</DocRoot></DocBody></OFD>",
        "Doc/Document.xml": '<Document><CommonData/><Pages><Page ID="1" BaseLoc="P.xml"/></Pages></Document>',
        "Doc/P.xml": f"<Page><Content><Layer>{OFD_TEXT}</Layer></Content></Page>",
    },
    "a.odt": {
        "content.xml": '<document xmlns:o="urn:o" xmlns:t="urn:t"><body><text><t:list t:style-name="L"><t:list-item>'
        '<t:p>先到窗口取号。<t:s t:c="2"/></t:p></t:list-item></t:list></text></body></document>',
        "styles.xml": '<styles xmlns:t="urn:t"><list-style t:name="L"><list-level-style-number t:level="1" '
        't:num-format="1" t:start-value="1"/></list-style></styles>',
    },
}


def sound(name: str) -> bytes:
    made = io.BytesIO()
    if name in PARTS:
        with zipfile.ZipFile(made, "w") as package:
            for part, content in PARTS[name].items():
                package.writestr(part, content)
    elif name == "a.xlsx":
        workbook = openpyxl.Workbook()
        workbook.active.append(["项目", "标准"])
        workbook.active.append(["津贴", 100])
        workbook.active.merge_cells("A2:A3")
        workbook.save(made)
    elif name == "a.pptx":
        deck = pptx.Presentation()
        deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = "先到窗口取号。"
        deck.save(made)
    elif name == "a.rtf":
        table = r"\trowd\cellx9\cellx99\pard\intbl a\cell b\cell\row\pard "
        made.write(
            rf"{{\rtf1\ansicpg936{{\fonttbl{{\f0\fcharset134 x;}}}}\f0 \'cf\'c8\'b5\'bd\u31383 ?\par {table}c\par}}".encode()
        )
    else:
        head = "Subject: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        made.write(f"{head}--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n先到窗口取号。\r\n--x--\r\n".encode())
    return made.getvalue()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes changed, gone or put in; of a package those of one part, so that it still opens."""
    if not data.startswith(b"PK"):
        return changed(data, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        hit = chance.choice([one for one in old.namelist() if one.endswith((".xml", ".rels", ".opf", ".xhtml"))])
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, changed(content, chance) if part == hit else content)
    return made.getvalue()


def changed(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(data))
        put = bytes(chance.choices(b'<>"/=0A9-&x\x00\xff', k=chance.randrange(3)))
        data = data[:at] + put + data[at + chance.randrange(3) :]
    return data


@pytest.mark.parametrize("name", ["a.xlsx", "a.pptx", "a.ofd", "a.epub", "a.odt", "a.rtf", "a.eml"])
def test_a_damaged_file_gives_a_text_or_one_sentence(tmp_path: Path, name: str) -> None:
    chance = random.Random(15)
    path = tmp_path / name
    path.write_bytes(sound(name))
    assert read(path).text
    said = []
    for _ in range(60):
        path.write_bytes(damaged(sound(name), chance))
        try:
            read(path)
        except ReadingError as error:
            said.append(str(error))
    assert said
    assert all(sentence.endswith("。") and sentence.count("。") == 1 for sentence in said)
