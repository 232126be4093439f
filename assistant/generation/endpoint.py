"""The one place that talks to a language model: an OpenAI-compatible endpoint, streamed within strict limits."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from assistant.generation.failures import OF_THE_ENDPOINT, Failure, GenerationFailed, WrongEndpoint

if TYPE_CHECKING:
    import httpx
    import pybreaker
    from langchain_core.messages import BaseMessage
    from langchain_openai import ChatOpenAI

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
FAILURES_UNTIL_REST = 3  # in a row; then the endpoint is left alone for REST_SECONDS
REST_SECONDS = 30.0
QUEUE_SECONDS = 5.0  # how long a question waits for a place at the model before it is answered without

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Where the model is and how long to wait for it, in seconds: `timeout` for a whole answer, `first_token` and
    `between_tokens` for signs of life. `thinking` None leaves the model's default. `provider` and `filing_number`
    (备案号) are shown in 关于. Raises WrongEndpoint when the address cannot be one."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = 60.0
    first_token: float = 30.0
    between_tokens: float = 15.0
    max_concurrency: int = 2
    max_tokens: int = 1000
    thinking: bool | None = None
    provider: str = ""
    filing_number: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise WrongEndpoint(
                f"XUESI_LLM_BASE_URL“{self.base_url}”不是模型服务的地址，应写作 http://127.0.0.1:8081/v1 这样的形式。"
            )
        if not self.model:
            raise WrongEndpoint("设置了 XUESI_LLM_BASE_URL，还要用 XUESI_LLM_MODEL 写明模型名称。")

    @property
    def local(self) -> bool:
        """Whether the model runs on this machine, so that nothing leaves it."""
        return urlsplit(self.base_url).hostname in LOOPBACK


class Completion:
    """One answer of the model while it comes in; iterate over it once for pieces of text.

    Raises GenerationFailed while iterating. Afterwards `prompt_tokens` and `completion_tokens` are what the endpoint
    counted (None when it does not), `first_ms` and `total_ms` times, and `whole` tells whether the model came to its own
    end, rather than being cut off.
    """

    def __init__(self, pieces: Iterator[str | Usage | Ended]) -> None:
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None
        self.first_ms = 0.0
        self.total_ms = 0.0
        self.whole = False
        self._pieces = pieces

    def __iter__(self) -> Generator[str]:
        began = time.perf_counter()
        try:
            for piece in self._pieces:
                if isinstance(piece, Usage):
                    self.prompt_tokens, self.completion_tokens = piece.prompt_tokens, piece.completion_tokens
                elif isinstance(piece, Ended):
                    self.whole = piece.reason == "stop"
                elif piece:
                    self.first_ms = self.first_ms or (time.perf_counter() - began) * 1000
                    yield piece
        finally:
            self.total_ms = (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True)
class Usage:
    """What the endpoint counted."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The endpoint's own end of an answer: `stop`, or `length`, `content_filter` when it was cut off."""

    reason: str


def replayed(text: str) -> Completion:
    """A text that the model wrote before, as it came in; it costs no tokens."""
    return Completion(iter((text, Usage(0, 0), Ended("stop"))))


class Endpoint:
    """A model behind an address. Safe to share between threads; at most `max_concurrency` answers at a time."""

    def __init__(self, settings: EndpointSettings, *, rest_seconds: float = REST_SECONDS) -> None:
        self.settings = settings
        self._rest_seconds = rest_seconds
        self._places = threading.BoundedSemaphore(settings.max_concurrency)
        self._calls = threading.local()

    def complete(
        self,
        told: Sequence[str],
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

    def _guarded(self, told: Sequence[str], max_tokens: int, timeout: float) -> Iterator[str | Usage | Ended]:
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

    def _limited(self, told: Sequence[str], max_tokens: int, timeout: float) -> Iterator[str | Usage | Ended]:
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
                    raise _failure(piece, begun=silence is Failure.STALLED)
                patience, silence = self.settings.between_tokens, Failure.STALLED
                yield piece
                if time.monotonic() >= ends:
                    raise GenerationFailed(Failure.TIMEOUT, f"{timeout:g} 秒")
        finally:
            left.set()

    def _read(
        self,
        told: Sequence[str],
        max_tokens: int,
        arrived: queue.SimpleQueue[str | Usage | Ended | Exception | None],
        left: threading.Event,
    ) -> None:
        from langsmith import tracing_context

        self._calls.left = left
        try:
            # Tracing is switched by environment variables of its own and would send prompts to another host.
            with tracing_context(enabled=False):
                for chunk in self._model.stream(_messages(told), max_tokens=max_tokens):
                    if left.is_set():
                        return
                    arrived.put(chunk.text)
                    if usage := chunk.usage_metadata:
                        arrived.put(Usage(usage["input_tokens"], usage["output_tokens"]))
                    if reason := chunk.response_metadata.get("finish_reason"):
                        arrived.put(Ended(reason))
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
    def _model(self) -> ChatOpenAI:
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        settings = self.settings
        thinking: dict[str, Any] | None = None
        if settings.thinking is not None:
            # vLLM, SGLang and llama.cpp read the template's argument, DashScope the plain one.
            thinking = {
                "enable_thinking": settings.thinking,
                "chat_template_kwargs": {"enable_thinking": settings.thinking},
            }
        return ChatOpenAI(
            model=settings.model,
            base_url=settings.base_url,
            api_key=SecretStr(settings.api_key or "none"),
            organization=None,
            openai_proxy=None,
            http_client=_client(settings, self._calls),
            timeout=_patience(settings),
            max_retries=0,
            temperature=0.0,
            stream_usage=True,
            extra_body=thinking,
            cache=False,
            use_responses_api=False,
        )


def _client(settings: EndpointSettings, calls: threading.local) -> httpx.Client:
    """Reaches the configured host and no other, and stops reading when nobody waits for the answer any more."""
    import httpx

    allowed = httpx.URL(settings.base_url)

    class Watched(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream, left: threading.Event) -> None:
            self._stream = stream
            self._left = left

        def __iter__(self) -> Iterator[bytes]:
            for data in self._stream:
                if self._left.is_set():
                    raise httpx.ReadTimeout("nobody waits for this answer")
                yield data

        def close(self) -> None:
            self._stream.close()

    def check(request: httpx.Request) -> None:
        url = request.url
        if (url.scheme, url.host, url.port) != (allowed.scheme, allowed.host, allowed.port):
            raise httpx.UnsupportedProtocol(f"not the configured host: {url.host}")

    def watch(response: httpx.Response) -> None:
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = Watched(response.stream, calls.left)

    return httpx.Client(
        timeout=_patience(settings),
        follow_redirects=False,
        # A proxy of the environment would see what is meant for a model on this machine.
        trust_env=not settings.local,
        event_hooks={"request": [check], "response": [watch]},
    )


def _patience(settings: EndpointSettings) -> httpx.Timeout:
    import httpx

    return httpx.Timeout(max(settings.first_token, settings.between_tokens), connect=min(10.0, settings.timeout))


def _messages(told: Sequence[str]) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    rules, *turns = told
    said = [AIMessage(text) if place % 2 else HumanMessage(text) for place, text in enumerate(turns)]
    return [SystemMessage(rules), *said]


def _failure(error: Exception, *, begun: bool) -> GenerationFailed:
    """The client's many errors as ours; what is not foreseen counts as broken output and is logged. `begun` tells whether
    something had arrived before."""
    import httpx
    import openai

    match error:
        case openai.RateLimitError():
            return GenerationFailed(Failure.RATE_LIMITED, "429")
        case openai.APITimeoutError() | httpx.TimeoutException():
            return GenerationFailed(Failure.TIMEOUT)
        case openai.APIConnectionError() | httpx.ConnectError():
            return GenerationFailed(Failure.BROKEN if begun else Failure.DOWN)
        case openai.APIStatusError() if error.status_code < 500:
            return GenerationFailed(Failure.REJECTED, str(error.status_code))
        case openai.APIStatusError():
            return GenerationFailed(Failure.DOWN, str(error.status_code))
        case openai.APIError() | httpx.HTTPError() | ValueError():
            return GenerationFailed(Failure.BROKEN)
    _log.warning("the model's client failed unexpectedly", exc_info=error)
    return GenerationFailed(Failure.BROKEN, type(error).__name__)
