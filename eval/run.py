"""One run of a suite: every case asked, every answer scored, everything written to a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from assistant.answerer import Answerer
from assistant.contract import answer_json
from assistant.model import Answer
from eval.scores import Gold, Score, score
from eval.suite import Case, Suite
from knowledge.knowledge_base import KnowledgeBase
from knowledge.search import Scope, Searcher


@dataclass(frozen=True, slots=True)
class Result:
    """A case with its answer and scores."""

    case: Case
    answer: Answer
    scores: tuple[Score, ...]


def run(
    suite: Suite,
    kb: KnowledgeBase,
    answerer: Answerer,
    watch: Callable[[Sequence[Case]], Iterable[Case]] = lambda cases: cases,
) -> list[Result]:
    """Ask every case of `suite`, in order. `watch` may wrap the cases to show progress."""
    searcher = Searcher(kb)
    gold = Gold(kb.published())
    results = []
    for case in watch(suite.cases):
        answer = answerer.answer(case.question, case.history, as_of=case.as_of)
        hits = searcher.search(answer.standalone, 10, Scope(as_of=case.as_of)) if case.answerable else []
        results.append(Result(case, answer, tuple(score(case, answer, hits, kb.text, gold))))
    return results


def means(results: Iterable[Result]) -> dict[str, tuple[float, int]]:
    """Metric → (mean, number of cases it applied to); cases where it is None do not count."""
    values: dict[str, list[float]] = {}
    for result in results:
        for one in result.scores:
            if one.value is not None:
                values.setdefault(one.metric, []).append(one.value)
    return {metric: (sum(found) / len(found), len(found)) for metric, found in sorted(values.items())}


def write(results: Sequence[Result], suite: Suite, folder: Path) -> None:
    """Write `answers.jsonl`, `scores.jsonl` and `run.json` (DESIGN §9) into `folder`, made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "answers.jsonl").open("w", encoding="utf-8") as answers:
        for result in results:
            line = {"id": result.case.id, "type": result.case.type, **answer_json(result.answer)}
            answers.write(json.dumps(line, ensure_ascii=False) + "\n")
    with (folder / "scores.jsonl").open("w", encoding="utf-8") as scores:
        for result in results:
            for one in result.scores:
                line = {"id": result.case.id, "type": result.case.type, **asdict(one)}
                scores.write(json.dumps(line, ensure_ascii=False) + "\n")
    summary = {
        "suite": suite.name,
        "suite_sha256": suite.sha256,
        "cases": len(results),
        "version": version("xuesi"),
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "metrics": {metric: {"mean": mean, "cases": count} for metric, (mean, count) in means(results).items()},
    }
    (folder / "run.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
