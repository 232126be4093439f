"""Words and characters: one width, one way to write numbers and dates, tokens, how alike two wordings are, what must not leave."""

from __future__ import annotations

from knowledge.text.confidential import document_marked, marked
from knowledge.text.masking import mask
from knowledge.text.normalise import searchable
from knowledge.text.similarity import jaccard, shape
from knowledge.text.tokenizer import tokenize

__all__ = [
    "document_marked",
    "jaccard",
    "marked",
    "mask",
    "searchable",
    "shape",
    "tokenize",
]
