"""What all handlers share: who is behind an event, which conversation his page shows, and errors as one sentence."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar, cast

import gradio as gr

from assistant.errors import AssistantError
from assistant.web.errors import NOT_KEPT
from assistant.web.operating.request_id import take_up
from assistant.web.security.access import look_as
from assistant.web.site import Site
from knowledge.errors import KnowledgeError, StorageBusy, StorageError

Outputs = tuple[Any, ...]
F = TypeVar("F", bound=Callable[..., Any])

KNOWN = (AssistantError, KnowledgeError)
TOAST_SECONDS = 6

_log = logging.getLogger(__name__)


class WrongEvent(AssistantError):
    """An event that our page does not send."""


def told(function: F) -> F:
    """`function` whose errors of ours reach the reader as a sentence; anything else stays in the log."""

    def sentence(error: Exception) -> gr.Error:
        words = str(error)
        if isinstance(error, StorageError) and not isinstance(error, StorageBusy):
            _log.error("%s: %s", function.__qualname__, error)  # of interest to the administrator only
            words = NOT_KEPT
        return gr.Error(words, duration=TOAST_SECONDS, print_exception=False)

    if inspect.isasyncgenfunction(function):

        @functools.wraps(function)
        async def stream(*args: Any, **named: Any) -> AsyncIterator[Any]:
            try:
                async for one in function(*args, **named):
                    yield one
            except KNOWN as error:
                raise sentence(error) from None

        return cast(F, stream)
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def waited(*args: Any, **named: Any) -> Any:
            try:
                return await function(*args, **named)
            except KNOWN as error:
                raise sentence(error) from None

        return cast(F, waited)

    @functools.wraps(function)
    def called(*args: Any, **named: Any) -> Any:
        try:
            return function(*args, **named)
        except KNOWN as error:
            raise sentence(error) from None

    return cast(F, called)


def reader_of(site: Site, request: gr.Request) -> str:
    """The reader behind an event, by the session of the request that carried it; nothing that the browser says counts."""
    user = site.reader(request.request) if request.request else None
    if not user or user != request.username:
        raise WrongEvent("登录已过期，请刷新页面重新登录。")
    look_as(request.request)
    take_up(request.request)
    return user


def shown_in(request: gr.Request) -> str | None:
    """The conversation that stands in the address of the page."""
    return dict(request.query_params).get("c") or None


def field(event: gr.EventData, name: str) -> str:
    """One value that an event of our script carries; "" without it."""
    data = event._data
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def skipped(outputs: int) -> Outputs:
    """Nothing changes."""
    return tuple(gr.skip() for _ in range(outputs))
