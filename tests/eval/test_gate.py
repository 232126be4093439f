"""The gate holds back what got worse, and lets pass what did not."""

from __future__ import annotations

from eval.gate import falls


def _scores(values: list[float], metric: str = "answered") -> dict[str, dict[str, float]]:
    return {f"case-{i}": {metric: value, "quotes": 1.0} for i, value in enumerate(values)}


def test_the_same_scores_pass() -> None:
    scores = _scores([1.0, 0.0] * 20)
    assert falls(scores, scores) == []


def test_a_significant_fall_is_reported_with_its_cases() -> None:
    (fall,) = falls(_scores([1.0] * 40), _scores([0.0] * 8 + [1.0] * 32))
    assert fall.metric == "answered"
    assert fall.cases == tuple(f"case-{i}" for i in range(8))
    assert fall.now < fall.before


def test_one_case_that_wavers_is_no_significant_fall() -> None:
    assert falls(_scores([1.0] * 40), _scores([0.0] + [1.0] * 39)) == []


def test_a_rise_passes() -> None:
    assert falls(_scores([0.0] * 10 + [1.0] * 30), _scores([1.0] * 40)) == []


def test_one_quote_that_is_not_the_text_breaks_the_gate() -> None:
    now = _scores([1.0] * 40)
    now["case-3"]["quotes"] = 0.0
    (fall,) = falls(_scores([1.0] * 40), now)
    assert (fall.metric, fall.cases) == ("quotes", ("case-3",))


def test_cases_that_only_one_side_knows_do_not_count() -> None:
    assert falls(_scores([1.0] * 10), {"new": {"answered": 0.0, "quotes": 1.0}}) == []
