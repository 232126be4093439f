"""Answers for scripted questions, quoted from the made-up library at true offsets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import httpx

from assistant.answerer import Answerer
from assistant.conversations.conversations import Conversations
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curation.lists import Lists
from assistant.curation.reloading import LiveAnswerer
from assistant.model import Answer, Citation, CitedDocument, Mode, Sentence
from assistant.web.admin.questions.workbench import Questions
from knowledge.knowledge_base import KnowledgeBase

if TYPE_CHECKING:
    from conftest import Site


def answer_of(
    site: Site, title: str, quotes: Sequence[str], edition: str | None = None, question: str = "问"
) -> Answer:
    """One sentence and one citation for each of `quotes`, which stand in the document word for word."""
    document = site.document(title, edition)
    text = site.knowledge_base.text(document.version_id)
    card = document.card
    cited = CitedDocument(document.id, card.title, card.doc_no, card.issuer, card.edition, document.validity)
    citations = []
    for marker, quote in enumerate(quotes, start=1):
        start = text.index(quote)
        passage = next(one for one in site.knowledge_base.passages(document.version_id) if one.start <= start < one.end)
        citations.append(
            Citation(marker, cited, document.version_id, passage.id, passage.address, quote, start, start + len(quote))
        )
    sentences = tuple(Sentence(citation.quote, (citation.marker,)) for citation in citations)
    return Answer(question, question, Mode.EXTRACT, sentences, tuple(citations), confidence=0.9)


def questions_of(knowledge_base: KnowledgeBase, conversations: Conversations, real: Answerer) -> Questions:
    """What the desk's pages about questions work with, answered by `real`."""
    lists = Lists(knowledge_base.data)
    live = LiveAnswerer(lambda: real, lists.stamp)
    return Questions(live, lists, CuratedAnswers(conversations.database))


def place(site: Site, words: str, title: str = "休假", edition: str | None = "2023") -> dict[str, int]:
    """Where words stand, as the pages say it."""
    document = site.document(title, edition)
    start = site.knowledge_base.text(document.version_id).index(words)
    return {"document": document.id, "version": document.version_id, "start": start, "end": start + len(words)}


def save(client: httpx.Client, reader: str, chosen: dict[str, int], remark: str = "") -> str:
    """Save a passage as `reader`; the id of the note."""
    reply = client.post("/api/notes", json=chosen | {"remark": remark}, headers={"X-Reader": reader})
    assert reply.status_code == 200, reply.text
    return str(reply.json()["id"])
