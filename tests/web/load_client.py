"""Many readers at once, in a process of their own: asks over HTTP and notes when the first sentence arrives."""

from __future__ import annotations

import asyncio
import multiprocessing
import secrets
import time

import httpx

from eval.benchmarks.chat_client import asked, asking_events, begun, joining


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
        asking, following = asking_events((await client.get("/config")).json())
        readers = (_one(client, i, question, asking, following) for i, question in enumerate(questions))
        return list(await asyncio.gather(*readers))


async def _one(client: httpx.AsyncClient, number: int, question: str, asking: int, following: int) -> float:
    """As the page does it: the event of asking, then the one that follows the answer it began."""
    headers, session = {"X-Reader": f"load-{number}"}, secrets.token_hex(6)
    sent = time.perf_counter()
    first: float | None = None
    bridge: dict[str, str] = {}
    for event in (asking, following):
        body = joining(event, asked(question) if event == asking else [bridge], session)
        await client.post(f"/gradio_api/queue/join?c={bridge.get('c', '')}", json=body, headers=headers)
        params = {"session_hash": session}
        async with client.stream("GET", "/gradio_api/queue/data", params=params, headers=headers) as said:
            async for line in said.aiter_lines():
                if event == following and first is None and 'class=\\"cite' in line:
                    first = time.perf_counter() - sent
                if "process_completed" in line:
                    if event == asking:
                        bridge = begun(line)
                    break
    if first is None:
        raise RuntimeError(f"no answer to {question}")
    return first
