"""Formulas of Word as one line of text: fractions with a stroke, powers with ^."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PROPERTIES = frozenset(f"{M}{name}" for name in ("ctrlPr", "rPr", "fPr", "dPr", "naryPr", "radPr", "sSubPr", "sSupPr"))
_LONGEST = 200  # levels; a formula nested deeper is no formula


def linear(element: Any, depth: int = 0) -> str:
    """All words of a formula in reading order.

    `m:f` with 实际天数 above 三百六十五 becomes `实际天数/三百六十五`.
    """
    if not isinstance(element.tag, str) or element.tag in _PROPERTIES or depth > _LONGEST:
        return ""
    if element.tag == f"{M}t":
        return element.text or ""
    write = _FORMS.get(element.tag.removeprefix(M))
    if write is not None:
        return write(lambda name: _part(element, name, depth))
    return "".join(linear(child, depth + 1) for child in element)


def _part(element: Any, name: str, depth: int) -> str:
    return "".join(linear(child, depth + 1) for child in element.findall(f"{M}{name}"))


def _grouped(words: str) -> str:
    return f"({words})" if any(sign in words for sign in "+-−±×÷*/ ") else words


_Part = Callable[[str], str]
_FORMS: dict[str, Callable[[_Part], str]] = {
    "f": lambda part: f"{_grouped(part('num'))}/{_grouped(part('den'))}",
    "sSup": lambda part: f"{_grouped(part('e'))}^{_grouped(part('sup'))}",
    "sSub": lambda part: f"{_grouped(part('e'))}_{_grouped(part('sub'))}",
    "sSubSup": lambda part: f"{_grouped(part('e'))}_{_grouped(part('sub'))}^{_grouped(part('sup'))}",
    "rad": lambda part: f"{part('deg')}√{_grouped(part('e'))}",
    "nary": lambda part: f"∑[{part('sub')}→{part('sup')}]{part('e')}",
    "d": lambda part: f"({part('e')})",
}
