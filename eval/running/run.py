"""One run of a suite: every case asked, every answer scored, and the scores summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.answerer import Answerer
from assistant.model import Mode
from eval.scoring.causes import Toll, failure, tolls
from eval.scoring.gold import Gold
from eval.scoring.result import Result
from eval.scoring.retrieval import DEPTH, retrieval
from eval.scoring.scores import same_standalone, score
from eval.scoring.served import sure_right
from eval.scoring.significance import Interval, interval
from eval.suite import Case, Suite
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.validity import series_key
from knowledge.retrieval.search import Scope


def run(
    suite: Suite,
    kb: KnowledgeBase,
    answerer: Answerer,
    watch: Callable[[Sequence[Case]], Iterable[Case]] = lambda cases: cases,
    mode: Mode | None = None,
) -> list[Result]:
    """Ask every case of `suite`, in order, to be answered in `mode` (None: as the answerer likes). `watch` may wrap the
    cases to show progress."""
    searcher = answerer.searcher
    gold = Gold(kb)
    results = []
    for case in watch(suite.cases):
        answer = answerer.answer(case.question, case.history, as_of=case.as_of, mode=mode)
        hits = searcher.search(answer.standalone, DEPTH, Scope(as_of=case.as_of)) if case.answerable else []
        scores = [*score(case, answer, hits, kb.text, gold), *retrieval(case, hits, gold)]
        if case.history:
            alone = answerer.answer(answer.standalone, as_of=case.as_of, mode=mode)
            scores.append(same_standalone(case, answer, alone))
        scores.append(sure_right(case, answer, scores))
        best = answerer.found(answer.standalone, as_of=case.as_of)[:DEPTH] if case.answerable else []
        results.append(Result(case, answer, tuple(scores), failure(case, answer, scores, best, gold)))
    return results


def cluster_of(case: Case) -> str:
    """What the outcome of a case hangs on together with others: its first gold document, without one nothing else."""
    return series_key(case.evidence[0].document) if case.evidence else case.id


def aggregates(results: Sequence[Result]) -> dict[str, Interval]:
    """Metric → mean with its interval over the cases it applies to, by name; a metric without cases is left out."""
    names = sorted({one.metric for result in results for one in result.scores})
    return {metric: found for metric in names if (found := mean(results, metric)) is not None}


def mean(results: Sequence[Result], metric: str) -> Interval | None:
    """The mean of `metric` with its interval over the cases it applies to; None when it applies to none."""
    pairs = [(value, cluster_of(result.case)) for result in results if (value := result.value(metric)) is not None]
    if not pairs:
        return None
    values, clusters = zip(*pairs, strict=True)
    return interval(values, clusters)


def by_type(results: Sequence[Result]) -> dict[str, dict[str, Interval]]:
    """`aggregates` for each type of case, types by name."""
    types = sorted({result.case.type for result in results})
    return {type: aggregates([result for result in results if result.case.type == type]) for type in types}


def causes(results: Sequence[Result]) -> tuple[Toll, ...]:
    """What the cases that were not served well were lost to, dearest first."""
    return tolls([(one.case, one.failure, one.value("key_points_capped")) for one in results])


def milliseconds(results: Sequence[Result]) -> tuple[float, float]:
    """Median and 95th percentile of the time that an answer took, all stages together. Raises for no results."""
    import numpy as np

    taken = [sum(result.answer.timings_ms.values()) for result in results]
    median, slow = np.quantile(taken, [0.5, 0.95])
    return round(float(median), 1), round(float(slow), 1)
