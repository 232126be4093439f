"""How our own search grows: the same questions over more and more passages, and the memory of a server that holds them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import sqlalchemy as sa

from eval.benchmarks.beir import Benchmark
from eval.benchmarks.chat_client import ask_in_the_chat, asking_events
from eval.benchmarks.side_by_side import Process, ask, part, quantiles
from eval.errors import BadBenchmark
from knowledge.chunking.indexed import new_passage
from knowledge.embeddings import builtin, open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.storage.changes import add_vectors
from knowledge.storage.schema import vector

_START_SECONDS = 120
_HASHES_PER_READ = 500


@dataclass(frozen=True, slots=True)
class Size:
    """Median and 95th percentile in milliseconds of a search over `passages`, encoding included, and the megabytes that
    the searching process held."""

    passages: int
    p50: float
    p95: float
    mb: float


@dataclass(frozen=True, slots=True)
class Growth:
    """`sizes`, smallest first; the same figures of encoding the questions alone; and the megabytes of `xuesi serve` over
    the size nearest to 10,000 passages after answering."""

    sizes: tuple[Size, ...]
    encoding_p50: float
    encoding_p95: float
    server_passages: int
    server_mb: float


def grow(
    benchmark: Benchmark,
    full: KnowledgeBase,
    counts: Sequence[int],
    questions: int,
    work: Path,
    on_step: Callable[[int, int], None] = lambda _done, _total: None,
) -> Growth:
    """Search ever larger parts of `benchmark`, whose vectors `full` holds already: a vector is what it is, whoever made it,
    so they are copied. The processes answer in turn."""
    folders = {}
    for count in sorted({min(count, len(benchmark.corpus)) for count in counts}):
        folders[count] = work / f"passages-{count}"
        copy_part(part(benchmark, count, questions), full, folders[count])
    model = builtin.folder()
    rivals = [Process("encoder", work / "encoder", model)]
    try:
        for count, folder in folders.items():
            rivals.append(Process("xuesi", folder, model, str(count)))
        queries = part(benchmark, min(counts), questions).queries
        asked = ask(rivals, queries, lambda done: on_step(done, len(queries)))
        times = {name: quantiles([seconds for seconds, _ in found]) for name, found in asked.items()}
        sizes = tuple(Size(int(one.name), *times[one.name], one.memory()) for one in rivals[1:])
    finally:
        for rival in rivals:
            rival.close()
    nearest = min(folders, key=lambda count: abs(count - 10_000))
    memory = server_memory(folders[nearest], [query.text for query in queries[:20]])
    return Growth(sizes, *times["encoder"], nearest, memory)


def copy_part(benchmark: Benchmark, full: KnowledgeBase, folder: Path) -> None:
    """A library of the passages of `benchmark` in `folder`, with the vectors that `full` has of them. Raises BadBenchmark
    when `full` lacks one."""
    hashes = [new_passage("", item.key, item.title, item.text, 0, 0).text_hash for item in benchmark.corpus]
    held = _vectors(full, hashes)
    if missing := len(set(hashes) - held.keys()):
        raise BadBenchmark(
            f"数据文件夹 {full.data} 里缺 {missing} 段的向量；请先运行 xuesi eval beir，用同一个 --data。"
        )
    kb = KnowledgeBase.open(folder, open_encoder, register=Register.load())
    try:
        if not kb.published():
            with kb.database.write() as connection:
                add_vectors(connection, full.encoder.name, held)
            kb.add_collection(benchmark.name, benchmark.corpus)
    finally:
        kb.close()


def server_memory(data: Path, questions: Sequence[str]) -> float:
    """Megabytes that `xuesi serve` over the folder `data` holds after it has answered `questions`."""
    import psutil

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app", "serve", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as browser:
                _until_open(browser, server)
                events = asking_events(browser.get("/config").raise_for_status().json())
                for question in questions:
                    ask_in_the_chat(browser, events, question)
            return float(psutil.Process(server.pid).memory_info().rss) / 2**20
        finally:
            server.terminate()


def _vectors(kb: KnowledgeBase, hashes: Sequence[bytes]) -> Mapping[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    with kb.database.read() as connection:
        for start in range(0, len(hashes), _HASHES_PER_READ):
            some = hashes[start : start + _HASHES_PER_READ]
            rows = connection.execute(
                sa.select(vector.c.text_hash, vector.c.data).where(
                    vector.c.model == kb.encoder.name, vector.c.text_hash.in_(some)
                )
            )
            found.update((row[0], row[1]) for row in rows)
    return found


def _until_open(browser: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            browser.get("/")
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise BadBenchmark("测内存用的服务没有打开；请先用 xuesi serve 试一次，看它说什么。")
