"""Reads an answer back from the JSON it was stored as: the inverse of `contract.answer_json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.conversations.answer_json import Json
from assistant.model import Answer, Citation, CitedDocument, Curated, Generation, Mode, Refusal, Role, Sentence, Table
from knowledge.model import Validity


def answer_from_json(stored: Json) -> Answer:
    """The answer that `answer_json` wrote. Raises KeyError or ValueError when `stored` is something else."""
    data: dict[str, Any] = stored
    return Answer(
        question=data["question"],
        standalone=data["standalone"],
        mode=Mode(data["mode"]),
        sentences=tuple(
            Sentence(one["text"], tuple(one["citations"]), Role(one.get("role", Role.TEXT)), one.get("supported", True))
            for one in data["sentences"]
        ),
        citations=_citations(data["citations"]),
        confidence=data["confidence"],
        refusal=_refusal(data["refusal"]) if data["refusal"] else None,
        notices=tuple(data.get("notices", ())),
        table=_table(data["table"]) if data.get("table") else None,
        timings_ms=data.get("timings_ms", {}),
        generation=Generation(**data["generation"]) if data.get("generation") else None,
        curated=Curated(**data["curated"]) if data.get("curated") else None,
    )


def _citations(stored: Sequence[dict[str, Any]]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            marker=one["marker"],
            document=CitedDocument(**{**one["document"], "validity": Validity(one["document"]["validity"])}),
            version_id=one["version_id"],
            passage_id=one["passage_id"],
            address=one["address"],
            quote=one["quote"],
            start=one["start"],
            end=one["end"],
        )
        for one in stored
    )


def _refusal(stored: dict[str, Any]) -> Refusal:
    return Refusal(stored["code"], stored["reason"], _citations(stored["nearest"]), stored.get("missing"))


def _table(stored: dict[str, Any]) -> Table:
    rows = tuple(tuple(tuple(cell) for cell in row) for row in stored["rows"])
    return Table(tuple(stored["headers"]), tuple(stored["labels"]), rows)
