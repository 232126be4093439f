"""Answers being made in the background: an answer outlives the page that asked, and any number of pages can follow it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from threading import Semaphore
from typing import Protocol

from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import Turn, TurnState
from assistant.errors import AssistantError
from assistant.model import Answer, Citation, Event, Finished, Message, Mode, Progress, Said, Sentence
from knowledge.errors import KnowledgeError
from knowledge.retrieval.search import Scope

WRITTEN_AT_ONCE = 64
_WATCH_SECONDS = 1.0
WRITING = Progress("撰写回答")  # from here on a model writes, elsewhere
TROUBLE = "回答时出了错，问题已保留；请点“重新回答”，仍不行请告诉管理员。"

_log = logging.getLogger(__name__)


class Answers(Protocol):
    """What answers questions: the Answerer, or a scripted one in tests."""

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        *,
        as_of: date | None = None,
        scope: Scope | None = None,
        mode: Mode | None = None,
        reader: str = "",
    ) -> Iterator[Event]: ...


class TooBusy(AssistantError):
    """More questions are waiting than the machine can take."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run. `stage` is what is being done, `answer` what has been said so far; `ended` comes last, once."""

    stage: str | None = None
    answer: Answer | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the making of one answer went. `mode` is None without an answer; `first` and `whole` are the seconds from taking in
    the question to its first sentence (None: there was none) and to the end; `error` names the class of what failed."""

    state: TurnState
    mode: Mode | None
    first: float | None
    whole: float
    error: str = ""


def nobody_told(_outcome: Outcome) -> None:
    """For where nobody counts."""


class Run:
    """The making of one answer. Steps are kept, so that a page that comes late or comes back misses nothing."""

    def __init__(self, user: str, turn: Turn) -> None:
        self.user = user
        self.turn = turn
        self._lock = threading.Lock()
        self._steps: list[Step] = []
        self._listeners: list[Callable[[], None]] = []
        self._claimed = False
        self._begun = time.perf_counter()
        self._first: float | None = None

    def outcome(self, state: TurnState, answer: Answer | None, error: str) -> Outcome:
        """What to tell of a run that ends now."""
        mode = answer.mode if answer else None
        return Outcome(state, mode, self._first, time.perf_counter() - self._begun, error)

    @property
    def over(self) -> bool:
        """Whether the outcome is decided; what comes after that is thrown away."""
        return self._claimed

    def steps(self, after: int) -> list[Step]:
        """The steps from number `after` (the first is 0)."""
        with self._lock:
            return self._steps[after:]

    def publish(self, step: Step) -> None:
        with self._lock:
            if step.answer and self._first is None:
                self._first = time.perf_counter() - self._begun
            self._steps.append(step)
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at each new step, from any thread. Returns a function that ends this."""
        with self._lock:
            self._listeners.append(listener)

        def leave() -> None:
            with self._lock:
                self._listeners.remove(listener)

        return leave

    def claim(self) -> bool:
        """True for the first caller only: it decides how the run ends."""
        with self._lock:
            first, self._claimed = not self._claimed, True
            return first

    def said(self) -> Answer | None:
        """What has been said so far."""
        with self._lock:
            return next((step.answer for step in reversed(self._steps) if step.answer), None)


class _Place:
    """One of the places for work on this machine, taken at once and given back at the first `leave`."""

    def __init__(self, places: Semaphore) -> None:
        self._places = places
        self._held = places.acquire()

    def leave(self) -> None:
        if self._held:
            self._held = False
            self._places.release()


class Runs:
    """All answers being made in this process; at most `waiting` are in line. `workers` of them are searched and extracted
    at a time, because that is work for this machine; while a model writes, it only waits, so up to WRITTEN_AT_ONCE are
    written at a time. `scope_of` says where to search for a turn; `told` hears how each answer went."""

    def __init__(
        self,
        answers: Answers,
        conversations: Conversations,
        scope_of: Callable[[Turn], Scope] = lambda turn: Scope(as_of=turn.as_of),
        *,
        workers: int = 4,
        waiting: int = 200,
        told: Callable[[Outcome], None] = nobody_told,
    ) -> None:
        self._told = told
        self._answers = answers
        self._scope_of = scope_of
        self._conversations = conversations
        self._pool = ThreadPoolExecutor(WRITTEN_AT_ONCE, thread_name_prefix="answer")
        self._places = Semaphore(workers)
        self._limit = workers + waiting
        self._runs: dict[str, Run] = {}
        self._closed = threading.Event()
        if conversations.shared:
            threading.Thread(target=self._watch, name="cut-off-answers", daemon=True).start()

    @property
    def under_way(self) -> int:
        """Answers waiting or being made."""
        return len(self._runs)

    def check_room(self) -> None:
        """Raises TooBusy when no further question can be taken in."""
        if len(self._runs) >= self._limit:
            self._told(Outcome(TurnState.FAILED, None, None, 0.0, TooBusy.__name__))
            raise TooBusy("现在提问的人太多，请过一会儿再试。")

    def start(self, user: str, turn: Turn) -> Run:
        """Begin to answer `turn`."""
        run = self._runs[turn.id] = Run(user, turn)
        self._pool.submit(self._make, run)
        return run

    def get(self, turn_id: str) -> Run | None:
        """The run of a turn; None when its outcome is already in the database."""
        return self._runs.get(turn_id)

    def stop(self, turn_id: str) -> None:
        """End a run at once and keep what had been said. Nothing happens when it is over."""
        run = self._runs.get(turn_id)
        if run:
            self._end(run, TurnState.STOPPED, run.said())

    def close(self) -> None:
        """Give up what is still being made; the next start marks it as interrupted."""
        self._closed.set()
        for run in list(self._runs.values()):
            run.claim()
            run.publish(Step(ended=True))
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _watch(self) -> None:
        """Mark what another process was answering when it ended."""
        while not self._closed.wait(_WATCH_SECONDS):
            try:
                self._conversations.mark_cut_off()
            except KnowledgeError:
                _log.exception("abandoned turns could not be looked for")

    def _make(self, run: Run) -> None:
        turn = run.turn
        sentences: list[Sentence] = []
        citations: list[Citation] = []
        place = _Place(self._places)
        try:
            history = self._conversations.history(run.user, turn.id)
            scope = self._scope_of(turn)
            for event in self._answers.stream(turn.question, history, as_of=turn.as_of, scope=scope, reader=run.user):
                if run.over:
                    return
                if isinstance(event, Said) or event == WRITING:
                    place.leave()
                if isinstance(event, Progress):
                    run.publish(Step(stage=event.stage))
                elif isinstance(event, Said):
                    sentences.append(event.sentence)
                    citations.extend(event.citations)
                    run.publish(Step(answer=_so_far(turn.question, sentences, citations)))
                elif isinstance(event, Finished):
                    self._end(run, TurnState.DONE, event.answer)
            self._end(run, TurnState.FAILED, message=TROUBLE, error="NoEnd")  # a stream that forgot its last event
        except (AssistantError, KnowledgeError) as error:
            self._end(run, TurnState.FAILED, message=str(error), error=type(error).__name__)
        except Exception as error:
            _log.exception("answering turn %s failed", turn.id)
            self._end(run, TurnState.FAILED, message=TROUBLE, error=type(error).__name__)
        finally:
            place.leave()

    def _end(
        self, run: Run, state: TurnState, answer: Answer | None = None, message: str | None = None, error: str = ""
    ) -> None:
        if not run.claim():
            return
        self._told(run.outcome(state, answer, error))
        try:
            self._conversations.close_turn(run.turn.id, state, answer=answer, message=message)
        except Exception:
            _log.exception("the answer to turn %s could not be kept", run.turn.id)
        finally:
            self._runs.pop(run.turn.id, None)
            run.publish(Step(ended=True))


def _so_far(question: str, sentences: Sequence[Sentence], citations: Sequence[Citation]) -> Answer:
    return Answer(question, question, Mode.EXTRACT, tuple(sentences), tuple(citations), confidence=0.0)
