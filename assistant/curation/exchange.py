"""What trainers made besides the documents, in an exported library: curated answers, lists, cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from assistant.curated_answers.answers import CuratedAnswers, Quote
from assistant.curated_answers.similarity import bare
from assistant.curation import cases
from assistant.curation.lists import FILES
from knowledge.embeddings import Encoder
from knowledge.errors import NotInLibrary, ReadingError
from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.exchange import Carried, Part

CURATED = "curated"


def carried(curated: CuratedAnswers, knowledge_base: KnowledgeBase, encoder: Callable[[], Encoder]) -> Carried:
    """What an export of `knowledge_base` takes along. The encoder is made at the first answer that comes in."""

    def save() -> object:
        return [
            {
                "questions": list(answer.questions),
                "lead": answer.lead,
                "author": answer.author,
                "changed_at": answer.changed_at.isoformat(),
                "quotes": [asdict(quote) for quote in answer.quotes],
            }
            for answer in reversed(curated.every())
        ]

    def load(stored: Any, documents: Mapping[int, int]) -> None:
        try:
            answers = [_answer(one, documents, knowledge_base) for one in stored]
        except (KeyError, TypeError, ValueError) as error:
            raise ReadingError(f"导出文件夹里的 {CURATED}.yaml 写得不对（{error}），请改正后再导入。") from error
        known = {bare(question): answer.id for answer in curated.every() for question in answer.questions}
        for author, questions, quotes, lead, changed_at in answers:
            same = next((known[bare(question)] for question in questions if bare(question) in known), None)
            curated.put(author, questions, quotes, encoder(), lead=lead, curated_id=same, changed_at=changed_at)

    return Carried(
        files=(*sorted(set(FILES.values())), cases.FILE),
        parts=(Part(CURATED, save, load),),
    )


def _answer(
    one: Mapping[str, Any], documents: Mapping[int, int], library: KnowledgeBase
) -> tuple[str, list[str], list[Quote], str, datetime]:
    quotes = [_quote(quote, documents, library) for quote in one["quotes"]]
    questions = [str(question) for question in one["questions"]]
    return str(one["author"]), questions, quotes, str(one["lead"] or ""), datetime.fromisoformat(str(one["changed_at"]))


def _quote(one: Mapping[str, Any], documents: Mapping[int, int], library: KnowledgeBase) -> Quote:
    """The quote in the document that the library holds; where its words are no more, it is kept to be checked again."""
    there, words, start = int(one["document_id"]), str(one["text"]), int(one["start"])
    document_id = documents.get(there, there)
    try:
        version_id = library.document(document_id).version_id
        text = library.text(version_id)
    except NotInLibrary:
        version_id, text = 0, ""
    if text[start : start + len(words)] != words and text.count(words) == 1:
        start = text.index(words)
    return Quote(document_id, version_id, str(one["address"]), words, start, start + len(words))
