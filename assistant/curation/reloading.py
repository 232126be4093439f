"""The answerer of a running server, made anew when a trainer changed a list."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from assistant.answerer import Answerer
from assistant.errors import AssistantError
from assistant.model import Event, Message, Mode
from knowledge.errors import KnowledgeError
from knowledge.retrieval.search import Scope

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
