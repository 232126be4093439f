"""What could be asked next, worked out in the background once an answer is there, one turn at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from assistant.conversations.conversations import Conversations
from assistant.conversations.further import further
from assistant.conversations.runs import Answers
from assistant.conversations.turns import Further, Turn
from assistant.model import Answer, Finished, Mode
from assistant.understanding.scope import scope_of
from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.situation_index import SituationIndex

WAITING = 20  # turns in line; beyond that nothing is offered

_log = logging.getLogger(__name__)


class Offers:
    """Makes and keeps the questions offered beneath answers. A single thread, so that answers have the machine."""

    def __init__(
        self,
        answers: Answers,
        conversations: Conversations,
        knowledge_base: KnowledgeBase,
        situations: SituationIndex | None = None,
        library_of: Callable[[str], KnowledgeBase] | None = None,
    ) -> None:
        """`library_of` gives what a reader may see of the library: his questions are made from that."""
        self._answers = answers
        self._situations = situations
        self._conversations = conversations
        self._kb = knowledge_base
        self._library_of = library_of or (lambda reader: knowledge_base)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="offers")
        self._lock = Lock()
        self._made: dict[str, Future[tuple[str, ...]]] = {}

    def known(self, turn: Turn) -> tuple[str, ...] | None:
        """What was found on the library as it is now; None when that was not looked for."""
        if turn.further is None or turn.further.generation != self._kb.generation:
            return None
        return turn.further.questions

    def begin(self, user: str, turn: Turn) -> Future[tuple[str, ...]] | None:
        """The questions to offer after `turn`, being worked out; None when too many wait."""
        with self._lock:
            future = self._made.get(turn.id)
            if future is None and len(self._made) < WAITING:
                future = self._made[turn.id] = self._pool.submit(self._make, user, turn)
            return future

    def close(self) -> None:
        """Drop what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _make(self, user: str, turn: Turn) -> tuple[str, ...]:
        try:
            generation = self._kb.generation
            library = self._library_of(user)
            scope = scope_of(turn.within, turn.as_of, library.published())

            def ask(question: str) -> Answer:
                events = self._answers.stream(question, as_of=turn.as_of, scope=scope, mode=Mode.EXTRACT, reader=user)
                return next(event.answer for event in events if isinstance(event, Finished))

            asked = [one.question for one in self._conversations.turns(user, turn.conversation_id)]
            found = tuple(further(turn.answer, library, ask, asked, self._situations)) if turn.answer else ()
            self._conversations.offer(turn.id, Further(found, generation))
            return found
        except Exception:
            _log.exception("no questions could be offered after turn %s", turn.id)
            return ()
        finally:
            with self._lock:
                self._made.pop(turn.id, None)
