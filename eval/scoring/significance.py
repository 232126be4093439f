"""What chance can do: intervals clustered by document, paired tests, and the correction for looking at several metrics."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

RESAMPLES = 2_000
PERMUTATIONS = 5_000
COVERAGE = 0.95
#: From here on a difference is called significant, after Holm's correction.
LEVEL = 0.05

Alternative = Literal["two-sided", "less", "greater"]


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean of `cases` values, with a 95 % interval; `low` and `high` are None when all cases are of one cluster,
    from which nothing can be said about another one."""

    mean: float
    low: float | None
    high: float | None
    cases: int


def interval(values: Sequence[float], clusters: Sequence[Hashable]) -> Interval:
    """Mean of `values` with a percentile bootstrap interval that resamples whole clusters: questions about one document
    stand or fall together. `clusters[i]` is the cluster of `values[i]`. When all values are equal the interval has no
    width. Raises ValueError for no values."""
    import numpy as np

    if not values:
        raise ValueError("no values")
    mean = sum(values) / len(values)
    sums, counts = _by_cluster(values, clusters)
    if len(sums) < 2:
        return Interval(mean, None, None, len(values))
    drawn = np.random.default_rng(0).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES)
    means = (drawn @ np.array(sums)) / (drawn @ np.array(counts))
    low, high = np.quantile(means, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    # Sums in another order may differ in the last digit; the mean never lies outside.
    return Interval(mean, min(float(low), mean), max(float(high), mean), len(values))


def paired_p(
    before: Sequence[float],
    after: Sequence[float],
    clusters: Sequence[Hashable],
    alternative: Alternative = "two-sided",
) -> float:
    """p-value that `after` does not differ from `before`, case by case; `less` asks whether it fell.

    McNemar's exact test when every value is 0 or 1; else a permutation test that flips the signs of whole clusters.
    1.0 when nothing differs.
    """
    if yes_or_no(before, after):
        return mcnemar(before, after, alternative)
    differences = [new - old for old, new in zip(before, after, strict=True)]
    return permutation(differences, clusters, alternative)


def yes_or_no(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether every value is 0 or 1."""
    return all(value in (0.0, 1.0) for value in (*before, *after))


def mcnemar(before: Sequence[float], after: Sequence[float], alternative: Alternative = "two-sided") -> float:
    """Exact McNemar test: of the cases that changed, do as many rise as fall? It takes cases as independent, so several
    that fall together with one document weigh more here than in `permutation`."""
    from scipy.stats import binomtest

    rose = sum(new > old for old, new in zip(before, after, strict=True))
    fell = sum(new < old for old, new in zip(before, after, strict=True))
    return float(binomtest(rose, rose + fell, 0.5, alternative).pvalue) if rose + fell else 1.0


def permutation(
    differences: Sequence[float], clusters: Sequence[Hashable], alternative: Alternative = "two-sided"
) -> float:
    """Paired permutation test on the sums of the differences of each cluster, their signs flipped at random; exact when
    the clusters are few."""
    import numpy as np
    from scipy.stats import permutation_test

    sums = [total for total in _by_cluster(differences, clusters)[0] if total]
    if len(sums) < 2:
        return 1.0  # one flip proves nothing, and scipy asks for two
    outcome = permutation_test(
        (np.array(sums),),
        np.sum,
        permutation_type="samples",
        alternative=alternative,
        n_resamples=PERMUTATIONS,
        rng=np.random.default_rng(0),
    )
    return float(outcome.pvalue)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down correction (S. Holm, A simple sequentially rejective multiple test procedure, 1979): the k-th
    smallest of m p-values times m − k + 1, never below the one before, at most 1."""
    adjusted, highest = {}, 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        highest = max(highest, min(1.0, p_values[name] * (len(p_values) - rank)))
        adjusted[name] = highest
    return adjusted


def _by_cluster(values: Sequence[float], clusters: Sequence[Hashable]) -> tuple[list[float], list[int]]:
    """Sum of the values and their number, per cluster."""
    sums: dict[Hashable, float] = {}
    counts: dict[Hashable, int] = {}
    for value, cluster in zip(values, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + value
        counts[cluster] = counts.get(cluster, 0) + 1
    return list(sums.values()), list(counts.values())
