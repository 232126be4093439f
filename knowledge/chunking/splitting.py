"""Slices of a text on their way to passages: lines, sentences, and the joining of short neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

ARTICLE_LIMIT = 450  # characters; a longer article is split at 款, then 项
PARAGRAPH_LIMIT = 600  # characters; a longer paragraph is split at sentence ends
SHORT = 120  # characters; a shorter piece joins its neighbour in the same section
SENTENCE_END = re.compile(r"[。！？!?；;][”’」）)】]*")


@dataclass(slots=True)
class Piece:
    """A stretch of text on its way to a passage. `first` and `last` are the addresses it reaches from and to, `home`
    the address of the section in which it may join its neighbours (None: it stands alone, as articles do), `lead`
    the words that a piece is cut off from."""

    first: str
    last: str
    start: int
    end: int
    home: str | None
    lead: str = ""
    headings: tuple[str, ...] = field(default_factory=tuple)

    def __len__(self) -> int:
        return self.end - self.start


def lines_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    position = start
    for line in text[start:end].split("\n"):
        if line.strip():
            lead = len(line) - len(line.lstrip())
            spans.append((position + lead, position + len(line.rstrip())))
        position += len(line) + 1
    return spans


def sentences(text: str, address: str, start: int, end: int, home: str) -> list[Piece]:
    """One paragraph, split at sentence ends into about equal pieces when it is long: `第2段·1`, `第2段·2`."""
    if end - start <= PARAGRAPH_LIMIT:
        return trimmed(text, address, start, end, home)
    bounds = [start]
    ends = [found.end() for found in SENTENCE_END.finditer(text, start, end)]
    full = [stop for stop in ends if text[stop - 1] not in "；;"] or ends
    count = -(-(end - start) // ARTICLE_LIMIT)
    target = (end - start) / count
    for stop in full:
        if stop - bounds[-1] >= target * 0.85 and end - stop >= SHORT:
            bounds.append(stop)
    bounds.append(end)
    spans = [piece for a, b in pairwise(bounds) for piece in _hard(text, a, b)]
    numbered = []
    for number, (a, b) in enumerate(spans, 1):
        numbered += trimmed(text, f"{address}·{number}" if len(spans) > 1 else address, a, b, home)
    return numbered


def trimmed(text: str, address: str, start: int, end: int, home: str | None) -> list[Piece]:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return [Piece(address, address, start, end, home)] if start < end else []


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join a short piece with its neighbour when both are at home in the same section, and the short opening words
    of a section with what they open."""
    kept: list[Piece] = []
    for piece in pieces:
        before = kept[-1] if kept else None
        if before and piece.end - before.start <= ARTICLE_LIMIT and _join(before, piece):
            opens = piece.first.startswith(f"{before.first}/")
            before.first = piece.first if opens else before.first
            before.end, before.last, before.home = piece.end, piece.last, piece.home
        else:
            kept.append(piece)
    return kept


def _join(before: Piece, piece: Piece) -> bool:
    if before.home is None or piece.home is None or (piece.lead and piece.lead != before.lead):
        return False
    if len(before) < SHORT and piece.first.startswith(f"{before.first}/"):
        return True
    return before.home == piece.home and (len(before) < SHORT or len(piece) < SHORT)


def _hard(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces of at most twice the limit even where no sentence ends: a table, a list of names."""
    spans = []
    while end - start > 2 * PARAGRAPH_LIMIT:
        window = text[start : start + PARAGRAPH_LIMIT]
        stop = max(window.rfind(mark) for mark in ("；", "，", "、", "|", " ")) + 1 or PARAGRAPH_LIMIT
        spans.append((start, start + stop))
        start += stop
    return [*spans, (start, end)]
