"""Two runs are compared case by case, and the words of the verdict follow the tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from borrowing import result

from eval.errors import BadRun
from eval.running.compare import BETTER, SAME, WORSE, compare
from eval.running.folder import Run
from eval.scoring.result import Result
from eval.suite_diff import SuiteDiff


def _run(results: list[Result], suite: str = "borrowing") -> Run:
    return Run(Path("runs") / suite, suite, "0", "2026-11-24T10:00:00+08:00", "0.1.0", tuple(results))


def _values(values: list[float], metric: str = "key_points") -> list[Result]:
    return [result(i, document=f"文件{i}", **{metric: value}) for i, value in enumerate(values)]


def test_a_run_is_no_different_from_itself() -> None:
    found = compare(_run(_values([0.5] * 12)), _run(_values([0.5] * 12)))
    (change,) = found.changes
    assert (change.verdict, change.p, change.difference.mean) == (SAME, 1.0, 0.0)
    assert found.worse == found.better == ()


def test_a_clear_fall_is_worse_and_a_clear_rise_better() -> None:
    low, high = _run(_values([0.25] * 12)), _run(_values([0.75] * 12))
    assert [change.verdict for change in compare(high, low).changes] == [WORSE]
    assert [change.verdict for change in compare(low, high).changes] == [BETTER]
    assert compare(low, high).changes[0].difference.mean == pytest.approx(0.5)


def test_a_case_that_moved_is_shown_with_its_question_and_the_reason() -> None:
    before, after = _values([1.0] * 12, "answered"), _values([1.0] * 11 + [0.0], "answered")
    (moved,) = compare(_run(before), _run(after)).worse
    assert moved.case.id == "c-11"
    assert moved.case.question == "第 11 个问题"
    assert moved.steps[0].now == "answered 得 0"
    assert compare(_run(before), _run(after)).changes[0].verdict == SAME


def test_the_furthest_fall_comes_first() -> None:
    metric = "key_points_capped"
    before, after = _values([1.0] * 6, metric), _values([0.8, 1.0, 0.1, 1.0, 0.5, 1.0], metric)
    assert [moved.case.id for moved in compare(_run(before), _run(after)).worse] == ["c-2", "c-4", "c-0"]


def test_yes_or_no_is_tested_by_mcnemar_and_shares_by_permutation() -> None:
    before = [result(i, answered=1.0, key_points=0.5) for i in range(6)]
    after = [result(i, answered=float(i > 2), key_points=0.4) for i in range(6)]
    assert {change.metric: change.test for change in compare(_run(before), _run(after)).changes} == {
        "answered": "McNemar",
        "key_points": "置换",
    }


def test_runs_of_different_suites_are_not_compared() -> None:
    with pytest.raises(BadRun, match="同一个评测集"):
        compare(_run(_values([1.0] * 6)), _run(_values([1.0] * 6), "official"))


def test_what_changed_in_the_suite_is_told_case_by_case() -> None:
    before, after = _values([1.0] * 8), _values([1.0] * 8)
    after[3] = replace(after[3], case=replace(after[3].case, question="换了问法", forbidden=("五册",)))
    found = compare(_run(before[:-1]), replace(_run(after[1:]), suite_sha256="1"))
    assert found.suite == SuiteDiff(("c-7",), ("c-0",), (("c-3", ("问题", "不该说的")),))
    assert compare(_run(before), _run(before)).suite is None


def test_four_common_cases_are_too_few() -> None:
    with pytest.raises(BadRun, match="只有 4 道相同的题"):
        compare(_run(_values([1.0] * 4)), _run(_values([1.0] * 9)))


def test_a_case_that_was_rewritten_in_between_is_left_out() -> None:
    before, after = _values([1.0] * 8), _values([1.0] * 8)
    after[3] = replace(after[3], case=replace(after[3].case, question="换了问法"))
    found = compare(_run(before), _run(after))
    assert (found.common, found.left_out) == (7, 1)
