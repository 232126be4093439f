"""The chat as a program asks it over HTTP: which of its events a question goes through, and asking one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

import httpx


def asking_events(config: Mapping[str, Any]) -> tuple[int, int]:
    """The numbers of two events in the chat's `/config`: of asking, and of following the answer that was begun."""
    names = {one["id"]: one.get("props", {}).get("elem_id") for one in config["components"]}
    events = [(names.get(to), what, one["id"]) for one in config["dependencies"] for to, what in one["targets"]]
    asking = next(number for name, what, number in events if (name, what) == ("ask", "submit"))
    following = next(number for _, what, number in events if what == "success")
    return asking, following


def joining(event: int, data: list[Any], session: str) -> dict[str, Any]:
    """The body that lets `event` happen in `session`."""
    return {"data": data, "fn_index": event, "session_hash": session}


def asked(question: str) -> list[Any]:
    """What the page sends with a question that has no topic, document or day, and an empty search of the list."""
    return [question, "", "", "", ""]


def begun(completed: str) -> dict[str, str]:
    """Conversation and turn, from the line that ends the event of asking."""
    bridge: dict[str, str] = json.loads(completed.removeprefix("data:"))["output"]["data"][0]
    return bridge


def ask_in_the_chat(browser: httpx.Client, events: tuple[int, int], question: str) -> None:
    """Ask as the page does, in a conversation of its own, and follow the answer to its end."""
    session = secrets.token_hex(6)
    bridge = begun(_done(browser, joining(events[0], asked(question), session)))
    _done(browser, joining(events[1], [bridge], session), bridge.get("c", ""))


def _done(browser: httpx.Client, body: Mapping[str, Any], conversation: str = "") -> str:
    """Let the event happen; the line that says it is over."""
    browser.post(f"/gradio_api/queue/join?c={conversation}", json=body).raise_for_status()
    with browser.stream("GET", "/gradio_api/queue/data", params={"session_hash": body["session_hash"]}) as said:
        return next(line for line in said.iter_lines() if "process_completed" in line)
