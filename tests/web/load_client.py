"""Many readers at once, in a process of their own: asks over HTTP and notes when the first sentence arrives."""

from __future__ import annotations

import asyncio
import multiprocessing
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
        await client.get("/about")
        return list(await asyncio.gather(*(_one(client, i, question) for i, question in enumerate(questions))))


async def _one(client: httpx.AsyncClient, number: int, question: str) -> float:
    headers = {"X-Reader": f"load-{number}"}
    begun = time.perf_counter()
    asked = (await client.post("/api/ask", json={"question": question}, headers=headers)).json()
    first: float | None = None
    async with client.stream("GET", f"/api/turn/{asked['turn']}/events", headers=headers) as events:
        async for line in events.aiter_lines():
            if line == "event: body" and first is None:
                first = time.perf_counter() - begun
            elif line == "event: done":
                first = first if first is not None else time.perf_counter() - begun
                break
    if first is None:
        raise RuntimeError(f"no answer to {question}")
    return first
