"""The one place that talks to a language model: a chat model of LangChain, streamed within strict limits."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from assistant.generation.chat_openai import EndpointSettings, chat_openai, failure_of
from assistant.generation.completion import Completion, Ended, Usage
from assistant.generation.failures import OF_THE_ENDPOINT, Failure, GenerationFailed

if TYPE_CHECKING:
    import pybreaker
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

FAILURES_UNTIL_REST = 3  # in a row; then the endpoint is left alone for REST_SECONDS
REST_SECONDS = 30.0
QUEUE_SECONDS = 5.0  # how long a question waits for a place at the model before it is answered without
# Under which names providers say why an answer ended, and how they say that it is whole.
_REASONS: Final = ("finish_reason", "stop_reason", "done_reason")
_WHOLE: Final = ("stop", "end_turn", "stop_sequence", "eos_token")


class Endpoint:
    """A model at work. Safe to share between threads; at most `max_concurrency` answers at a time.

    `model` is any chat model of LangChain; by default the ChatOpenAI that `settings` describe. With a model of one's own
    `settings` say what it is called, how long to wait for it, and where what it is told goes.
    """

    def __init__(
        self,
        settings: EndpointSettings,
        *,
        model: BaseChatModel | None = None,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self.settings = settings
        self._given = model
        self._rest_seconds = rest_seconds
        self._places = threading.BoundedSemaphore(settings.max_concurrency)
        self._calls = threading.local()

    def complete(
        self,
        told: Sequence[BaseMessage],
        *,
        max_tokens: int | None = None,
        within: float | None = None,
    ) -> Completion:
        """Ask the model for at most `max_tokens` `within` so many seconds (the settings' own limits by default). `told` are
        its rules and then what is said by turns, the question last; nothing is sent before the completion is iterated."""
        settings = self.settings
        return Completion(self._guarded(told, max_tokens or settings.max_tokens, min(within or 1e9, settings.timeout)))

    def warm(self) -> None:
        """Import the client now rather than at the first question; it takes more than a second."""
        _ = self._model

    def _guarded(self, told: Sequence[BaseMessage], max_tokens: int, timeout: float) -> Iterator[str | Usage | Ended]:
        import pybreaker

        if not self._places.acquire(timeout=QUEUE_SECONDS):
            raise GenerationFailed(Failure.BUSY)
        try:
            with self._breaker.calling():
                yield from self._limited(told, max_tokens, timeout)
        except pybreaker.CircuitBreakerError as error:
            if isinstance(error.__context__, GenerationFailed):  # the failure that made the breaker open
                raise error.__context__ from None
            raise GenerationFailed(Failure.RESTING) from None
        finally:
            self._places.release()

    def _limited(self, told: Sequence[BaseMessage], max_tokens: int, timeout: float) -> Iterator[str | Usage | Ended]:
        """Pieces as a thread of their own reads them, so that no limit depends on a server that keeps its connection
        busy with nothing."""
        arrived: queue.SimpleQueue[str | Usage | Ended | Exception | None] = queue.SimpleQueue()
        left = threading.Event()
        read = threading.Thread(target=self._read, args=(told, max_tokens, arrived, left), name="model", daemon=True)
        self.warm()  # that second is not the model's
        ends = time.monotonic() + timeout
        patience, silence = self.settings.first_token, Failure.TIMEOUT
        read.start()
        try:
            while True:
                now = time.monotonic()
                try:
                    piece = arrived.get(timeout=max(0.0, min(patience, ends - now)))
                except queue.Empty:
                    late = time.monotonic() >= ends
                    raise GenerationFailed(
                        Failure.TIMEOUT if late else silence,
                        f"{timeout if late else patience:g} 秒",
                    ) from None
                if piece is None:
                    return
                if isinstance(piece, Exception):
                    raise failure_of(piece, begun=silence is Failure.STALLED)
                patience, silence = self.settings.between_tokens, Failure.STALLED
                yield piece
                if time.monotonic() >= ends:
                    raise GenerationFailed(Failure.TIMEOUT, f"{timeout:g} 秒")
        finally:
            left.set()

    def _read(
        self,
        told: Sequence[BaseMessage],
        max_tokens: int,
        arrived: queue.SimpleQueue[str | Usage | Ended | Exception | None],
        left: threading.Event,
    ) -> None:
        from langsmith import tracing_context

        self._calls.left = left
        ended = False
        try:
            # Tracing is switched by environment variables of its own and would send prompts to another host.
            with tracing_context(enabled=False):
                for chunk in self._model.stream(list(told), max_tokens=max_tokens):
                    if left.is_set():
                        return
                    arrived.put(chunk.text)
                    if usage := chunk.usage_metadata:
                        arrived.put(Usage(usage["input_tokens"], usage["output_tokens"]))
                    if reason := _reason(chunk.response_metadata):
                        ended = True
                        arrived.put(Ended(reason))
            if self._given is not None and not ended:
                arrived.put(Ended("stop"))  # a model that never says how it ends has ended when it returns
            arrived.put(None)
        except Exception as error:
            arrived.put(error)

    @cached_property
    def _breaker(self) -> pybreaker.CircuitBreaker:
        import pybreaker

        def of_one_answer(error: BaseException) -> bool:
            return not (isinstance(error, GenerationFailed) and error.failure in OF_THE_ENDPOINT)

        return pybreaker.CircuitBreaker(
            fail_max=FAILURES_UNTIL_REST, reset_timeout=self._rest_seconds, exclude=[of_one_answer]
        )

    @cached_property
    def _model(self) -> BaseChatModel:
        return self._given or chat_openai(self.settings, self._calls)


def _reason(metadata: Mapping[str, Any]) -> str | None:
    """Why an answer ended, `stop` when it is whole; None while it goes on."""
    reason = next((str(metadata[name]) for name in _REASONS if metadata.get(name)), None)
    return "stop" if reason and reason.lower() in _WHOLE else reason
