"""Cutting a text into passages, and what trainers change of the cut."""

from __future__ import annotations

from knowledge.chunking.chunker import cut
from knowledge.chunking.edits import Cut, Edit, EditKind, fit
from knowledge.chunking.indexed import NewPassage, indexed_passages, indexed_text, new_passage, text_hash

__all__ = [
    "Cut",
    "Edit",
    "EditKind",
    "NewPassage",
    "cut",
    "fit",
    "indexed_passages",
    "indexed_text",
    "new_passage",
    "text_hash",
]
