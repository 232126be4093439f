"""The chat as a program speaks to it over HTTP, without a browser: its events by name, and what comes back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

SCOPE = ["", "", "", ""]  # topic, document, day, what the list is searched for


@dataclass(frozen=True)
class Reply:
    """What the stream of a session said to one event. `outputs` are those of the last message, `text` all of it."""

    status: int
    text: str
    outputs: Sequence[Any] = ()
    error: str = ""

    @property
    def bridge(self) -> Mapping[str, Any]:
        """Which conversation and turn the page shows after the event."""
        return dict(self.outputs[0]) if self.outputs and isinstance(self.outputs[0], dict) else {}


class Chat:
    """One page of one reader. The names of events are those of the components' listeners, read from /config."""

    def __init__(self, client: httpx.Client, headers: Mapping[str, str] | None = None) -> None:
        self._client = client
        self._headers = dict(headers or {})
        self.session = secrets.token_hex(6)
        config = client.get("/config", headers=self._headers).json()
        self.events: dict[str, dict[str, Any]] = {}
        names = {one["id"]: one.get("props", {}).get("elem_id") for one in config["components"]}
        for one in config["dependencies"]:
            for target, event in one["targets"]:
                if one.get("backend_fn"):
                    self.events.setdefault(f"{names.get(target) or 'page'}.{event}", one)
        self.after = [one for one in config["dependencies"] if one["targets"] and one["targets"][0][1] == "success"]

    def send(
        self,
        event: str | dict[str, Any],
        data: Sequence[Any] = (),
        carried: object = None,
        conversation: str = "",
        session: str = "",
    ) -> Reply:
        """Let `event` happen on a page that shows `conversation`, and read the stream until it is over."""
        listener = self.events[event] if isinstance(event, str) else event
        session = session or self.session
        body = {"data": list(data), "fn_index": listener["id"], "session_hash": session, "event_data": carried}
        asked = self._client.post(
            f"/gradio_api/queue/join{'?c=' + conversation if conversation else ''}", json=body, headers=self._headers
        )
        if asked.status_code != 200:
            return Reply(asked.status_code, asked.text)
        return self.listen(session)

    def listen(self, session: str) -> Reply:
        """What the stream of a session says until one event is over."""
        said: list[str] = []
        params = {"session_hash": session}
        with self._client.stream("GET", "/gradio_api/queue/data", params=params, headers=self._headers) as stream:
            if stream.status_code != 200:
                return Reply(stream.status_code, stream.read().decode())
            for line in stream.iter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                said.append(json.dumps(message, ensure_ascii=False))
                if message["msg"] in ("process_completed", "close_stream"):
                    output = message.get("output") or {}
                    return Reply(200, "\n".join(said), output.get("data") or (), output.get("error") or "")
        return Reply(200, "\n".join(said))

    def ask(self, question: str, conversation: str = "") -> Reply:
        return self.send("ask.submit", [question, *SCOPE], None, conversation)

    def follow(self, bridge: Mapping[str, Any]) -> Reply:
        """Follow the answer that `ask` began, to its end."""
        return self.send(self.after[0], [dict(bridge)], None, str(bridge["c"]))
