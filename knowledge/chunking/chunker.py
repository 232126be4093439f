"""Cutting a text into passages: an article, a numbered section or a few paragraphs, each with an address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.chunking.splitting import (
    ARTICLE_LIMIT,
    PARAGRAPH_LIMIT,
    SENTENCE_END,
    SHORT,
    Piece,
    joined,
    lines_of,
    sentences,
    trimmed,
)
from knowledge.model import Section, Span
from knowledge.parsing.outline import Outline

__all__ = ["ARTICLE_LIMIT", "PARAGRAPH_LIMIT", "SHORT", "cut"]

_LEAD_IN_LIMIT = 150  # characters of a lead-in that are repeated as context
_WORDS_LIMIT = 40  # characters of a first line that stand for a section without a heading
_NUMBERED = ("一", "（一）", "1", "（1）", "①", "a")
_INNER = ("款", "项", "目", "一是")  # levels that lie inside a passage
_FRAMES = ("表", "组")  # levels whose own words (sheet, titles, headers) are only the context of the rows below them


@dataclass(frozen=True, slots=True)
class _Tree:
    """A section with its children."""

    section: Section
    children: tuple[_Tree, ...]


def cut(text: str, outline: Outline) -> tuple[Span, ...]:
    """Passages in reading order, not overlapping, none of them blank, each a slice of `text`; addresses are unique.

    Left out are headings that only open smaller sections (they are the context of what follows), tables of
    contents and page furniture. `context` is the words of the section path (`第二章 教育内容`), for the later
    pieces of a split article also its lead-in.
    """
    pieces: list[Piece] = []
    counter = 0
    position = outline.body[0]
    trees = _trees(outline.sections)
    for tree in trees:
        start, end = tree.section.start, tree.section.end
        if _inside(outline.body, start):
            found, counter = _loose(text, position, start, counter)
            pieces += found
            position = end
        if tree.section.level not in _INNER:
            pieces += _section(text, tree, (), "")
    if all(tree.section.level in _INNER or not _inside(outline.body, tree.section.start) for tree in trees):
        pieces = [piece for piece in pieces if not _inside(outline.body, piece.start)]
        found, _ = _loose(text, *outline.body, 0)
        pieces += found
    else:
        found, _ = _loose(text, position, outline.body[1], counter)
        pieces += found
    pieces.sort(key=lambda piece: piece.start)
    return _spans(text, joined(pieces), outline.sections)


def _section(text: str, tree: _Tree, above: tuple[str, ...], home: str) -> list[Piece]:
    """Pieces of a section: its own words, then what its children hold."""
    section = tree.section
    if section.level == "条":
        return _article(text, tree, above)
    if section.level == "行":
        return _row(text, section, above)
    children = [child for child in tree.children if child.section.level not in _INNER]
    words = _words(text, section)
    inner = (*above, words) if words else above
    if not children:
        return _leaf(text, section, above, inner, home or section.path)
    pieces: list[Piece] = []
    own_end = children[0].section.start
    if section.level not in _FRAMES and not _is_heading_only(text[section.start : own_end], section):
        own = _paragraph_pieces(text, section.start, own_end, section.path, section.path, words)
        for place, piece in enumerate(own):
            piece.headings = above if place == 0 else inner
        pieces += own
    for place, child in enumerate(children):
        pieces += _section(text, child, inner, section.path)
        until = children[place + 1].section.start if place + 1 < len(children) else section.end
        for piece in _paragraph_pieces(text, child.section.end, until, section.path, section.path, ""):
            piece.headings = inner
            pieces.append(piece)
    return pieces


def _leaf(text: str, section: Section, above: tuple[str, ...], inner: tuple[str, ...], home: str) -> list[Piece]:
    if section.end - section.start <= ARTICLE_LIMIT:
        pieces = trimmed(text, section.path, section.start, section.end, home)
    else:
        pieces = _paragraph_pieces(text, section.start, section.end, section.path, section.path, _words(text, section))
    for place, piece in enumerate(pieces):
        # The first piece begins with the section's own heading, which therefore is not its context.
        piece.headings = above if place == 0 else inner
    return pieces


def _paragraph_pieces(text: str, start: int, end: int, path: str, home: str, heading: str) -> list[Piece]:
    """Paragraphs of `start:end`, short ones joined, long ones split at sentence ends. When there are several they
    are `path/第1段`, `path/第2段`; a heading line counts with the first."""
    lines = lines_of(text, start, end)
    if len(lines) > 1 and heading and lines[0][1] - lines[0][0] <= len(heading) + 4:
        lines[:2] = [(lines[0][0], lines[1][1])]
    several = len(lines) > 1
    pieces: list[Piece] = []
    for number, (line_start, line_end) in enumerate(lines, 1):
        address = f"{path}/第{number}段" if several else path
        pieces += sentences(text, address, line_start, line_end, path)
    kept = joined(pieces)
    if len(kept) == 1:
        kept[0].first = kept[0].last = path
    for piece in kept:
        piece.home = home
    return kept


def _loose(text: str, start: int, end: int, counted: int) -> tuple[list[Piece], int]:
    """Paragraphs of the body outside every section: `第1段`, `第2段`, counted through the document."""
    pieces: list[Piece] = []
    for line_start, line_end in lines_of(text, start, end):
        counted += 1
        pieces += sentences(text, f"第{counted}段", line_start, line_end, "")
    return pieces, counted


def _article(text: str, tree: _Tree, above: tuple[str, ...]) -> list[Piece]:
    """An article is one piece; a long one its 款, a long 款 groups of its 项."""
    section = tree.section
    if section.end - section.start <= ARTICLE_LIMIT or not tree.children:
        pieces = _plain(text, section)
    elif tree.children[0].section.level == "款":
        pieces = []
        for child in tree.children:
            part = child.section
            if part.end - part.start > ARTICLE_LIMIT and len(child.children) > 1:
                pieces += _groups(text, child, section.path)
            else:
                pieces += _plain(text, part)
        pieces = joined([_at_home(piece, section.path) for piece in pieces])
    else:
        pieces = _groups(text, tree, section.path)
    if len(pieces) == 1:
        pieces[0].first = pieces[0].last = section.path
    opening = _opening(text, section)
    for place, piece in enumerate(pieces):
        piece.home = None
        piece.headings = above
        if place and not piece.lead:
            piece.lead = opening
    return pieces


def _row(text: str, section: Section, above: tuple[str, ...]) -> list[Piece]:
    """A row of a table is a passage by itself; the later pieces of a long one say which row it is."""
    pieces = sentences(text, section.path, section.start, section.end, section.path)
    for place, piece in enumerate(pieces):
        piece.home, piece.headings = None, above
        piece.lead = _shortened(section.title) if place else ""
    return pieces


def _groups(text: str, tree: _Tree, home: str) -> list[Piece]:
    """Consecutive 项 of one 款 up to the limit; the first group has the lead-in, the others repeat it as context."""
    section, items = tree.section, [child.section for child in tree.children]
    lead = text[section.start : items[0].start].strip()
    pieces: list[Piece] = []
    for place, item in enumerate(items):
        start = section.start if place == 0 else item.start
        end = items[place + 1].start if place + 1 < len(items) else section.end
        for piece in sentences(text, item.path, start, end, home):
            current = pieces[-1] if pieces else None
            if current and len(current) + len(piece) <= ARTICLE_LIMIT:
                current.end, current.last = piece.end, piece.last
            else:
                pieces.append(piece)
    for place, piece in enumerate(pieces):
        if place == 0 and len(pieces) > 1 and piece.first == piece.last == items[0].path:
            continue
        if place:
            piece.lead = _shortened(lead)
    return pieces


def _opening(text: str, section: Section) -> str:
    """What an article is about, for its later pieces: its number and first sentence."""
    first = text[section.start : section.end].strip().split("\n", 1)[0]
    found = SENTENCE_END.search(first)
    return _shortened(first[: found.end()] if found else first)


def _shortened(words: str) -> str:
    return words if len(words) <= _LEAD_IN_LIMIT else words[: _LEAD_IN_LIMIT - 1] + "…"


def _plain(text: str, section: Section) -> list[Piece]:
    if section.end - section.start <= PARAGRAPH_LIMIT:
        return trimmed(text, section.path, section.start, section.end, section.path)
    return _paragraph_pieces(text, section.start, section.end, section.path, section.path, "")


def _at_home(piece: Piece, home: str) -> Piece:
    piece.home = home
    return piece


def _spans(text: str, pieces: Sequence[Piece], sections: Sequence[Section]) -> tuple[Span, ...]:
    spans: list[Span] = []
    taken: Counter[str] = Counter()
    whole = {(section.start, section.end): section.path for section in reversed(sections)}
    for piece in pieces:
        address = whole.get((piece.start, piece.end)) or _range(piece.first, piece.last)
        taken[address] += 1
        unique = address if taken[address] == 1 else f"{address}〔{taken[address]}〕"
        context = " / ".join([*piece.headings, *([piece.lead] if piece.lead else [])])
        spans.append(Span(unique, piece.start, piece.end, context))
    return tuple(spans)


def _range(first: str, last: str) -> str:
    """`二/1` and `二/4` -> `二/1至4`; `第七条/（一）` and `第七条/（五）` -> `第七条/（一）至（五）`."""
    if first == last:
        return first
    return f"{first}至{last.rpartition('/')[2]}"


def _words(text: str, section: Section) -> str:
    """`第二章 教育内容`, `二、坚定政治信仰`, `结束语`: a section in the words a reader would use; a numbered section
    without a heading gives the beginning of its first line."""
    if section.level in ("题注", "导语", "引言", "结语", "落款"):
        return ""
    if section.level in _NUMBERED and not section.title:
        first = text[section.start : section.end].strip().split("\n", 1)[0]
        return first if len(first) <= _WORDS_LIMIT else first[: _WORDS_LIMIT - 1] + "…"
    gap = {"一": "、", "1": ".", "（一）": "", "（1）": ""}.get(section.level, " ")
    return f"{section.label}{gap}{' '.join(section.title.split())}".strip()


def _is_heading_only(own: str, section: Section) -> bool:
    """Whether a section's own words are no more than its number and heading."""
    stripped = re.sub(r"[\s、．.，。：:]", "", own)
    heading = re.sub(r"[\s、．.，。：:]", "", section.label + section.title)
    return (
        not stripped
        or stripped == heading
        or (section.level in ("标题", "部分", "附件") and len(stripped) <= len(heading) + 6)
    )


def _trees(sections: Sequence[Section]) -> list[_Tree]:
    def build(first: int, after: int, depth: int) -> tuple[_Tree, ...]:
        found: list[_Tree] = []
        index = first
        while index < after:
            end = index + 1
            while end < after and sections[end].depth > depth:
                end += 1
            found.append(_Tree(sections[index], build(index + 1, end, depth + 1)))
            index = end
        return tuple(found)

    return list(build(0, len(sections), 0))


def _inside(body: tuple[int, int], position: int) -> bool:
    return body[0] <= position < body[1]
