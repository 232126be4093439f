"""The JSON shapes of `ask` and `search` that tests and people rely on (DESIGN §9)."""

from __future__ import annotations

from dataclasses import asdict

from assistant.model import Answer, Citation, CitedDocument, Refusal, Table
from knowledge.model import Document, Hit

Json = dict[str, object]


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
        "notices": list(answer.notices),
        "table": _table_json(answer.table) if answer.table else None,
        "timings_ms": dict(answer.timings_ms),
        "generation": asdict(answer.generation) if answer.generation else None,
        "curated": asdict(answer.curated) if answer.curated else None,
    }


def citation_json(citation: Citation) -> Json:
    """One citation; `quote` is the canonical text at `start:end`."""
    return {
        "marker": citation.marker,
        "document": _cited_json(citation.document),
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
