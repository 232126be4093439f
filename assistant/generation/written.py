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

    @property
    def notice(self) -> str:
        """What the reader should know about the making of the text, if anything."""
        return (
            "这个问题此前依据同样的来源生成过回答，这里沿用当时的文字，并已重新核对。" if self.generation.cached else ""
        )
