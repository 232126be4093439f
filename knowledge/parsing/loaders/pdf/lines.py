"""From lines on pages to paragraphs: margins and indents tell where a paragraph ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from knowledge.parsing.loaders.account import PAGE_NUMBER, Account
from knowledge.parsing.loaders.lines import ends_sentence, join, starts_unit, width
from knowledge.parsing.loaders.pdf.geometry import Line, Page, Row, rows
from knowledge.parsing.loaders.pdf.layout import columns, with_tables, without_footnotes
from knowledge.text.quantities import ARABIC

_PAGE_NUMBER = re.compile(
    rf"[-—–―－·•\s]*(?:第\s*)?[{ARABIC}]{{1,4}}(?:\s*页)?(?:\s*[/／，,]?\s*(?:共\s*)?[{ARABIC}]{{1,4}}\s*页?)?[-—–―－·•\s]*"
)
_EDGE = 0.1  # share of the page height in which running heads and feet stand
_SHORT = 2.0  # em; a line that ends so far from the right margin is the last of its paragraph
_INDENT = 1.2  # em
_ASIDE = 6.0  # em; lines that begin so far from the left margin are titles, signatures, dates
_LONG = 0.8  # share of the room between the margins that a line takes which may go on though others reach further
_LEADER = re.compile(r"(?:…|[.．·-]{3,})\s*[0-9]{1,4}$")  # of a line in a table of contents
_OTHER_SIZE = 1.25  # times the size of the text; what is set larger is a title
_WIDE_GAP = 1.7  # line pitches; more space than this separates paragraphs


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line between the margins of its page: how far from the left one it begins, whether it reaches the right one, or
    nearly does (`long`); `size` of its letters, 0 when it is not known."""

    text: str
    indent: float
    reaches: bool
    long: bool
    is_row: bool
    size: float


def paragraphs(pages: Sequence[Page], account: Account) -> list[str]:
    """Paragraphs in reading order, without running heads, feet, page numbers and what else stands on pages only."""
    repeated = _running_lines(pages)
    bodies: list[tuple[list[Row], bool]] = []
    size = _body_size(pages)
    for page in pages:
        kept: list[Line] = []
        for row in rows(page.lines):
            if _is_running(row.line, page, repeated):
                account.leave(PAGE_NUMBER if _PAGE_NUMBER.fullmatch(row.line.text) else "页眉和页脚", row.line.text)
            else:
                kept += row.pieces
        kept = without_footnotes(replace(page, lines=tuple(kept)), size, account)
        for part in columns(replace(page, lines=tuple(kept))):
            bodies.append((with_tables(rows(part.lines)), part.column))
    everything = [row.line for body, _ in bodies for row in body]
    if not everything:
        return []
    em = _em(everything)
    pitch = _pitch([[row.line for row in body] for body, _ in bodies])
    found: list[str] = []
    previous: _Placed | None = None
    for body, is_column in bodies:
        # Margins of a short page say little; take the document's.
        sample = [row.line for row in body] if len(body) >= 10 or is_column else everything
        left, right = _quantile([line.left for line in sample], 0.05), _quantile([line.right for line in sample], 0.95)
        for index, row in enumerate(body):
            line = row.line
            gap = body[index - 1].line.y - line.y if index else 0.0
            placed = _Placed(
                line.text.strip(),
                line.left - left,
                line.right >= right - _SHORT * em,
                line.right >= left + _LONG * (right - left),
                bool(row.cells),
                line.size,
            )
            if previous is not None and gap <= _WIDE_GAP * pitch and _goes_on(previous, placed, em):
                found[-1] = join(found[-1], placed.text)
            else:
                found.append(placed.text)
            previous = placed
    return found


def _goes_on(previous: _Placed, line: _Placed, em: float) -> bool:
    if previous.is_row or line.is_row or _LEADER.search(previous.text):
        return False
    if 0 < line.size * _OTHER_SIZE < previous.size:
        return False  # a title above its text
    hanging = previous.long and line.indent < previous.indent - em and not ends_sentence(previous.text)
    if not previous.reaches and not hanging:  # signatures and imprints may reach beyond the text
        return False
    if max(previous.indent, line.indent) > _ASIDE * em:
        return False
    if line.indent > _INDENT * em and (line.indent > previous.indent + em / 2 or ends_sentence(previous.text)):
        return False
    return not (starts_unit(line.text) and ends_sentence(previous.text))


def _body_size(pages: Sequence[Page]) -> float:
    """Size of the letters in which most of a document is set, 0 when it does not tell."""
    sizes = [line.size for page in pages for line in page.lines for _ in line.text if line.size > 0]
    return median(sizes) if sizes else 0.0


def _running_lines(pages: Sequence[Page]) -> frozenset[str]:
    """Lines that come back at the edge of many pages, digits aside."""
    counts = Counter(
        key for page in pages for key in {_key(line) for line in page.lines if _at_edge(line, page)} if key.strip("#")
    )
    filled = sum(bool(page.lines) for page in pages)
    return frozenset(key for key, count in counts.items() if count >= max(2, 0.4 * filled))


def _is_running(line: Line, page: Page, repeated: frozenset[str]) -> bool:
    if line.cells or not _at_edge(line, page, 1.3 * _EDGE):
        return False
    return _PAGE_NUMBER.fullmatch(line.text) is not None or (_at_edge(line, page) and _key(line) in repeated)


def _at_edge(line: Line, page: Page, edge: float = _EDGE) -> bool:
    return not edge * page.height < line.y < (1 - edge) * page.height


def _key(line: Line) -> str:
    return re.sub(f"[{ARABIC}]+", "#", re.sub(r"\s", "", line.text))


def _em(lines: Sequence[Line]) -> float:
    """Width of one Chinese character in points, from the lines that are long enough to tell."""
    widths = [(line.right - line.left) / width(line.text) * 2 for line in lines if width(line.text) >= 20]
    return median(widths) if widths else 14.0


def _pitch(bodies: Sequence[Sequence[Line]]) -> float:
    steps = [above.y - below.y for body in bodies for above, below in pairwise(body) if above.y - below.y > 1]
    return median(steps) if steps else 20.0


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
