"""The gate: a run may not be significantly worse than the committed baseline, and no hard gate may break."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.errors import BadRun
from eval.run import Result

BASELINES = Path(__file__).with_name("baselines")
#: Every case must score 1 on these.
HARD = ("quotes",)
#: These may not fall significantly; one-sided paired permutation test at this level.
WATCHED = ("answered", "refused", "key_points", "evidence_recall", "nothing_forbidden", "in_force_first")
LEVEL = 0.05

Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Fall:
    """A metric that fell: its means before and now, the p-value (None for a hard gate), and the cases to look at."""

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


def falls(baseline: Scores, now: Scores) -> list[Fall]:
    """What fell between `baseline` and `now`. Cases that only one of them holds are left out."""
    found = []
    for metric in HARD:
        broken = tuple(case for case, scores in now.items() if scores.get(metric, 1.0) < 1.0)
        if broken:
            found.append(Fall(metric, 1.0, 1 - len(broken) / len(now), None, broken))
    for metric in WATCHED:
        pairs = {
            case: (baseline[case][metric], scores[metric])
            for case, scores in now.items()
            if metric in scores and metric in baseline.get(case, {})
        }
        differences = [after - before for before, after in pairs.values()]
        if differences and sum(differences) < 0 and (p := _p_value(differences)) < LEVEL:
            worse = tuple(case for case, (before, after) in pairs.items() if after < before)
            before = sum(old for old, _ in pairs.values()) / len(pairs)
            found.append(Fall(metric, before, before + sum(differences) / len(pairs), p, worse))
    return found


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


def _p_value(differences: Sequence[float]) -> float:
    """One-sided paired permutation test (sign flips) that the mean difference is below zero."""
    import numpy as np
    from scipy.stats import permutation_test

    outcome = permutation_test(
        (np.array(differences),),
        np.mean,
        permutation_type="samples",
        alternative="less",
        n_resamples=5000,
        rng=np.random.default_rng(0),
    )
    return float(outcome.pvalue)
