"""Intervals and tests say no more than the data can bear."""

from __future__ import annotations

import numpy as np
import pytest

from eval.scoring.significance import holm, interval, mcnemar, paired_p, permutation


def test_an_interval_holds_the_mean() -> None:
    found = interval([1.0, 0.0, 1.0, 1.0, 0.0, 1.0], list("abcdef"))
    assert found.cases == 6
    assert found.low is not None
    assert found.high is not None
    assert found.mean == pytest.approx(4 / 6)
    assert found.low < found.mean < found.high


def test_questions_about_one_document_are_not_independent() -> None:
    values = [1.0] * 10 + [0.0] * 10 + [1.0] * 10 + [0.0] * 10
    alone = interval(values, list(range(40)))
    clustered = interval(values, [number // 10 for number in range(40)])
    assert _width(clustered) > 2 * _width(alone)


def _width(found: object) -> float:
    return found.high - found.low  # type: ignore[attr-defined, no-any-return]


def test_one_document_says_nothing_about_another() -> None:
    found = interval([1.0, 0.0, 1.0], ["a", "a", "a"])
    assert (found.low, found.high) == (None, None)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        means = random.normal(0.5, 0.2, size=40)
        values = [float(mean + noise) for mean in means for noise in random.normal(0, 0.1, size=3)]
        found = interval(values, [number // 3 for number in range(120)])
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 0.5 <= found.high
    assert 0.90 <= covered / 200 <= 0.99


def test_mcnemar_counts_only_the_cases_that_changed() -> None:
    before, after = [1.0] * 8 + [0.0] * 2 + [1.0] * 30, [0.0] * 8 + [1.0] * 2 + [1.0] * 30
    assert mcnemar(before, after) == pytest.approx(0.109375)  # 2 · P(Bin(10, ½) ≤ 2)
    assert mcnemar(before, after, "less") == pytest.approx(0.0546875)
    assert mcnemar(before, before) == 1.0


def test_shares_are_compared_by_permutation_and_yes_or_no_by_mcnemar() -> None:
    before, after = [1.0] * 6, [0.0] * 6
    assert paired_p(before, after, range(6)) == mcnemar(before, after)
    assert paired_p([0.5] * 6, [0.0] * 6, range(6)) == pytest.approx(2 / 64)


def test_a_fall_of_one_document_is_one_observation() -> None:
    differences = [-0.5] * 12
    assert permutation(differences, range(12)) < 0.01
    assert permutation(differences, ["a"] * 12) == 1.0


def test_holm_makes_more_metrics_harder_to_pass() -> None:
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03})
    assert adjusted == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({"a": 0.04}) == {"a": 0.04}
    assert holm({}) == {}
