"""What Word's styles say of a paragraph or a run: heading levels, list numbers, hidden and struck text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE_NAME = re.compile(r"title|标题|文件标题|公文标题", re.IGNORECASE)
_OFF = frozenset(("0", "false", "off"))
# How the report calls text that is set so; the switches that set it.
_GONE: Final = (("隐藏的文字", ("vanish",)), ("划掉的文字", ("strike", "dstrike")))
_LONGEST_CHAIN = 20  # a damaged file may have styles based on each other in a circle


@dataclass(frozen=True, slots=True)
class _Style:
    id: str
    name: str
    base: str | None
    element: Any


class Styles:
    """The styles of one document."""

    def __init__(self, root: Any) -> None:
        """`root` is the `w:styles` element; None gives a document without styles."""
        self._styles: dict[str, _Style] = {}
        self._default: str | None = None
        for one in root.iter(f"{W}style") if root is not None else ():
            style_id = one.get(f"{W}styleId") or ""
            self._styles[style_id] = _Style(style_id, value(one, "name") or "", value(one, "basedOn"), one)
            if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true", "on"):
                self._default = style_id
        switches = [f"{W}{name}" for _, names in _GONE for name in names]
        self._switch = root is not None and next(root.iter(*switches), None) is not None  # hardly any document does

    def level(self, paragraph: Any) -> int | None:
        """Heading level of a paragraph, 0 for the title, None for body text."""
        outline = value(paragraph.find(f"{W}pPr"), "outlineLvl")
        for style in self._of_paragraph(paragraph):
            if match := _HEADING_NAME.fullmatch(style.name):
                return int(match[1])
            if _TITLE_NAME.fullmatch(style.name):
                return 0
            if outline is None:
                outline = value(style.element.find(f"{W}pPr"), "outlineLvl")
        return int(outline) + 1 if outline is not None and int(outline) < 9 else None

    def number(self, paragraph: Any) -> tuple[str, int | None, str]:
        """List, level and the style that states the list; the list is "" for a paragraph without number, the level
        None where only the list itself says which level belongs to the style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        num_id, level, stated_by = value(own, "numId"), value(own, "ilvl"), ""
        for style in self._of_paragraph(paragraph):
            if num_id is not None and level is not None:
                break
            inherited = style.element.find(f"{W}pPr/{W}numPr")
            if num_id is None and (num_id := value(inherited, "numId")) is not None:
                stated_by = style.id
            level = level if level is not None else value(inherited, "ilvl")
        if num_id is None or num_id == "0":
            return "", None, ""
        return num_id, int(level) if level is not None else None, stated_by

    def gone_as(self, run: Any, paragraph: Any) -> str:
        """Why the text of a run is none of the document, by itself, by its style or by the paragraph's: 隐藏的文字 or
        划掉的文字; "" for text that stays."""
        properties = run.find(f"{W}rPr")
        if properties is None and not self._switch:
            return ""
        return next((what for what, names in _GONE if self._is_set(properties, paragraph, names)), "")

    def _is_set(self, properties: Any, paragraph: Any, names: tuple[str, ...]) -> bool:
        if (own := _switched(properties, names)) is not None or not self._switch:
            return bool(own)
        for style in (*self._chain(value(properties, "rStyle")), *self._of_paragraph(paragraph)):
            if (said := _switched(style.element.find(f"{W}rPr"), names)) is not None:
                return said
        return False

    def _of_paragraph(self, paragraph: Any) -> Iterator[_Style]:
        stated = value(paragraph.find(f"{W}pPr"), "pStyle")
        return self._chain(stated if stated in self._styles else self._default)

    def _chain(self, style_id: str | None) -> Iterator[_Style]:
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = style.base


def value(parent: Any, tag: str) -> str | None:
    """`w:val` of a child element."""
    child = parent.find(f"{W}{tag}") if parent is not None else None
    return None if child is None else child.get(f"{W}val")


def has_mark(paragraph: Any, tag: str) -> bool:
    """Whether the end of a paragraph bears a property of characters: it was deleted, it is hidden."""
    found = paragraph.find(f"{W}pPr/{W}rPr/{W}{tag}")
    return found is not None and found.get(f"{W}val") not in _OFF


def _switched(properties: Any, names: tuple[str, ...]) -> bool | None:
    """Whether one of the switches is on; None when nothing is said of them."""
    found = [properties.find(f"{W}{name}") for name in names] if properties is not None else []
    said = [one.get(f"{W}val") not in _OFF for one in found if one is not None]
    return any(said) if said else None
