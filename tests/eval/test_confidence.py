"""The confidence is measured where it was judged, and measured rightly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from borrowing import answered, refused, result

from eval.scoring.confidence import confidence, reliability, risk_coverage
from eval.scoring.result import Result


def _case(number: int, stated: float, answerable: bool, key_points: float = 1.0) -> Result:
    made = result(number, answer=answered(confidence=stated), key_points=key_points)
    return replace(made, case=replace(made.case, answerable=answerable))


def test_confidence_that_tells_all_apart_has_an_auroc_of_one() -> None:
    found = confidence([_case(1, 0.9, True), _case(2, 0.8, True), _case(3, 0.3, False), _case(4, 0.1, False)])
    assert found is not None
    assert found.auroc == 1.0
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.09 + 0.01) / 4)
    assert found.ece == pytest.approx((0.1 + 0.2 + 0.3 + 0.1) / 4)


def test_exact_look_ups_do_not_count() -> None:
    look_up = _case(5, 0.99, True)
    look_up = replace(look_up, answer=replace(look_up.answer, timings_ms={"compose": 1.0}))
    found = confidence([_case(1, 0.9, True), _case(2, 0.2, False), look_up])
    assert found is not None
    assert found.cases == 2
    assert confidence([look_up]) is None


def test_without_both_kinds_there_is_no_auroc() -> None:
    found = confidence([_case(1, 0.9, True), _case(2, 0.8, True)])
    assert found is not None
    assert found.auroc is None


def test_bins_hold_about_as_many_cases_each_from_low_to_high() -> None:
    bins = reliability([number / 100 for number in range(100, 0, -1)], [number % 2 == 0 for number in range(100)])
    assert [one.cases for one in bins] == [10] * 10
    assert [one.stated for one in bins] == sorted(one.stated for one in bins)


def test_keeping_only_the_sure_answers_is_more_accurate() -> None:
    judged = [_case(1, 0.9, True), _case(2, 0.8, True, 0.5), _case(3, 0.6, False)]
    unsure = replace(_case(4, 0.1, True), answer=refused())
    assert risk_coverage([*judged, unsure]) == ((1 / 3, 1.0), (2 / 3, 0.75), (1.0, 0.5))
