"""From lines on pages to paragraphs: margins and indents tell where a paragraph ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from knowledge.parsing.loaders.account import PAGE_NUMBER, Account
from knowledge.parsing.loaders.lines import ends_sentence, join, starts_unit, width
from knowledge.text.quantities import ARABIC

_PAGE_NUMBER = re.compile(
    rf"[-—–―－·•\s]*(?:第\s*)?[{ARABIC}]{{1,4}}(?:\s*页)?(?:\s*[/／，,]?\s*(?:共\s*)?[{ARABIC}]{{1,4}}\s*页?)?[-—–―－·•\s]*"
)
_EDGE = 0.1  # share of the page height in which running heads and feet stand
_SHORT = 2.0  # em; a line that ends so far from the right margin is the last of its paragraph
_INDENT = 1.2  # em
_ASIDE = 6.0  # em; lines that begin so far from the left margin are titles, signatures, dates
_WIDE_GAP = 1.7  # line pitches; more space than this separates paragraphs


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. Lengths in points, from the left and from the bottom of the page."""

    text: str
    left: float
    right: float
    y: float


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    width: float
    height: float


def paragraphs(pages: Sequence[Page], account: Account) -> list[str]:
    """Paragraphs in reading order, without running heads, feet and page numbers."""
    repeated = _running_lines(pages)
    bodies: list[list[Line]] = []
    for page in pages:
        bodies.append([])
        for line in _rows(page):
            if _is_running(line, page, repeated):
                account.leave(PAGE_NUMBER if _PAGE_NUMBER.fullmatch(line.text) else "页眉和页脚", line.text)
            else:
                bodies[-1].append(line)
    everything = [line for body in bodies for line in body]
    if not everything:
        return []
    em = _em(everything)
    pitch = _pitch(bodies)
    found: list[str] = []
    previous: Line | None = None
    right = max(line.right for line in everything)
    for body in bodies:
        # Margins of a short page say little; take the document's.
        sample = body if len(body) >= 10 else everything
        left, right = _quantile([line.left for line in sample], 0.05), _quantile([line.right for line in sample], 0.95)
        for index, line in enumerate(body):
            gap = body[index - 1].y - line.y if index else 0.0
            if previous is not None and _goes_on(previous, line, left, right, em) and gap <= _WIDE_GAP * pitch:
                found[-1] = join(found[-1], line.text.strip())
            else:
                found.append(line.text.strip())
            previous = line
    return found


def _goes_on(previous: Line, line: Line, left: float, right: float, em: float) -> bool:
    if previous.right < right - _SHORT * em:
        return False
    if max(previous.left, line.left) > left + _ASIDE * em:
        return False
    if line.left > left + _INDENT * em and (line.left > previous.left + em / 2 or ends_sentence(previous.text)):
        return False
    return not (starts_unit(line.text.strip()) and ends_sentence(previous.text))


def _rows(page: Page) -> list[Line]:
    """Lines, with pieces of one row (cells, a number apart from its text) put together."""
    rows: list[Line] = []
    for line in page.lines:
        last = rows[-1] if rows else None
        if last is not None and abs(last.y - line.y) < 3 and line.left >= last.right:
            rows[-1] = Line(f"{last.text} {line.text}", last.left, line.right, last.y)
        else:
            rows.append(line)
    return rows


def _running_lines(pages: Sequence[Page]) -> frozenset[str]:
    """Lines that come back at the edge of many pages, digits aside."""
    counts = Counter(
        key for page in pages for key in {_key(line) for line in page.lines if _at_edge(line, page)} if key.strip("#")
    )
    filled = sum(bool(page.lines) for page in pages)
    return frozenset(key for key, count in counts.items() if count >= max(2, 0.4 * filled))


def _is_running(line: Line, page: Page, repeated: frozenset[str]) -> bool:
    if not _at_edge(line, page, 1.3 * _EDGE):
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
