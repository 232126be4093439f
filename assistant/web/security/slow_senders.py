"""Time-outs for who sends a request slowly, by mistake or to hold the server's connections.

The head of a request has a few seconds; its body has to keep coming, and at no less than a trickle.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

from starlette.types import Message, Receive
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 15.0
SILENCE_SECONDS: Final = 20.0  # between two pieces of a body
GRACE_SECONDS: Final = 30.0
SLOWEST: Final = 4096  # bytes a second, on the whole, once the grace is over


class PromptProtocol(H11Protocol):
    """HTTP of uvicorn, closing connections on which a request has begun, or was to begin, and does not come."""

    head_seconds = HEAD_SECONDS
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_a_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._expect_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _expect_a_head(self) -> None:
        """Start the clock when no request is under way, stop it when one is."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget()
        elif self._late is None:
            self._late = self.loop.call_later(self.head_seconds, self._give_up)

    def _give_up(self) -> None:
        self._late = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def prompt(receive: Receive, *, silence: float = SILENCE_SECONDS, grace: float = GRACE_SECONDS) -> Receive:
    """`receive` that ends a body which does not come as a disconnection; what comes after the body may take its time."""
    began = time.monotonic()
    size = 0
    complete = False

    async def prompted() -> Message:
        nonlocal size, complete
        if complete:
            return await receive()
        allowed = min(silence, began + grace + size / SLOWEST - time.monotonic())
        try:
            message = await asyncio.wait_for(receive(), max(allowed, 0.001))
        except TimeoutError:
            return {"type": "http.disconnect"}
        size += len(message.get("body", b""))
        complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return prompted
