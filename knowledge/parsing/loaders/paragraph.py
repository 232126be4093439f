"""What every reader hands on: the paragraphs of a file in reading order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as a reader found it; `level` is that of a heading in the markup, None for body text."""

    text: str
    level: int | None = None
