"""The answerer of a running server, made anew when a trainer changed a list, and for each reader over what he may see."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.answerer import Answerer
from assistant.errors import AssistantError
from assistant.model import Event, Message, Mode
from knowledge.errors import KnowledgeError
from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.readers_view import Groups, ReadersView, kept_groups
from knowledge.retrieval.search import Scope

VIEWS = 32  # answerers kept, one for each combination of groups that matters

_log = logging.getLogger(__name__)


class LiveAnswerer:
    """Answers with the lists as they are now. `make` makes an answerer, `stamp` changes whenever a list does.

    A list that somebody broke by hand leaves the last answerer in place; the desk says what is wrong with it.
    """

    def __init__(self, make: Callable[[], Answerer], stamp: Callable[[], object]) -> None:
        self._make = make
        self._stamp = stamp
        self._lock = threading.Lock()
        self._made = (stamp(), make())

    @property
    def now(self) -> Answerer:
        """The answerer for the next question."""
        stamp = self._stamp()
        with self._lock:
            if self._made[0] != stamp:
                try:
                    self._made = (stamp, self._make())
                except (AssistantError, KnowledgeError) as error:
                    _log.warning("the lists stay as they were: %s", error)
                    self._made = (stamp, self._made[1])
            return self._made[1]

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        *,
        as_of: date | None = None,
        scope: Scope | None = None,
        mode: Mode | None = None,
        reader: str = "",
    ) -> Iterator[Event]:
        """As Answerer.stream."""
        return self.now.stream(question, history, as_of=as_of, scope=scope, mode=mode, reader=reader)


class ReadersAnswers:
    """`live` for each reader over what he may see of `library`; `groups_of` names his groups (None: everything)."""

    def __init__(self, live: LiveAnswerer, library: KnowledgeBase, groups_of: Callable[[str], Groups]) -> None:
        self._live = live
        self._library = library
        self._groups_of = groups_of
        self._lock = threading.Lock()
        self._views: tuple[Answerer | None, dict[frozenset[str], tuple[ReadersView, Answerer]]] = (None, {})

    def of(self, reader: str) -> tuple[KnowledgeBase, Answerer]:
        """What `reader` may see, and who answers from it."""
        groups, kept, now = self._groups_of(reader), kept_groups(self._library), self._live.now
        if groups is None or not kept:
            return self._library, now
        relevant = groups & kept
        with self._lock:
            if self._views[0] is not now or len(self._views[1]) >= VIEWS:
                self._views = (now, {})
            views = self._views[1]
            if relevant not in views:
                view = ReadersView(self._library, lambda: relevant)
                views[relevant] = (view, now.over(view))
            return views[relevant]

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        *,
        as_of: date | None = None,
        scope: Scope | None = None,
        mode: Mode | None = None,
        reader: str = "",
    ) -> Iterator[Event]:
        """As Answerer.stream, from what `reader` may see."""
        library, answerer = self.of(reader)
        if scope is not None and scope.documents is not None:
            scope = replace(scope, documents=scope.documents & {one.id for one in library.published()})
        return answerer.stream(question, history, as_of=as_of, scope=scope, mode=mode, reader=reader)
