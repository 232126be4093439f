"""A server that speaks OpenAI's protocol: where it is, and LangChain's ChatOpenAI held to that host and to our limits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from assistant.generation.failures import Failure, GenerationFailed, WrongEndpoint

if TYPE_CHECKING:
    import httpx
    from langchain_openai import ChatOpenAI

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
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
                f"“{self.base_url}”不是模型服务的地址（XUESI_LLM_BASE_URL），应写作 http://127.0.0.1:8081/v1 这样的形式。"
            )
        if not self.model:
            raise WrongEndpoint("有了模型服务的地址，还要写明模型名称（XUESI_LLM_MODEL）。")

    @property
    def local(self) -> bool:
        """Whether the model runs on this machine, so that nothing leaves it."""
        return urlsplit(self.base_url).hostname in LOOPBACK


def chat_openai(settings: EndpointSettings, calls: threading.local) -> ChatOpenAI:
    """The model that `settings` name. A thread that sets `calls.left` (an Event) stops reading when it is set."""
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

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
        http_client=_client(settings, calls),
        timeout=_patience(settings),
        max_retries=0,
        temperature=0.0,
        stream_usage=True,
        extra_body=thinking,
        cache=False,
        use_responses_api=False,
    )


def failure_of(error: Exception, *, begun: bool) -> GenerationFailed:
    """A client's many errors as ours; what is not foreseen counts as broken output and is logged. `begun` tells whether
    something had arrived before."""
    import httpx
    import openai

    match error:
        case openai.RateLimitError():
            return GenerationFailed(Failure.RATE_LIMITED, "429")
        case openai.APITimeoutError() | httpx.TimeoutException() | TimeoutError():
            return GenerationFailed(Failure.TIMEOUT)
        case openai.APIConnectionError() | httpx.ConnectError() | ConnectionError():
            return GenerationFailed(Failure.BROKEN if begun else Failure.DOWN)
        case openai.APIStatusError() if error.status_code < 500:
            return GenerationFailed(Failure.REJECTED, str(error.status_code))
        case openai.APIStatusError():
            return GenerationFailed(Failure.DOWN, str(error.status_code))
        case openai.APIError() | httpx.HTTPError() | ValueError():
            return GenerationFailed(Failure.BROKEN)
    _log.warning("the model's client failed unexpectedly", exc_info=error)
    return GenerationFailed(Failure.BROKEN, type(error).__name__)


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
