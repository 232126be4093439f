"""Many readers at once, in a process of their own: asks over HTTP and notes when the first sentence arrives."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import secrets
import time

import httpx


def seconds_to_first_sentence(url: str, questions: list[str]) -> list[float]:
    """For each question, asked at the same moment by a reader of its own: seconds from sending it to its first sentence.

    Every answer is followed to its end. Raises RuntimeError when one ends without a sentence.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (url, questions))


def _measure(url: str, questions: list[str]) -> list[float]:
    return asyncio.run(_all(url, questions))


async def _all(url: str, questions: list[str]) -> list[float]:
    limits = httpx.Limits(max_connections=len(questions) * 2 + 2)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        config = (await client.get("/config")).json()
        names = {one["id"]: one.get("props", {}).get("elem_id") for one in config["components"]}
        heard = [
            (names.get(target), event, one["id"]) for one in config["dependencies"] for target, event in one["targets"]
        ]
        asking = next(number for name, event, number in heard if (name, event) == ("ask", "submit"))
        following = next(number for _, event, number in heard if event == "success")
        readers = (_one(client, i, question, asking, following) for i, question in enumerate(questions))
        return list(await asyncio.gather(*readers))


async def _one(client: httpx.AsyncClient, number: int, question: str, asking: int, following: int) -> float:
    """As the page does it: the event of asking, then the one that follows the answer it began."""
    headers, session = {"X-Reader": f"load-{number}"}, secrets.token_hex(6)
    begun = time.perf_counter()
    first: float | None = None
    bridge: dict[str, str] = {}
    for event in (asking, following):
        data = [question, "", "", "", ""] if event == asking else [bridge]
        body = {"data": data, "fn_index": event, "session_hash": session}
        await client.post(f"/gradio_api/queue/join?c={bridge.get('c', '')}", json=body, headers=headers)
        params = {"session_hash": session}
        async with client.stream("GET", "/gradio_api/queue/data", params=params, headers=headers) as said:
            async for line in said.aiter_lines():
                if event == following and first is None and 'class=\\"cite' in line:
                    first = time.perf_counter() - begun
                if "process_completed" in line:
                    if event == asking:
                        bridge = json.loads(line[5:])["output"]["data"][0]
                    break
    if first is None:
        raise RuntimeError(f"no answer to {question}")
    return first
