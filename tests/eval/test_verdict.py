"""A verdict that cannot flatter: what is to be reached comes before the comparison, and few cases judge nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from borrowing import answered, refused, result

from assistant.answering.refusals import courtesy
from assistant.model import Mode
from eval.running.folder import Run
from eval.running.verdict import Verdict, judge, verdict
from eval.scoring.floors import Standing, outcomes
from eval.scoring.result import Result
from eval.scoring.scores import Score, refusal
from eval.scoring.served import sure_right
from eval.suite import Case


def _results(count: int, refused_share: float = 1.0, **values: float) -> list[Result]:
    """`count` answerable cases with `values`, and as many unanswerable ones of which a share was refused."""
    good = {"answered": 1.0, "key_points_capped": 1.0, "quotes": 1.0, **values}
    results = [result(i, document=f"文件{i}", **good) for i in range(count)]
    for i in range(count):
        case = Case(f"u-{i}", "not_in_library", f"没有答案的问题 {i}", answerable=False)
        scores = (Score("refused", float(i < refused_share * count)), Score("quotes", 1.0))
        results.append(Result(case, refused(), scores))
    return results


def _against_itself(results: list[Result]) -> Verdict:
    run = Run(Path("now"), "made-up", "0", "2026-11-24T10:00:00+08:00", "0.1.0", tuple(results))
    return judge(run, run)


def test_all_floors_reached_and_nothing_worse_may_be_released() -> None:
    found = _against_itself(_results(40))
    assert (found.word, found.tone, found.releasable) == ("可以发布", "good", True)


def test_25_of_120_unanswerable_questions_answered_is_no_release() -> None:
    found = _against_itself(_results(120, 95 / 120))
    assert found.word == "没有达标"
    assert [one.floor.metric for one in found.missed] == ["refused"]
    assert found.told()[1].strip().startswith("没有达标：该拒答的拒答 0.792，底线 0.95")


@pytest.mark.parametrize("count", [1, 19])
def test_too_few_cases_judge_nothing(count: int) -> None:
    found = _against_itself(_results(count))
    assert found.word == "题数不够，不能判断"
    assert not found.releasable


def test_too_few_cases_excuse_no_miss() -> None:
    found = _against_itself(_results(5, answered=0.0))
    assert found.word == "没有达标"


def test_a_suite_without_unanswerable_cases_cannot_release() -> None:
    found = _against_itself([one for one in _results(40) if one.case.answerable])
    assert [one.floor.metric for one in found.unjudged] == ["refused"]


def test_without_a_comparison_the_floors_alone_release_nothing() -> None:
    found = verdict(_results(40), {}, None)
    assert (found.word, found.releasable) == ("达标，还没有比较", False)


def test_a_fall_above_the_floor_blocks_too() -> None:
    before = {f"c-{i}": {"answered": 1.0} for i in range(200)}
    now = [result(i, document=f"文件{i}", answered=float(i > 8), key_points_capped=1.0, quotes=1.0) for i in range(200)]
    found = verdict([*now, *_results(40)[40:]], before, "以前")
    assert found.word == "变差了，不可发布"


def test_situations_have_floors_of_their_own() -> None:
    results = [
        replace(one, case=replace(one.case, type="situation")) for one in _results(40, key_points_capped=0.8)[:40]
    ]
    standing = {one.floor.label: one.standing for one in _against_itself(results).floors}
    assert standing["要点齐全：情景题"] is Standing.REACHED
    assert standing["要点齐全（400 字内）"] is Standing.MISSED


def test_a_courtesy_reply_is_neither_an_answer_nor_a_refusal() -> None:
    polite = replace(refused(), refusal=courtesy("不客气。"))
    for case in (Case("a", "who", "谁批准"), Case("u", "other_field", "怎么做饭", answerable=False)):
        assert refusal(case, polite).value == 0.0
    found = outcomes([Result(Case("a", "who", "谁批准"), polite, ())], answerable=True)
    assert (found.refused, found.courtesy) == (0, 1)


def test_possible_passages_count_as_an_answer_only_where_they_hold_it() -> None:
    possible = replace(answered(), mode=Mode.POSSIBLE)
    can, cannot = Case("a", "who", "谁批准"), Case("u", "other_field", "怎么做饭", answerable=False)
    assert refusal(can, possible, shown=True).value == 1.0
    assert refusal(can, possible, shown=False).value is None
    assert refusal(cannot, possible).value is None


def test_an_answer_called_sure_is_right_only_from_a_gold_place() -> None:
    case = Case("a", "who", "谁批准")
    points, wrong_place = Score("key_points", 0.5), Score("evidence_recall", 0.0)
    assert sure_right(case, answered(confidence=0.98), [points]).value == 1.0
    assert sure_right(case, answered(confidence=0.98), [points, wrong_place]).value == 0.0
    assert sure_right(case, answered(confidence=0.9), [points]).value is None
