"""The JSON shapes of `ask` and `search` that tests and people rely on (DESIGN §9), and an answer read back from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from assistant.model import (
    Answer,
    Citation,
    CitedDocument,
    Curated,
    Generation,
    Mode,
    Notice,
    NoticeCode,
    Refusal,
    Role,
    Sentence,
    Table,
)
from knowledge.model import Document, Hit, Validity

Json = dict[str, object]

_OUT_OF_FORCE = re.compile(rf"(?:（[^（）]*）)?(?P<day>在 [0-9-]+ )?(?:{'|'.join(map(str, Validity))})，")


def answer_json(answer: Answer) -> Json:
    """The object that `ask --json` prints for one answer."""
    return {
        "question": answer.question,
        "standalone": answer.standalone,
        "mode": str(answer.mode),
        "text": answer.text,
        "confidence": answer.confidence,
        "refusal": _refusal_json(answer.refusal) if answer.refusal else None,
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "role": str(sentence.role),
                "supported": sentence.supported,
            }
            for sentence in answer.sentences
        ],
        "citations": [citation_json(citation) for citation in answer.citations],
        "notices": [notice.text for notice in answer.notices],
        "noted": [{"code": str(one.code), "document": one.document, "title": one.title} for one in answer.notices],
        "table": _table_json(answer.table) if answer.table else None,
        "timings_ms": dict(answer.timings_ms),
        "generation": asdict(answer.generation) if answer.generation else None,
        "curated": asdict(answer.curated) if answer.curated else None,
    }


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
        notices=tuple(_notices(data)),
        table=_table(data["table"]) if data.get("table") else None,
        timings_ms=data.get("timings_ms", {}),
        generation=Generation(**data["generation"]) if data.get("generation") else None,
        curated=Curated(**data["curated"]) if data.get("curated") else None,
    )


def citation_json(citation: Citation) -> Json:
    """One citation; `quote` is the canonical text at `start:end`."""
    return {
        "marker": citation.marker,
        "document": _cited_json(citation.document),
        "kind": citation.document.kind,
        "version_id": citation.version_id,
        "passage_id": citation.passage_id,
        "address": citation.address,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def hits_json(query: str, hits: list[Hit]) -> Json:
    """The object that `search --json` prints; hits are best first and a higher score is better."""
    return {
        "query": query,
        "hits": [
            {
                "passage_id": hit.passage.id,
                "score": round(hit.score, 6),
                "document": _document_json(hit.document),
                "address": hit.passage.address,
                "text": hit.passage.text,
                "start": hit.passage.start,
                "end": hit.passage.end,
            }
            for hit in hits
        ],
    }


def _refusal_json(refusal: Refusal) -> Json:
    return {
        "reason": refusal.reason,
        "code": refusal.code,
        "missing": refusal.missing,
        "nearest": [citation_json(citation) for citation in refusal.nearest],
    }


def _table_json(table: Table) -> Json:
    return asdict(table)


def _cited_json(document: CitedDocument) -> Json:
    return {
        "id": document.id,
        "title": document.title,
        "doc_no": document.doc_no,
        "issuer": document.issuer,
        "edition": document.edition,
        "validity": str(document.validity),
    }


def _document_json(document: Document) -> Json:
    card = document.card
    return {
        "id": document.id,
        "title": card.title,
        "doc_no": card.doc_no,
        "issuer": card.issuer,
        "edition": card.edition,
        "validity": str(document.validity),
    }


def _notices(data: dict[str, Any]) -> Iterator[Notice]:
    """The notices of an answer; before they had codes they were sentences, of which the first might tell of a model."""
    texts, noted = data.get("notices", ()), data.get("noted")
    if noted is not None:
        for text, one in zip(texts, noted, strict=True):
            yield Notice(NoticeCode(one["code"]), text, one["document"], one["title"])
        return
    generation = data.get("generation") or {}
    for place, text in enumerate(texts):
        if place == 0 and generation.get("failure"):
            yield Notice(NoticeCode.NOT_WRITTEN, text)
        elif place == 0 and generation.get("cached"):
            yield Notice(NoticeCode.WRITTEN_BEFORE, text)
        else:
            yield _uncoded(text, data["citations"])


def _uncoded(text: str, citations: Sequence[dict[str, Any]]) -> Notice:
    """What a sentence without a code tells: `《某条例》（2018年版）已被修订，…` is about a cited document."""
    for document in (one["document"] for one in citations):
        about = text.removeprefix(f"《{document['title']}》")
        if about != text and (said := _OUT_OF_FORCE.match(about)):
            code = NoticeCode.NOT_IN_FORCE_THEN if said["day"] else NoticeCode.NOT_IN_FORCE
            return Notice(code, text, document["id"])
    return Notice(NoticeCode.OTHER, text)


def _citations(stored: Sequence[dict[str, Any]]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            marker=one["marker"],
            document=CitedDocument(
                **{**one["document"], "validity": Validity(one["document"]["validity"]), "kind": one.get("kind")}
            ),
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
