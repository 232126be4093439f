"""Words that are laid over every page again and again, upright, and are no text of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.lines import ends_sentence
from knowledge.parsing.loaders.pdf.geometry import Line, Page

_TIMES = 3  # on one page
_SHORTEST = 3  # characters
_NEAR = 2.0  # points; pieces whose middles are so close stand on one line


def without_tiles(pages: Sequence[Page], account: Account) -> list[Page]:
    """`pages` without words that stand at least three times on a page, below and beside each other or in the same places of
    another page, on lines of their own; the same words in the rows of a table stand on the lines of other cells."""
    tiled = [dict(_repeated(page)) for page in pages]
    places = [
        {(line.text, round(line.left), round(line.y)) for lines in one.values() for line in lines} for one in tiled
    ]
    kept = []
    for number, (page, found) in enumerate(zip(pages, tiled, strict=True)):
        others = set().union(*places[:number], *places[number + 1 :]) if found else set()
        over: set[str] = set()
        for text, lines in found.items():
            scattered = len({round(line.left / _NEAR) for line in lines}) > 1
            if scattered or all((text, round(line.left), round(line.y)) in others for line in lines):
                over.add(text)
        for line in page.lines:
            if line.text in over:
                account.leave("水印", line.text)
        kept.append(replace(page, lines=tuple(line for line in page.lines if line.text not in over)))
    return kept


def _repeated(page: Page) -> Iterator[tuple[str, list[Line]]]:
    by_text: dict[str, list[Line]] = defaultdict(list)
    for line in page.lines:
        if not line.cells and len(line.text) >= _SHORTEST and not ends_sentence(line.text):
            by_text[line.text].append(line)
    for text, lines in by_text.items():
        if len({round(line.y / _NEAR) for line in lines}) < _TIMES:
            continue
        alone = sum(all(other.text == text or abs(other.y - line.y) > _NEAR for other in page.lines) for line in lines)
        if alone > len(lines) / 2:
            yield text, lines
