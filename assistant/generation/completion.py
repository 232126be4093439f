"""One answer of a language model while it comes in: its text, what it cost, and whether it came to its own end."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass


class Completion:
    """One answer of the model while it comes in; iterate over it once for pieces of text.

    Raises GenerationFailed while iterating. Afterwards `prompt_tokens` and `completion_tokens` are what the endpoint
    counted (None when it does not), `first_ms` and `total_ms` times, and `whole` tells whether the model came to its own
    end, rather than being cut off.
    """

    def __init__(self, pieces: Iterator[str | Usage | Ended]) -> None:
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None
        self.first_ms = 0.0
        self.total_ms = 0.0
        self.whole = False
        self._pieces = pieces

    def __iter__(self) -> Generator[str]:
        began = time.perf_counter()
        try:
            for piece in self._pieces:
                if isinstance(piece, Usage):
                    self.prompt_tokens, self.completion_tokens = piece.prompt_tokens, piece.completion_tokens
                elif isinstance(piece, Ended):
                    self.whole = piece.reason == "stop"
                elif piece:
                    self.first_ms = self.first_ms or (time.perf_counter() - began) * 1000
                    yield piece
        finally:
            self.total_ms = (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True)
class Usage:
    """What the endpoint counted."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The endpoint's own end of an answer: `stop`, or `length`, `content_filter` when it was cut off."""

    reason: str


def replayed(text: str) -> Completion:
    """A text that the model wrote before, as it came in; it costs no tokens."""
    return Completion(iter((text, Usage(0, 0), Ended("stop"))))
