"""What a program may do for a reader, whichever way it asks: ask, search, read, compare; always from what he may see."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import BoundedSemaphore
from typing import Protocol

from assistant.answerer import Answerer
from assistant.conversations.runs import Outcome, TooBusy, nobody_told
from assistant.conversations.turns import TurnState
from assistant.errors import AssistantError, InvalidQuestion
from assistant.model import MODES, Answer, Event, Finished, Message, Said
from assistant.understanding.scope import Within, checked, scope_of
from assistant.web.api.record import Record
from assistant.web.reader.held import age, editions, open_published
from knowledge.errors import KnowledgeError, NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Hit, Status
from knowledge.parsing.comparison import Revision, revision

AT_ONCE = 4
PATIENCE = 30.0  # seconds that a question waits for its turn
MOST_HITS = 50


class Views(Protocol):
    """Who answers a reader, and from what; `curation.reloading.ReadersAnswers` knows."""

    def of(self, reader: str) -> tuple[KnowledgeBase, Answerer]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a program. `mode` is a key of MODES."""

    question: str
    history: tuple[Message, ...] = ()
    as_of: date | None = None
    mode: str = "auto"
    topic: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a document: its text at `start:end` of the canonical text."""

    document: Document
    address: str
    text: str
    start: int
    end: int


class Programs:
    """Works for programs of many readers. Safe to share between threads; `at_once` questions are worked on at a time.
    `record` keeps what was asked and answered, `told` hears how each answer went."""

    def __init__(
        self,
        views: Views,
        record: Record | None = None,
        at_once: int = AT_ONCE,
        told: Callable[[Outcome], None] = nobody_told,
    ) -> None:
        self._told = told
        self._views = views
        self._record = record
        self._places = BoundedSemaphore(at_once)

    def answer(self, reader: str, asked: Asked) -> Answer:
        """Raises InvalidQuestion, TooBusy."""
        *_, last = self.stream(reader, asked)
        assert isinstance(last, Finished)
        return last.answer

    def stream(self, reader: str, asked: Asked) -> Iterator[Event]:
        """The events of an answer; the last is Finished. Raises InvalidQuestion, TooBusy."""
        if asked.mode not in MODES:
            raise InvalidQuestion(f"没有“{asked.mode}”这种回答方式，请用 {'、'.join(MODES)}。")
        library, answerer = self._views.of(reader)
        documents = library.published()
        scope = scope_of(checked(Within(asked.topic, asked.document), documents), asked.as_of, documents)
        begun, first, mode = time.perf_counter(), None, None
        state, error = TurnState.STOPPED, ""  # as it is when the program goes away
        try:
            with self._turn():
                for event in answerer.stream(
                    asked.question, asked.history, as_of=asked.as_of, scope=scope, mode=MODES[asked.mode], reader=reader
                ):
                    if isinstance(event, Said) and first is None:
                        first = time.perf_counter() - begun
                    if isinstance(event, Finished):
                        state, mode = TurnState.DONE, event.answer.mode
                        if self._record:
                            self._record.keep(reader, asked.question.strip(), event.answer)
                    yield event
        except (AssistantError, KnowledgeError) as failed:
            state, error = TurnState.FAILED, type(failed).__name__
            raise
        finally:
            self._told(Outcome(state, mode, first, time.perf_counter() - begun, error))

    def search(self, reader: str, query: str, k: int = 10) -> list[Hit]:
        """The `k` best passages, best first. Raises InvalidQuestion, TooBusy."""
        if not query.strip():
            raise InvalidQuestion("检索词是空的，请输入要找的内容。")
        with self._turn():
            return self._views.of(reader)[1].found(query)[: min(k, MOST_HITS)]

    def documents(self, reader: str) -> list[Document]:
        """Everything published that the reader may see, by title."""
        return self._views.of(reader)[0].documents(status=Status.PUBLISHED)

    def library(self, reader: str) -> KnowledgeBase:
        """What the reader may see."""
        return self._views.of(reader)[0]

    def document(self, reader: str, document_id: int) -> Document:
        """Raises NotInLibrary for what the reader may not see."""
        return open_published(self.library(reader), document_id)

    def read(self, reader: str, document_id: int, address: str = "") -> Place:
        """A document, or the article, chapter or item of it that `address` (its end is enough: `第五十九条`) names.
        Raises NotInLibrary."""
        library, document = self.library(reader), self.document(reader, document_id)
        text = library.text(document.version_id)
        address = address.strip().strip("/")
        if not address:
            return Place(document, "", text, 0, len(text))
        for section in library.outline(document.version_id).sections:
            if f"/{section.path}".endswith(f"/{address}"):
                return Place(document, section.path, text[section.start : section.end], section.start, section.end)
        raise NotInLibrary(f"《{document.card.title}》里没有“{address}”，请核对出处的写法，例如 第五十九条/第二款。")

    def find(self, reader: str, title: str, edition: str = "") -> Document:
        """The document whose title is or holds `title`, the edition in force when none is named. Raises NotInLibrary."""
        wanted = title.strip().strip("《》")
        fitting = [one for one in self.documents(reader) if wanted and wanted in one.card.title]
        fitting = [one for one in fitting if one.card.title == wanted] or fitting
        fitting = [one for one in fitting if not edition or one.card.edition == edition]
        if not fitting:
            raise NotInLibrary(f"库中没有《{wanted}》{f'（{edition}）' if edition else ''}，请先检索或列出文件。")
        return max(fitting, key=lambda one: (one.validity.name == "IN_FORCE", age(one)))

    def compare(self, reader: str, document_id: int, other_id: int) -> tuple[Document, Document, Revision]:
        """The older, the newer, and what became of each provision. Raises NotInLibrary when they are not two editions of
        one text."""
        library = self.library(reader)
        one, other = (self.document(reader, number) for number in (document_id, other_id))
        if other not in editions(library, one):
            raise NotInLibrary("这两份文件不是同一文件的两个版本，不能对照。")
        old, new = sorted((one, other), key=age)
        texts = [(library.text(side.version_id), library.outline(side.version_id)) for side in (old, new)]
        return old, new, revision(*texts[0], *texts[1])

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(timeout=PATIENCE):
            raise TooBusy("现在提问的人太多，请过一会儿再试。")
        try:
            yield
        finally:
            self._places.release()


def history_of(messages: Sequence[tuple[str, str]]) -> tuple[Message, ...]:
    """(role, words) → the history of a conversation; what is neither a user's nor an assistant's is left out."""
    return tuple(Message(role, words) for role, words in messages if role in ("user", "assistant") and words.strip())
