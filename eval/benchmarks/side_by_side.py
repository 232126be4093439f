"""Speed, memory and quality side by side in one run: the same passages, the same questions, the same model.

Passages go to every rival block by block, and every question to every rival in turn, so that whatever else the machine does
hits all of them alike. Ratios of one run can be trusted; the figures themselves belong to the machine.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks.beir import Benchmark, Query, values
from eval.errors import BadBenchmark, MissingExtra
from knowledge.ingestion.collection import Item

BLOCK = 100
DEPTH = 10
#: Questions asked before the clock runs.
WARM_UP = 5
NAMES = {
    "encoder": "只编码",
    "xuesi": "学思",
    "langchain": "LangChain（torch）",
    "langchain-int8": "LangChain（内置 int8 模型）",
    "txtai": "txtai（torch）",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What one rival came to. `rate` is characters indexed per second, `cpu_rate` per second of processor time, which other
    programs do not change; `p50` and `p95` of a question in milliseconds; `mb` of memory held after all questions;
    `ndcg` is None for what does not search."""

    name: str
    rate: float
    cpu_rate: float
    p50: float
    p95: float
    mb: float
    ndcg: float | None
    questions: Sequence[float] = field(default=(), repr=False)


def part(benchmark: Benchmark, passages: int, questions: int, seed: int = 0) -> Benchmark:
    """`questions` of the benchmark drawn at random, their answers, and other passages up to `passages` in all."""
    drawn = random.Random(seed)
    asked = drawn.sample(list(benchmark.queries), min(questions, len(benchmark.queries)))
    wanted = {key for query in asked for key in query.relevant}
    others = [item.key for item in benchmark.corpus if item.key not in wanted]
    wanted.update(drawn.sample(others, max(0, min(passages - len(wanted), len(others)))))
    return replace(benchmark, corpus=[item for item in benchmark.corpus if item.key in wanted], queries=asked)


def compare(
    benchmark: Benchmark,
    names: Sequence[str],
    work: Path,
    model_of: Callable[[str], Path],
    on_step: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Measured]:
    """Every rival of `names` with the whole of `benchmark`, each in a new folder in `work`. Raises MissingExtra."""
    rivals = [Process(name, work / name, model_of(name)) for name in names]
    try:
        blocks = list(_blocks(benchmark.corpus))
        steps = len(blocks) + len(benchmark.queries)
        spent: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        for done, block in enumerate(blocks):
            for rival in _turned(rivals, done):
                spent[rival.name].append(rival.index(block))
            on_step(done + 1, steps)
        characters = sum(len(item.title) + len(item.text) for item in benchmark.corpus)
        asked = ask(rivals, benchmark.queries, lambda done: on_step(len(blocks) + done, steps))
        found = []
        for rival in rivals:
            seconds, cpu = (sum(column) for column in zip(*spent[rival.name], strict=True))
            times = [one for one, _ in asked[rival.name]]
            scores = [
                values(query.relevant, keys)["ndcg@10"]
                for query, (_, keys) in zip(benchmark.queries, asked[rival.name], strict=True)
            ]
            p50, p95 = quantiles(times)
            ndcg = None if rival.name == "encoder" else float(np.mean(scores))
            found.append(
                Measured(rival.name, characters / seconds, characters / cpu, p50, p95, rival.memory(), ndcg, scores)
            )
        return found
    finally:
        for rival in rivals:
            rival.close()


def ask(
    rivals: Sequence[Process], queries: Sequence[Query], on_step: Callable[[int], None] = lambda _done: None
) -> dict[str, list[tuple[float, list[str]]]]:
    """Per rival, in the order of `queries`, the seconds a question took and the keys found."""
    for query in queries[:WARM_UP]:
        for rival in rivals:
            rival.search(query.text)
    asked: dict[str, list[tuple[float, list[str]]]] = {rival.name: [] for rival in rivals}
    for done, query in enumerate(queries):
        for rival in _turned(rivals, done):
            asked[rival.name].append(rival.search(query.text))
        on_step(done + 1)
    return asked


def quantiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    median, slow = np.quantile(seconds, [0.5, 0.95])
    return float(median) * 1000, float(slow) * 1000


def ratios(found: Sequence[Measured]) -> dict[str, float]:
    """The ratios that DESIGN §10 names, of those rivals that took part."""
    by = {one.name: one for one in found}
    ours = by["xuesi"]
    told = {}
    if (bare := by.get("encoder")) is not None:
        told["index / bare encoder"] = ours.rate / bare.rate
        told["query p50 / bare encoding"] = ours.p50 / bare.p50
    for name, other in by.items():
        if other.ndcg is not None and ours.ndcg is not None and other is not ours:
            told[f"index / {name}"] = ours.rate / other.rate
            told[f"index / {name}, processor time"] = ours.cpu_rate / other.cpu_rate
            told[f"{name} query p50 / ours"] = other.p50 / ours.p50
            told[f"ndcg@10 - {name}"] = ours.ndcg - other.ndcg
    return {name: round(value, 3) for name, value in told.items()}


class Process:
    """A rival in its own process; see `eval.benchmarks.rival_process`."""

    def __init__(self, name: str, folder: Path, model: Path, label: str = "") -> None:
        """`label` tells several of one kind apart. Raises MissingExtra when what it needs is not installed."""
        folder.mkdir(parents=True, exist_ok=True)
        self.name = label or name
        command = [sys.executable, "-m", "eval.benchmarks.rival_process", name, str(folder), str(model)]
        self._log = (folder / "stderr.txt").open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True, encoding="utf-8"
        )
        self._read()

    def index(self, items: Sequence[Item]) -> tuple[float, float]:
        """Seconds, and seconds of processor time, that the block took."""
        told = self._told({"index": [[item.key, item.title, item.text] for item in items]})
        return told["seconds"], told["cpu"]

    def search(self, question: str) -> tuple[float, list[str]]:
        """The seconds that the question took, and the keys found."""
        told = self._told({"search": question, "k": DEPTH})
        return told["seconds"], told["found"]

    def memory(self) -> float:
        """Megabytes held now."""
        return float(self._told({"memory": True})["mb"])

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()

    def _told(self, request: Mapping[str, object]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            lines = Path(self._log.name).read_text(encoding="utf-8").strip().splitlines()
            raise BadBenchmark(
                f"对比用的 {NAMES.get(self.name, self.name)} 没有跑完（{lines[-1] if lines else '没有说明'}）。"
            )
        told: dict[str, Any] = json.loads(line)
        if "error" in told:
            raise MissingExtra(told["error"])
        return told


def _blocks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + BLOCK] for start in range(0, len(items), BLOCK))


def _turned(rivals: Sequence[Process], by: int) -> list[Process]:
    """Each comes first in its turn."""
    at = by % len(rivals)
    return [*rivals[at:], *rivals[:at]]
