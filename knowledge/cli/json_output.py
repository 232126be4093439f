"""Documents as the JSON of `xuesi kb list` and `xuesi kb show` (DESIGN §9)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document


def document_json(item: Document) -> dict[str, Any]:
    card = item.card
    return {
        "id": item.id,
        "title": card.title,
        "edition": card.edition,
        "kind": card.kind,
        "doc_no": card.doc_no,
        "issuer": card.issuer,
        "issued_on": card.issued_on.isoformat() if card.issued_on else None,
        "effective_on": card.effective_on.isoformat() if card.effective_on else None,
        "validity": item.validity.value,
        "status": item.status.value,
        "series": item.series,
        "topic": card.topic,
        "articles": item.articles,
        "passages": item.passages,
        "sha256": item.sha256,
    }


def shown_json(library: KnowledgeBase, item: Document) -> dict[str, Any]:
    """`document_json` with text, outline and passages of the newest version."""
    return {
        **document_json(item),
        "text": library.text(item.version_id),
        "outline": [asdict(section) for section in library.outline(item.version_id).sections],
        "passages": [
            {"id": p.id, "address": p.address, "start": p.start, "end": p.end, "enabled": p.enabled}
            for p in library.passages(item.version_id)
        ],
    }
