"""The characters of a PDF page put together into pieces of lines, with what of them is no text: watermarks, garbage."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.pdf.geometry import Line
from knowledge.parsing.loaders.pdf.layers import layer_of
from knowledge.parsing.loaders.pdf.ruled import Rules

_GAP = 0.45  # em; a wider space was typed
_CELL_GAP = 1.6  # em; so far from each other stand the cells of a table and the columns of a page
_UPRIGHT = 4  # degrees; text that leans more is no line of the page
_FEW = 8  # characters; less says nothing about a page
_UNMAPPED = 0.5  # share of characters whose meaning the font does not tell
_SYMBOLS = 0.25  # share of marks among the characters of a page without a Chinese one
_OF_NUMBERS = ".,-%/:() "
_PRIVATE = 0.3  # share of characters of private fonts


@dataclass(frozen=True, slots=True)
class PageText:
    """The pieces of lines of a page in the order of the file; `garbled` when its characters are not what they look like."""

    lines: tuple[Line, ...]
    garbled: bool


def read_characters(page: Any, off: frozenset[bytes], account: Account, rules: Rules) -> PageText:
    """Read the text layer of a pdfium page. `off` are the layers that are not shown; their text, and text that lies across
    the page, is left out. Lines are cut where `rules` stand between their characters."""
    textpage = page.get_textpage()
    try:
        return _Page(page, textpage, off, account, rules).read()
    finally:
        textpage.close()


class _Page:
    def __init__(self, page: Any, textpage: Any, off: frozenset[bytes], account: Account, rules: Rules) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._textpage, self._handle = textpage, textpage.raw
        self._off, self._account, self._rules = off, account, rules
        self._width, self._height = page.get_size()
        self._codes = [pdfium.FPDFText_GetUnicode(self._handle, i) for i in range(textpage.count_chars())]
        self._layers: dict[int, bytes] = {}

    def read(self) -> PageText:
        lines: list[Line] = []
        start = 0
        for end in range(len(self._codes) + 1):
            if end == len(self._codes) or self._codes[end] in (0x0A, 0x0D):
                inked = [i for i in range(start, end) if self._codes[i] > 0x20 and self._codes[i] != 0x3000]
                if inked and (line := self._line(inked)):
                    lines += line
                start = end + 1
        return PageText(tuple(lines), self._is_garbled())

    def _line(self, inked: list[int]) -> list[Line]:
        shown = [i for i in inked if not self._is_off(i)] if self._off else inked
        if len(shown) < len(inked):
            self._account.leave("隐藏图层的文字", self._text([i for i in inked if i not in set(shown)]))
        if not shown:
            return []
        leaning = [i for i in shown if self._leans(i)] if len(inked) > 1 else []
        if leaning:
            self._account.leave("水印", self._text(leaning))
            shown = [i for i in shown if i not in set(leaning)]
        if not shown:
            return []
        pieces: list[list[int]] = [[shown[0]]]
        for before, index in pairwise(shown):
            if self._is_wide_gap(before, index) or (self._rules.upright and self._is_ruled_off(before, index)):
                pieces.append([])
            pieces[-1].append(index)
        return [self._piece(piece) for piece in pieces]

    def _leans(self, index: int) -> bool:
        angle = math.degrees(self._pdfium.FPDFText_GetCharAngle(self._handle, index)) % 90
        return min(angle, 90 - angle) > _UPRIGHT

    def _piece(self, inked: list[int]) -> Line:
        left, bottom, _, top = self._textpage.get_charbox(inked[0])
        _, _, right, _ = self._textpage.get_charbox(inked[-1])
        present = set(inked)
        kept = [
            i
            for i in range(inked[0], inked[-1] + 1)
            if (i in present or self._codes[i] <= 0x20 or self._codes[i] == 0x3000) and not self._is_gap(i)
        ]
        size = self._pdfium.FPDFText_GetFontSize(self._handle, inked[len(inked) // 2])
        return self._upright(Line(self._text(kept), left, right, (top + bottom) / 2, size), inked)

    def _upright(self, line: Line, inked: list[int]) -> Line:
        """The line as it would stand if its page were turned so that it can be read."""
        if self._quarter_turns(inked[0]) not in (1, 3) or len(inked) < 2:
            return line
        first, last = self._textpage.get_charbox(inked[0]), self._textpage.get_charbox(inked[-1])
        middle = (first[0] + first[2]) / 2
        if abs(last[1] - first[1]) < abs(last[0] - first[0]):
            return line
        if last[1] > first[1]:  # it runs up the page
            return replace(line, left=first[1], right=last[3], y=self._width - middle)
        return replace(line, left=self._height - first[3], right=self._height - last[1], y=middle)

    def _quarter_turns(self, index: int) -> int:
        """How far a character is turned, in quarters of a circle."""
        return round(math.degrees(self._pdfium.FPDFText_GetCharAngle(self._handle, index)) / 90) % 4

    def _text(self, indices: list[int]) -> str:
        units = "".join(chr(self._codes[i]) for i in indices)
        # Characters beyond U+FFFF come as surrogate pairs.
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _is_gap(self, index: int) -> bool:
        """Whether a space is only the narrow gap that typesetting puts between Chinese and Latin characters."""
        codes = self._codes
        if codes[index] != 0x20 or self._pdfium.FPDFText_IsGenerated(self._handle, index) != 1:
            return False
        if (codes[index - 1] >= 0x2E80) == (codes[index + 1] >= 0x2E80):
            return False
        before = self._textpage.get_charbox(index - 1, loose=True)
        after = self._textpage.get_charbox(index + 1, loose=True)
        return bool(after[0] - before[2] < _GAP * (before[3] - before[1]))

    def _is_wide_gap(self, before: int, index: int) -> bool:
        """Whether the program that wrote the page left a gap between two characters and no space of its own."""
        between = range(before + 1, index)
        if not between:
            return False
        one, other = self._textpage.get_charbox(before, loose=True), self._textpage.get_charbox(index, loose=True)
        typed = [self._codes[i] for i in between if self._pdfium.FPDFText_IsGenerated(self._handle, i) != 1]
        spaces = sum(1.0 if code == 0x3000 else 0.5 for code in typed)
        if self._quarter_turns(before) in (1, 3):  # the line runs up or down the page
            return bool(max(other[1] - one[3], one[1] - other[3]) > (_CELL_GAP + spaces) * (one[2] - one[0]))
        return bool(other[0] - one[2] > (_CELL_GAP + spaces) * (one[3] - one[1]))

    def _is_ruled_off(self, before: int, index: int) -> bool:
        _, bottom, right, top = self._textpage.get_charbox(before)
        left = self._textpage.get_charbox(index)[0]
        return self._rules.between(right - 1, left + 1, (bottom + top) / 2)

    def _is_off(self, index: int) -> bool:
        item = self._pdfium.FPDFText_GetTextObject(self._handle, index)
        if not item:
            return False
        import ctypes

        address = ctypes.addressof(item.contents)
        if address not in self._layers:
            self._layers[address] = layer_of(item)
        return self._layers[address] in self._off

    def _is_garbled(self) -> bool:
        inked = [i for i, code in enumerate(self._codes) if code > 0x20]
        controls = sum(code < 0x20 and code not in (0, 2, 9, 0x0A, 0x0D) for code in self._codes)
        if len(inked) < _FEW:
            return False
        codes = [self._codes[i] for i in inked]
        if sum(0xE000 <= code <= 0xF8FF for code in codes) > _PRIVATE * len(codes):
            return True
        if any(0x3400 <= code <= 0x9FFF for code in codes):
            return False
        symbols = sum(code < 0x80 and not chr(code).isalnum() and chr(code) not in _OF_NUMBERS for code in codes)
        unmapped = sum(self._pdfium.FPDFText_HasUnicodeMapError(self._handle, i) == 1 for i in inked)
        return bool(controls > 1 or unmapped > _UNMAPPED * len(codes) or symbols > _SYMBOLS * len(codes))
