"""The gate holds back what got worse, and lets pass what did not."""

from __future__ import annotations

from borrowing import result

from eval.running.gate import falls, scores_by_case, told
from eval.scoring.result import Result


def _results(values: list[float], metric: str = "answered") -> list[Result]:
    return [result(i, document=f"文件{i}", **{metric: value, "quotes": 1.0}) for i, value in enumerate(values)]


def _falls(before: list[Result], now: list[Result]) -> list[tuple[str, tuple[str, ...]]]:
    return [(fall.metric, fall.cases) for fall in falls(scores_by_case(before), now)]


def test_the_same_scores_pass() -> None:
    results = _results([1.0, 0.0] * 20)
    assert _falls(results, results) == []


def test_a_significant_fall_is_reported_with_its_cases() -> None:
    (fall,) = falls(scores_by_case(_results([1.0] * 40)), _results([0.0] * 8 + [1.0] * 32))
    assert fall.metric == "answered"
    assert fall.cases == tuple(f"c-{i}" for i in range(8))
    assert (fall.before, fall.now) == (1.0, 0.8)


def test_every_case_to_look_at_is_told_once_with_its_question_and_reason() -> None:
    before = [result(i, document=f"文件{i}", answered=1.0, key_points=1.0, quotes=1.0) for i in range(40)]
    now = [
        result(i, document=f"文件{i}", answered=float(i > 9), key_points=float(i > 9), quotes=1.0) for i in range(40)
    ]
    lines = told(falls(scores_by_case(before), now), now)
    assert sum("变差：" in line for line in lines) == 2
    assert sum("第 3 个问题" in line for line in lines) == 1
    assert "      该回答的回答：answered 得 0" in lines
    assert not any("第 10 个问题" in line for line in lines)


def test_one_case_that_wavers_is_no_significant_fall() -> None:
    assert _falls(_results([1.0] * 40), _results([0.0] + [1.0] * 39)) == []


def test_a_rise_passes() -> None:
    assert _falls(_results([0.0] * 10 + [1.0] * 30), _results([1.0] * 40)) == []


def test_one_quote_that_is_not_the_text_breaks_the_gate() -> None:
    now = [*_results([1.0] * 39), result(39, answered=1.0, quotes=0.0)]
    assert _falls(_results([1.0] * 40), now) == [("quotes", ("c-39",))]


def test_cases_that_only_one_side_knows_do_not_count() -> None:
    new = [result(90 + i, answered=0.0, quotes=1.0) for i in range(20)]
    assert _falls(_results([1.0] * 10), new) == []


def test_a_fall_must_be_clearer_where_more_metrics_move() -> None:
    five = [0.0] * 5 + [1.0] * 35  # p = 1/32 alone, 2/32 beside a second metric that moved
    assert _falls(_results([1.0] * 40), _results(five)) == [("answered", tuple(f"c-{i}" for i in range(5)))]
    before = [result(i, document=f"文件{i}", answered=1.0, evidence_recall=float(i > 20)) for i in range(40)]
    now = [result(i, document=f"文件{i}", answered=five[i], evidence_recall=float(i > 19)) for i in range(40)]
    assert _falls(before, now) == []
