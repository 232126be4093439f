"""The gate: no hard gate may break, and no run may be significantly worse than what it is measured against."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.errors import BadRun
from eval.running.run import cluster_of
from eval.scoring.metrics import HARD, WATCHED, chance, label
from eval.scoring.result import Result
from eval.scoring.significance import LEVEL, holm, paired_p

BASELINES = Path(__file__).parents[1] / "baselines"

Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Fall:
    """A metric that fell: its means before and now, the p-value after Holm's correction (None for a hard gate), and the
    cases to look at."""

    metric: str
    before: float
    now: float
    p: float | None
    cases: tuple[str, ...]


def scores_by_case(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Case id → metric → value, of the metrics that the gate looks at and that apply."""
    looked_at = {*HARD, *WATCHED}
    return {
        result.case.id: {
            one.metric: one.value for one in result.scores if one.value is not None and one.metric in looked_at
        }
        for result in results
    }


def falls(baseline: Scores, results: Sequence[Result]) -> list[Fall]:
    """What broke or fell significantly between `baseline` and `results`. Cases that only one of them holds are left out.

    One-sided paired tests, corrected by Holm over the watched metrics in which some case changed: without a change there
    is nothing to test.
    """
    now = scores_by_case(results)
    clusters = {result.case.id: cluster_of(result.case) for result in results}
    found = []
    for metric in HARD:
        broken = tuple(case for case, scores in now.items() if scores.get(metric, 1.0) < 1.0)
        if broken:
            found.append(Fall(metric, 1.0, 1 - len(broken) / len(now), None, broken))
    compared: dict[str, dict[str, tuple[float, float]]] = {}
    for metric in WATCHED:
        pairs = {
            case: (baseline[case][metric], scores[metric])
            for case, scores in now.items()
            if metric in scores and metric in baseline.get(case, {})
        }
        if any(before != after for before, after in pairs.values()):
            compared[metric] = pairs
    chances = {}
    for metric, pairs in compared.items():
        before, after = zip(*pairs.values(), strict=True)
        chances[metric] = paired_p(before, after, [clusters[case] for case in pairs], "less")
    for metric, p in holm(chances).items():
        if p < LEVEL:
            pairs = compared[metric]
            before, after = zip(*pairs.values(), strict=True)
            worse = tuple(case for case, (old, new) in pairs.items() if new < old)
            found.append(Fall(metric, sum(before) / len(pairs), sum(after) / len(pairs), p, worse))
    return found


def told(fallen: Sequence[Fall], results: Sequence[Result]) -> list[str]:
    """Lines for people: what fell, then every case to look at once, with its question and what is wrong with it now."""
    lines = []
    for fall in fallen:
        why = "一处也不允许" if fall.p is None else f"校正后 {chance(fall.p)}"
        means = f"{fall.before:.3f} → {fall.now:.3f}"
        lines.append(f"变差：{label(fall.metric)}（{fall.metric}） {means}，{why}，{len(fall.cases)} 道题")
    for result in results:
        wrong = [fall.metric for fall in fallen if result.case.id in fall.cases]
        if wrong:
            lines.append(f"  {result.case.id}  {result.case.question}")
            lines += [f"      {label(metric)}：{result.reason(metric)}" for metric in wrong]
    return lines


def read_baseline(name: str) -> Scores:
    """The committed scores of a suite. Raises BadRun when there are none."""
    path = BASELINES / f"{name}.json"
    if not path.is_file():
        raise BadRun(f"评测集“{name}”还没有基线；先用 xuesi eval gate {name} --accept 定一个。")
    stored: Scores = json.loads(path.read_text(encoding="utf-8"))
    return stored


def write_baseline(name: str, scores: Scores) -> Path:
    """Commit `scores` as what later runs are measured against."""
    BASELINES.mkdir(exist_ok=True)
    path = BASELINES / f"{name}.json"
    lines = ",\n".join(f"{json.dumps(case)}: {json.dumps(scores[case], sort_keys=True)}" for case in sorted(scores))
    path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    return path
