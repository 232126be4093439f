"""What is indexed of a passage: its text under its title and section path, known by a hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.chunking.edits import Cut


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage ready to be stored. `indexed` is the text that was embedded and whose words are indexed, `text_hash`
    its hash."""

    address: str
    context: str
    text: str
    start: int
    end: int
    indexed: str
    text_hash: bytes
    enabled: bool = True


def new_passage(title: str, address: str, context: str, text: str, start: int, end: int) -> NewPassage:
    """A passage as it is indexed under `title`."""
    indexed = indexed_text(title, context, text)
    return NewPassage(address, context, text, start, end, indexed, text_hash(indexed))


def indexed_passages(text: str, title: str, cuts: Sequence[Cut]) -> tuple[NewPassage, ...]:
    """Passages of `text` as they are indexed under `title`."""
    made = []
    for one in cuts:
        span = one.span
        fresh = new_passage(title, span.address, span.context, text[span.start : span.end], span.start, span.end)
        made.append(fresh if one.enabled else replace(fresh, enabled=False))
    return tuple(made)


def indexed_text(title: str, context: str, text: str) -> str:
    """What is embedded and what is searched for words: a passage with its title and section path."""
    return "\n".join(part for part in (title, context, text) if part)


def text_hash(indexed: str) -> bytes:
    """Identity of an embedded text."""
    return hashlib.sha256(indexed.encode()).digest()[:16]
