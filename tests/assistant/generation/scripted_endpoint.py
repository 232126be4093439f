"""A language model that is no model: a real HTTP server on 127.0.0.1 that speaks OpenAI's chat completions from a script."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

MODEL = "scripted"


@dataclass(frozen=True)
class Pause:
    """Nothing is sent for so many seconds; with `pings`, a comment every 0.05 s keeps the connection busy."""

    seconds: float
    pings: bool = False


@dataclass(frozen=True)
class Disconnect:
    """The connection is reset in the middle."""


@dataclass(frozen=True)
class Raw:
    """Bytes put on the wire as they are: half a JSON object, an HTML page, a foreign event."""

    data: bytes


@dataclass(frozen=True)
class Thought:
    """A delta of `reasoning_content`, which is not part of the answer."""

    text: str


Step = str | Pause | Disconnect | Raw | Thought


@dataclass(frozen=True)
class Reply:
    """How one request is answered: text deltas and incidents in order, then the end of the stream.

    With a `status` other than 200, `body` is sent instead. `ends` False leaves out `[DONE]` and the finish reason.
    """

    steps: Sequence[Step] = ()
    status: int = 200
    body: bytes = b'{"error": {"message": "scripted failure"}}'
    headers: Mapping[str, str] = field(default_factory=dict)
    ends: bool = True
    finish: str = "stop"
    usage: tuple[int, int] | None = None  # prompt and completion tokens


@dataclass(frozen=True)
class Request:
    """What came in: path, headers (names in lower case) and the JSON body."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, object]

    @property
    def prompt(self) -> str:
        """All messages as one text."""
        messages = self.body["messages"]
        assert isinstance(messages, list)
        return "\n".join(str(message["content"]) for message in messages)


def says(*pieces: Step, size: int = 0) -> Reply:
    """An answer of these pieces; with `size`, text is cut into deltas of so many characters."""
    steps: list[Step] = []
    for piece in pieces:
        if isinstance(piece, str) and size:
            steps += [piece[start : start + size] for start in range(0, len(piece), size)]
        else:
            steps.append(piece)
    return Reply(steps)


def fails(status: int, message: str = "scripted failure", **headers: str) -> Reply:
    """An HTTP error in OpenAI's shape. Underscores in header names stand for dashes."""
    body = json.dumps({"error": {"message": message, "code": status}}).encode()
    return Reply(status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


class ScriptedEndpoint:
    """The server. As a context manager it runs while the block runs; `url` is what XUESI_LLM_BASE_URL would be.

    `script` replies in order, the last one for ever; or it is a function from a request to a reply. Requests are kept
    in `requests`; `broken_off` counts connections that the client left before the reply was over.
    """

    def __init__(self, *script: Reply | Callable[[Request], Reply]) -> None:
        self.requests: list[Request] = []
        self.broken_off = 0
        self._script = list(script) or [says("好的。")]
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def play(self, *script: Reply | Callable[[Request], Reply]) -> None:
        """Go on with another script."""
        with self._lock:
            self._script = list(script)

    def reply_to(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            now = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        return now if isinstance(now, Reply) else now(request)

    def __enter__(self) -> ScriptedEndpoint:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no news."""


def _handler(endpoint: ScriptedEndpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._serve(json.loads(self.rfile.read(length) or b"{}"))

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

        def _serve(self, body: Mapping[str, object]) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = endpoint.reply_to(Request(self.path, headers, body))
            try:
                if reply.status != 200:
                    self._send(reply.status, reply.headers, reply.body)
                elif body.get("stream"):
                    self._stream(reply)
                else:
                    self._whole(reply)
            except OSError:
                endpoint.broken_off += 1
                self.close_connection = True

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _whole(self, reply: Reply) -> None:
            text, raw = "", b""
            for step in reply.steps:
                if isinstance(step, Pause):
                    time.sleep(step.seconds)
                elif isinstance(step, Disconnect):
                    return self._reset()
                elif isinstance(step, Raw):
                    raw += step.data
                elif isinstance(step, str):
                    text += step
            message = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reply.finish}
            whole: dict[str, object] = {**_frame("chat.completion"), "choices": [message]}
            if reply.usage:
                whole["usage"] = _usage(reply.usage)
            self._send(200, reply.headers, raw or json.dumps(whole).encode())

        def _stream(self, reply: Reply) -> None:
            self.send_response(200)
            for name, value in {"Content-Type": "text/event-stream", "Connection": "close", **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.close_connection = True
            self.wfile.flush()
            for step in reply.steps:
                if isinstance(step, Pause):
                    self._pause(step)
                elif isinstance(step, Disconnect):
                    return self._reset()
                elif isinstance(step, Raw):
                    self._put(step.data)
                elif isinstance(step, Thought):
                    self._put(_event([{"index": 0, "delta": {"reasoning_content": step.text}, "finish_reason": None}]))
                else:
                    self._put(_event([{"index": 0, "delta": {"content": step}, "finish_reason": None}]))
            if not reply.ends:
                return
            self._put(_event([{"index": 0, "delta": {}, "finish_reason": reply.finish}]))
            if reply.usage:
                self._put(_event([], usage=_usage(reply.usage)))
            self._put(b"data: [DONE]\n\n")

        def _pause(self, pause: Pause) -> None:
            until = time.monotonic() + pause.seconds
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, 0.05))
                if pause.pings:
                    self._put(b": ping\n\n")

        def _put(self, data: bytes) -> None:
            self.wfile.write(data)
            self.wfile.flush()

        def _reset(self) -> None:
            """Close with a RST, as a process that was killed behind a load balancer does."""
            with suppress(OSError):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

    return Handler


def _frame(kind: str) -> dict[str, object]:
    return {"id": "chatcmpl-scripted", "object": kind, "created": 0, "model": MODEL}


def _event(choices: Iterable[Mapping[str, object]], usage: Mapping[str, int] | None = None) -> bytes:
    chunk = {**_frame("chat.completion.chunk"), "choices": list(choices)}
    if usage:
        chunk["usage"] = usage
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()


def _usage(tokens: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
