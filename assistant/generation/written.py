"""What a model wrote, once it has passed the checks."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.model import Citation, Generation, Sentence


@dataclass(frozen=True, slots=True)
class Written:
    """Checked sentences. Markers count from 1 in the order of the sentences."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    generation: Generation
