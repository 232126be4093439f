"""What stands inside a paragraph of Word: words, breaks, fields, formulas, and the shapes anchored in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.word.math import M, linear
from knowledge.parsing.loaders.word.package import Package
from knowledge.parsing.loaders.word.styles import Styles, W, value

R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"
_O = "{urn:schemas-microsoft-com:office:office}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_SKIPPED = frozenset(
    # Field codes, comments' and footnotes' own marks, pinyin over characters, properties.
    f"{W}{name}"
    for name in (
        *("delText", "instrText", "delInstrText", "rt", "pPr", "rPr", "sdtPr", "sdtEndPr"),
        *("annotationRef", "footnoteRef", "endnoteRef"),
    )
)
_PLAIN = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_GONE = {f"{W}del": "标为删除的文字", f"{W}moveFrom": "标为移走的文字"}
_NOTES = {
    f"{W}footnoteReference": ("footnotes", "footnote", "脚注和尾注"),
    f"{W}endnoteReference": ("endnotes", "endnote", "脚注和尾注"),
    f"{W}commentReference": ("comments", "comment", "批注"),
}


class Runs:
    """Reads paragraphs of one document; `in_margin` while these are headers and footers."""

    def __init__(self, package: Package, styles: Styles, account: Account) -> None:
        self.in_margin = False
        self._package = package
        self._styles = styles
        self._account = account
        self._paragraph: Any = None
        self._gone: list[str] = []
        self._gone_as = ""
        self._pieces: list[str] = []
        self._boxes: list[Any] = []

    def read(self, paragraph: Any) -> tuple[str, list[Any]]:
        """Text of a paragraph and the text boxes (`w:txbxContent`) anchored in it."""
        self._paragraph, self._pieces, self._boxes = paragraph, [], []
        self._inside(paragraph)
        self._settle_gone()
        return "".join(self._pieces), self._boxes

    def words(self, element: Any) -> str:
        """All words under an element, deleted ones too."""
        return "".join(one.text or "" for one in element.iter(f"{W}t", f"{W}delText", f"{M}t"))

    def _inside(self, element: Any) -> None:
        for child in element.iterchildren():
            tag = child.tag
            if tag == f"{W}r" and (what := self._styles.gone_as(child, self._paragraph)):
                if what != self._gone_as:
                    self._settle_gone()
                self._gone_as = what
                self._gone.append(self.words(child))
            elif tag == f"{W}t":
                self._settle_gone()
                self._pieces.append(child.text or "")
            elif tag in _PLAIN:
                self._pieces.append(_PLAIN[tag])
            elif tag == f"{W}sym":
                self._pieces.append(_symbol(child))
            elif tag in _NOTES:
                self._account.leave(_NOTES[tag][2], self._note(tag, child.get(f"{W}id")))
            elif tag in _GONE:
                self._account.leave(_GONE[tag], self.words(child))
            elif tag == f"{W}fldChar":
                self._pieces.append(_form_field(child))
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                self._pieces.append(linear(child))
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                self._shape(child)
            elif tag == f"{MC}AlternateContent":  # the same content twice, for new and old programs
                chosen = alternative(child)
                if chosen is not None:
                    self._inside(chosen)
            elif tag == f"{W}control":
                self._account.leave("控件")
            elif tag not in _SKIPPED and isinstance(tag, str):
                self._inside(child)

    def _settle_gone(self) -> None:
        """Runs of hidden text that follow each other are one piece, and so are struck ones."""
        if any(words.strip() for words in self._gone):
            self._account.leave(self._gone_as, "".join(self._gone))
        self._gone.clear()

    def _note(self, tag: str, note_id: str | None) -> str:
        part, element, _ = _NOTES[tag]
        root = self._note_parts.get(part)
        found = (one for one in root.iter(f"{W}{element}") if one.get(f"{W}id") == note_id) if root is not None else ()
        return " ".join(self.words(one) for one in found)

    @cached_property
    def _note_parts(self) -> dict[str, Any]:
        return {kind: self._package.only(kind) for kind in ("footnotes", "endnotes", "comments")}

    def _shape(self, shape: Any) -> None:
        """A drawing: its text boxes are read, its lettering is text, anything else is left out by name."""
        boxes = [box for box in _once(shape, f"{W}txbxContent") if not _inside_another(box, shape)]
        lettering = [one for one in _once(shape, f"{_V}textpath") if (one.get("string") or "").strip()]
        self._boxes += boxes
        for one in lettering:
            words = str(one.get("string"))
            if self.in_margin or "watermark" in str(one.getparent().get("id") or "").lower():
                self._account.leave("水印", words)
            else:
                self._pieces.append(words)
        embedded = list(shape.iter(f"{_O}OLEObject"))
        for one in embedded:
            program = one.get("ProgID") or ""
            is_formula = program.startswith(("Equation", "MathType"))
            self._account.leave("图片形式的公式" if is_formula else "嵌入的文件", "" if is_formula else program)
        diagrams = [words for one in shape.iter(f"{_DIAGRAM}relIds") if (words := self._diagram(one))]
        self._pieces += [f"\n{words}\n" for words in diagrams]
        charts = [one for one in shape.iter(f"{_CHART}chart") if one.get(f"{R}id")]
        for one in charts:
            self._account.leave("图表", self._chart(one))
        if not (boxes or lettering or embedded or diagrams or charts or _is_rule(shape)):
            self._account.leave("图片")

    def _diagram(self, reference: Any) -> str:
        """Words of a SmartArt graphic, one line for each of its points."""
        found = self._package.references.get(reference.get(f"{R}dm"))
        if found is None:
            return ""
        points = self._package.tree(found.part).iter(f"{_DIAGRAM}pt")
        lines = ("".join(one.text or "" for one in point.iter(f"{_A}t")).strip() for point in points)
        return "\n".join(line for line in lines if line)

    def _chart(self, reference: Any) -> str:
        found = self._package.references.get(reference.get(f"{R}id"))
        if found is None:
            return ""
        root = self._package.tree(found.part)
        return " ".join(one.text.strip() for one in root.iter(f"{_A}t", f"{_CHART}v") if (one.text or "").strip())


def alternative(element: Any) -> Any:
    """Of content that stands there twice, for new programs and old ones, what new ones show."""
    choice = element.find(f"{MC}Choice")
    return choice if choice is not None else element.find(f"{MC}Fallback")


def _once(shape: Any, tag: str) -> Iterator[Any]:
    """Elements under a shape without those that stand there a second time for old programs."""
    for one in shape.iter(tag):
        fallback = next((up for up in _above(one, shape) if up.tag == f"{MC}Fallback"), None)
        if fallback is None or fallback.getparent().find(f"{MC}Choice") is None:
            yield one


def _inside_another(box: Any, shape: Any) -> bool:
    return any(up.tag == f"{W}txbxContent" for up in _above(box, shape))


def _above(element: Any, top: Any) -> Iterator[Any]:
    parent = element.getparent()
    while parent is not None and parent is not top:
        yield parent
        parent = parent.getparent()


def _is_rule(shape: Any) -> bool:
    """Whether a shape is only a line across the page."""
    if any(one.get(f"{_O}hr") for one in shape.iter()):
        return True
    tags = {one.tag for one in shape.iter() if isinstance(one.tag, str)}
    return f"{_V}line" in tags and not tags & {f"{_V}imagedata", f"{_A}blip"}


def _symbol(element: Any) -> str:
    code = element.get(f"{W}char") or ""
    return chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4,6}", code) else ""


def _form_field(mark: Any) -> str:
    """What a form field shows that has no text of its own: a box to tick, the chosen entry of a list."""
    box, entries = mark.find(f"{W}ffData/{W}checkBox"), mark.find(f"{W}ffData/{W}ddList")
    if box is not None:
        ticked = box.find(f"{W}checked")
        ticked = ticked if ticked is not None else box.find(f"{W}default")
        return "☑" if ticked is not None and ticked.get(f"{W}val") not in ("0", "false") else "☐"
    if entries is not None:
        offered = [str(one.get(f"{W}val") or "") for one in entries.findall(f"{W}listEntry")]
        chosen = int(value(entries, "result") or value(entries, "default") or 0)
        return offered[chosen] if chosen < len(offered) else ""
    return ""
