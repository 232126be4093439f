"""Footnotes of a Word file. python-docx has none, so their part is written here (ECMA-376, 17.11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn

from assistant.web.export.word_layout import NOTE_MARK, NOTE_MARK_ID, NOTE_TEXT_ID

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

#: The lines above footnotes; every Word file with footnotes has both.
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
    "<w:r><w:separator/></w:r></w:p></w:footnote>"
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0" w:line="240"'
    ' w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


class FootnotesPart:
    """The footnotes of one document, `texts` numbered from 1. What is cited again refers to the footnote that is there."""

    def __init__(self, document: Document, texts: Sequence[str]) -> None:
        self._document = document
        self._texts = texts
        self._placed: list[int] = []  # numbers in the order of their footnotes

    def refer(self, paragraph: Paragraph, numbers: Sequence[int]) -> None:
        """Put the marks of the footnotes `numbers` at the end of a paragraph."""
        for place, number in enumerate(numbers):
            if place:
                paragraph.add_run(",", style=NOTE_MARK)
            self._refer_to(paragraph, number)

    def attach(self) -> None:
        """Write the part, once all marks are placed. A file that cites nothing gets none."""
        if not self._placed:
            return
        notes = "".join(_footnote(place, self._texts[n - 1]) for place, n in enumerate(self._placed, start=1))
        xml = f"<w:footnotes {nsdecls('w')}>{_SEPARATORS}{notes}</w:footnotes>"
        blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode()
        package = self._document.part.package
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob, package)
        self._document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = self._document.settings.element
        properties = OxmlElement("w:footnotePr")
        for number in (-1, 0):
            separator = OxmlElement("w:footnote")
            separator.set(qn("w:id"), str(number))
            properties.append(separator)
        compat = settings.find(qn("w:compat"))  # the schema wants it before this
        settings.insert(list(settings).index(compat), properties)

    def _refer_to(self, paragraph: Paragraph, number: int) -> None:
        if number in self._placed:
            self._refer_again(paragraph, self._placed.index(number) + 1)
            return
        self._placed.append(number)
        place = str(len(self._placed))
        start, end, reference = (
            OxmlElement(name) for name in ("w:bookmarkStart", "w:bookmarkEnd", "w:footnoteReference")
        )
        for element in (start, end, reference):
            element.set(qn("w:id"), place)
        start.set(qn("w:name"), _bookmark(int(place)))
        paragraph._p.append(start)
        paragraph.add_run(style=NOTE_MARK)._r.append(reference)
        paragraph._p.append(end)

    def _refer_again(self, paragraph: Paragraph, place: int) -> None:
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f" NOTEREF {_bookmark(place)} \\f \\h ")
        run = paragraph.add_run(str(place), style=NOTE_MARK)
        field.append(run._r)
        paragraph._p.append(field)


def _bookmark(place: int) -> str:
    return f"_Ref{700000000 + place}"  # a name that begins with _ is hidden in Word


def _footnote(place: int, text: str) -> str:
    mark = f'<w:r><w:rPr><w:rStyle w:val="{NOTE_MARK_ID}"/></w:rPr><w:footnoteRef/></w:r>'
    words = f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r>'
    style = f'<w:pPr><w:pStyle w:val="{NOTE_TEXT_ID}"/></w:pPr>'
    return f'<w:footnote w:id="{place}"><w:p>{style}{mark}{words}</w:p></w:footnote>'
