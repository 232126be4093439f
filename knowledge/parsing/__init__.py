"""From the text of a file to its structure: labels, titles, headings, clauses, the outline, its provisions."""

from __future__ import annotations

from knowledge.parsing.comparison import Revision, revision
from knowledge.parsing.outline import Outline
from knowledge.parsing.provisions import Provision, match

__all__ = [
    "Outline",
    "Provision",
    "Revision",
    "match",
    "revision",
]
