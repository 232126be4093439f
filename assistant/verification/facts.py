"""What must be exactly right in a sentence: numbers with their units, dates, 文号, articles and quoted words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.text.quantities import (
    DIGIT,
    ITEM,
    ITEM_NUMBER,
    PartialDate,
    Quantity,
    Reference,
    blanked,
    doc_nos,
    partial_dates,
    quantities,
    without_words,
)

_QUOTED = re.compile(r"“([^“”]{2,80})”|‘([^‘’]{2,80})’|\"([^\"]{2,80})\"|「([^「」]{2,80})」|『([^『』]{2,80})』")
_TITLE = re.compile(r"《([^《》]{2,80})》")
#: The number that a line or its item begins with tells nothing about the matter.
_LABEL = re.compile(
    rf"^[\s>#*\-•·]*(?:[0-9]{{1,2}}[.、)](?![0-9])|\([0-9{ITEM}]{{1,3}}\)|{ITEM_NUMBER}、|[①-⑳]|"
    rf"第[{DIGIT}][,，、:：]|[{ITEM}]是(?=[\u4e00-\u9fff]))?",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one plain text."""

    numbers: tuple[Quantity, ...]
    dates: tuple[PartialDate, ...]
    references: tuple[Reference, ...]
    quotes: tuple[str, ...]
    titles: tuple[str, ...]


def facts(plain: str) -> Facts:
    """The facts of `plain`, a text in half width without spaces between Chinese characters (`searchable`)."""
    references = tuple(doc_nos(plain))
    text = _unlabelled(blanked(plain, ((one.start, one.end) for one in references)))
    quotes = tuple(next(filter(None, match.groups())) for match in _QUOTED.finditer(text))
    titles = tuple(match[1] for match in _TITLE.finditer(text))
    dates = tuple(partial_dates(text))
    text = blanked(text, ((date.start, date.end) for date in dates))
    return Facts(tuple(quantities(text)), dates, references, quotes, titles)


def uncounted(plain: str, found: Facts) -> str:
    """`plain` without its facts' numbers and dates (`found`) and the words that only look like one; as long as before."""
    spans = [(one.start, one.end) for one in found.numbers] + [(one.start, one.end) for one in found.dates]
    return without_words(_unlabelled(blanked(plain, spans)))


def _unlabelled(text: str) -> str:
    return _LABEL.sub(lambda match: "+" * len(match[0]), text)
