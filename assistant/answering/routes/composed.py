"""What a route makes of a question."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.answerability import Verdict
from assistant.answering.draft import Draft
from assistant.model import Curated, Notice, Refusal, Table
from knowledge.model import Hit


@dataclass(frozen=True, slots=True)
class Composed:
    """A filled draft, or a refusal. `confidence` lies in 0..1; `hits` are what a model may write from besides the draft.
    A `possible` draft holds whole provisions that may be the answer."""

    draft: Draft
    confidence: float
    refusal: Refusal | None = None
    notices: tuple[Notice, ...] = ()
    table: Table | None = None
    verdict: Verdict | None = None
    hits: tuple[Hit, ...] = ()
    curated: Curated | None = None
    possible: bool = False
