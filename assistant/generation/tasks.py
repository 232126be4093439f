"""What a model does besides answering: main points, two editions compared, an outline. Each is done without one as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answering import compare, notices
from assistant.answering.draft import Draft
from assistant.answering.editions import edition_in_words, passages_of, year_of
from assistant.answering.quote_check import verified
from assistant.answering.sentences import units
from assistant.errors import InvalidQuestion
from assistant.generation.context import Candidate
from assistant.generation.failures import NotWritten
from assistant.generation.written import Written
from assistant.model import Answer, Mode, Role, Table
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Passage, Section

if TYPE_CHECKING:
    from assistant.generation.writer import Writer

POINTS = 6
_TELLING = re.compile(r"应当|必须|不得|是指|坚持|原则|任务|目标|实行|建立|可以")
_BESIDE = ("附件", "落款", "题注", "序言")
_FORMAL = re.compile(r"附则|施行|解释|废止|制定本")


class Tasks:
    """Works on one library. Without a writer, or when it fails, every sentence is quoted; an answer says how it was made."""

    def __init__(self, kb: KnowledgeBase, writer: Writer | None = None) -> None:
        self._kb = kb
        self._writer = writer

    def summarise(self, document_id: int, reader: str = "") -> Answer:
        """The main points of a document with their addresses; quoted they are a telling sentence of each of its parts."""
        document = self._kb.document(document_id)
        draft = Draft()
        chosen = self._telling(document)
        for passage in _spread(chosen, POINTS):
            every = [unit for unit in units(passage.text, passage.start) if not unit.heading]
            alone = [unit for unit in every if not unit.item and not unit.text.endswith(("：", ":"))] or every
            draft.quote(passage, document, [unit for unit in alone if _TELLING.search(unit.text)][:1] or alone[:1])
        draft.sentences = [replace(sentence, role=Role.ITEM) for sentence in draft.sentences]
        title = document.card.title
        candidates = [_whole(passage, document) for passage in chosen]
        return self._done(
            f"《{title}》的要点", "summarise", candidates, draft, None, reader, title=title, points=str(POINTS)
        )

    def compare(self, one_id: int, other_id: int, reader: str = "") -> Answer:
        """What changed between two editions, the older first; quoted it is a table of articles.

        Raises InvalidQuestion when the two are the same.
        """
        if one_id == other_id:
            raise InvalidQuestion(f"要比较的两个文件是同一个（{one_id}），请给出两个不同的编号。")
        older, newer = sorted((self._kb.document(one_id), self._kb.document(other_id)), key=year_of)
        draft = Draft()
        table = compare.editions(older, newer, self._kb, draft, None)
        quoted = dict.fromkeys(citation.passage_id for citation in draft.citations)
        held = self._kb.get_passages(quoted)
        candidates = [_whole(*held[one]) for one in quoted if one in held]
        names = {"first": _named(older), "second": _named(newer)}
        asked = f"{names['first']}与{names['second']}的不同"
        return self._done(asked, "compare", candidates, draft, table, reader, **names)

    def outline(self, topic: str, passage_ids: Sequence[int], reader: str = "") -> Answer:
        """Chosen passages as an outline for a discussion of `topic`; quoted they are their sentences in the given order.

        Raises InvalidQuestion when there is no topic or a passage does not exist.
        """
        if not topic.strip():
            raise InvalidQuestion("讨论题目是空的，请写明题目。")
        held = self._kb.get_passages(passage_ids)
        if missing := [str(one) for one in passage_ids if one not in held] or ([] if passage_ids else ["空"]):
            raise InvalidQuestion(f"没有编号为 {'、'.join(missing)} 的条文片段，请用 xuesi search 查到编号后再试。")
        draft = Draft()
        for one in passage_ids:
            passage, document = held[one]
            every = units(passage.text, passage.start)
            draft.quote(passage, document, [unit for unit in every if not unit.heading] or every)
        candidates = [_whole(*held[one]) for one in passage_ids]
        return self._done(topic, "outline", candidates, draft, None, reader, topic=topic)

    def _done(
        self,
        asked: str,
        prompt: str,
        candidates: Sequence[Candidate],
        draft: Draft,
        table: Table | None,
        reader: str,
        **values: str,
    ) -> Answer:
        sentences, citations = verified(draft.sentences, draft.citations, self._kb.text)
        written = self._written(prompt, candidates, reader, values)
        mode = Mode.EXTRACT
        if isinstance(written, Written):
            mode, table = Mode.GENERATE, None
            sentences, citations = verified(written.sentences, written.citations, self._kb.text, generated=True)
        return Answer(
            question=asked,
            standalone=asked,
            mode=mode,
            sentences=sentences,
            citations=citations,
            confidence=1.0,
            notices=(notices.not_written(str(written)),) if isinstance(written, NotWritten) else (),
            table=table,
            generation=written.generation if written else None,
        )

    def _written(
        self, prompt: str, candidates: Sequence[Candidate], reader: str, values: dict[str, str]
    ) -> Written | NotWritten | None:
        if self._writer is None:
            return None
        writing = self._writer.write(prompt, values, candidates, self._kb.text, reader)
        try:
            while True:
                next(writing)
        except StopIteration as done:
            written: Written = done.value
            return written
        except NotWritten as failed:
            return failed

    def _telling(self, document: Document) -> list[Passage]:
        """Passages that say what a document is about: of each of its parts the first that tells something."""
        every = self._kb.passages(document.version_id)
        sections = [one for one in self._kb.outline(document.version_id).sections if one.level not in _BESIDE]
        chosen: list[Passage] = []
        for depth in range(3):  # a code in two 编 is told by its 章
            parts = [section for section in sections if section.depth == depth]
            if len(found := _first_of_each(parts, every)) > len(chosen):
                chosen = found
            if len(chosen) >= POINTS:
                break
        return chosen or every[:POINTS]


def _first_of_each(parts: Sequence[Section], every: Sequence[Passage]) -> list[Passage]:
    chosen: list[Passage] = []
    for part in parts:
        passages = [one for one in passages_of(part, every) if one not in chosen and not _FORMAL.search(_head(one))]
        chosen += ([one for one in passages if _TELLING.search(one.text)] or passages)[:1]
    return chosen


def _whole(passage: Passage, document: Document) -> Candidate:
    return Candidate(passage, document, ((passage.start, passage.end),))


def _spread(passages: Sequence[Passage], number: int) -> list[Passage]:
    """Up to `number` of `passages`, from the whole length of the list."""
    step = max(1.0, len(passages) / number)
    return [passages[int(place * step)] for place in range(min(number, len(passages)))]


def _head(passage: Passage) -> str:
    return f"{passage.context}{passage.text[:60]}"


def _named(document: Document) -> str:
    edition = edition_in_words(year_of(document))
    return f"《{document.card.title}》{f'（{edition}）' if edition else ''}"
