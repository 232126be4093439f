"""Two runs of one suite side by side: what changed, how sure that is, and which cases moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from eval.errors import BadRun
from eval.running.folder import Run
from eval.running.run import cluster_of
from eval.scoring.metrics import OUTCOMES, label, ordered
from eval.scoring.result import Result
from eval.scoring.significance import LEVEL, Interval, holm, interval, paired_p, yes_or_no
from eval.suite import Case
from eval.suite_diff import SuiteDiff, suite_diff

FEWEST = 5
BETTER, WORSE, SAME = "变好", "变差", "看不出差别"
MCNEMAR, PERMUTATION = "McNemar", "置换"


@dataclass(frozen=True, slots=True)
class Change:
    """One metric over the cases that both runs score: means `before` and `after`, the mean of the paired differences
    with its interval, the test used, its p-value (two-sided) and that after Holm's correction; `moved` when some case changed."""

    metric: str
    before: float
    after: float
    difference: Interval
    test: str
    p: float
    adjusted: float
    moved: bool

    @property
    def verdict(self) -> str:
        """BETTER, WORSE or SAME."""
        if self.adjusted >= LEVEL:
            return SAME
        return BETTER if self.difference.mean > 0 else WORSE


@dataclass(frozen=True, slots=True)
class Step:
    """One score of a case that moved, and why it was and is what it is."""

    metric: str
    before: float
    after: float
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A case with the outcome scores that moved one way, largest step first."""

    case: Case
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Libraries:
    """Documents by title and edition that two libraries do not share: held before only, after only, with other text."""

    gone: tuple[str, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`common` cases were compared; `left_out` stand in one run only or are asked differently in the other. `worse` and
    `better` are the cases that moved, the furthest first; a case may stand in both. `library` says in which documents the
    libraries differ, None when they do not (or a run did not note them); `suite` what changed in the suite between the
    runs, None when they have the same version of it."""

    before: Run
    after: Run
    common: int
    left_out: int
    changes: tuple[Change, ...]
    worse: tuple[Moved, ...]
    better: tuple[Moved, ...]
    library: Libraries | None = None
    suite: SuiteDiff | None = None


def compare(before: Run, after: Run) -> Comparison:
    """Raises BadRun when the runs are of different suites or share fewer than FEWEST cases."""
    if before.suite != after.suite:
        raise BadRun(
            f"{before.folder} 评的是“{before.suite}”，{after.folder} 评的是“{after.suite}”；只能比较同一个评测集的两次结果。"
        )
    earlier = {result.case: result for result in before.results}
    pairs = [(earlier[result.case], result) for result in after.results if result.case in earlier]
    if len(pairs) < FEWEST:
        raise BadRun(
            f"{before.folder} 和 {after.folder} 只有 {len(pairs)} 道相同的题，少于 {FEWEST} 道，比不出结果；"
            "请用同一个评测集、同一部分（--split）再评一次。"
        )
    every = {result.case.id for result in (*before.results, *after.results)}
    return Comparison(
        before,
        after,
        len(pairs),
        len(every - {result.case.id for _, result in pairs}),
        _changes(pairs),
        _moved(pairs, -1),
        _moved(pairs, 1),
        libraries(before.library, after.library),
        _suite(before, after),
    )


def _suite(before: Run, after: Run) -> SuiteDiff | None:
    if before.suite_sha256 == after.suite_sha256:
        return None
    return suite_diff([one.case for one in before.results], [one.case for one in after.results])


def libraries(before: Mapping[str, str], after: Mapping[str, str]) -> Libraries | None:
    """What differs between two libraries, given as document → hash; None when nothing does or one is not known."""
    if not before or not after or before == after:
        return None
    return Libraries(
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
    )


def _changes(pairs: Sequence[tuple[Result, Result]]) -> tuple[Change, ...]:
    """All metrics that both runs score, in the order in which they are shown.

    Holm's correction counts the metrics in which some case changed: without a change no test can reach any level, and
    counting such a one would only hide others (R. E. Tarone, 1990).
    """
    found = {}
    for metric in ordered({one.metric for _, after in pairs for one in after.scores}):
        columns: tuple[list[float], list[float], list[str]] = ([], [], [])
        for before, after in pairs:
            was, now = before.value(metric), after.value(metric)
            if was is not None and now is not None:
                columns[0].append(was)
                columns[1].append(now)
                columns[2].append(cluster_of(after.case))
        if columns[0]:
            found[metric] = columns
    chances = {metric: paired_p(*columns) for metric, columns in found.items() if columns[0] != columns[1]}
    adjusted = holm(chances)
    return tuple(
        Change(
            metric,
            sum(old) / len(old),
            sum(new) / len(new),
            interval([after - before for before, after in zip(old, new, strict=True)], clusters),
            MCNEMAR if yes_or_no(old, new) else PERMUTATION,
            chances.get(metric, 1.0),
            adjusted.get(metric, 1.0),
            metric in chances,
        )
        for metric, (old, new, clusters) in found.items()
    )


def _moved(pairs: Sequence[tuple[Result, Result]], way: int) -> tuple[Moved, ...]:
    """The cases with an outcome score that rose (`way` 1) or fell (-1)."""
    moved = []
    for before, after in pairs:
        steps = [
            Step(metric, old, new, before.reason(metric), after.reason(metric))
            for metric in OUTCOMES
            if (old := before.value(metric)) is not None
            and (new := after.value(metric)) is not None
            and (new - old) * way > 0
        ]
        if steps:
            moved.append(Moved(after.case, tuple(sorted(steps, key=lambda step: (step.after - step.before) * -way))))
    return tuple(sorted(moved, key=lambda one: (one.steps[0].after - one.steps[0].before) * -way))


def comparison_json(comparison: Comparison) -> dict[str, object]:
    """What `eval compare --json` prints."""
    return {
        "suite": comparison.after.suite,
        "before": str(comparison.before.folder),
        "after": str(comparison.after.folder),
        "common": comparison.common,
        "left_out": comparison.left_out,
        "suite_changes": asdict(comparison.suite) if comparison.suite else None,
        "library": asdict(comparison.library) if comparison.library else None,
        "metrics": [
            {**asdict(change), "label": label(change.metric), "verdict": change.verdict}
            for change in comparison.changes
        ],
        "worse": [_moved_json(one) for one in comparison.worse],
        "better": [_moved_json(one) for one in comparison.better],
    }


def _moved_json(moved: Moved) -> dict[str, object]:
    return {
        "id": moved.case.id,
        "type": moved.case.type,
        "question": moved.case.question,
        "steps": [asdict(step) for step in moved.steps],
    }
