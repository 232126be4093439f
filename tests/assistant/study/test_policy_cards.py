"""What is read of the forty invented policies, field by field, and where each stands on a day."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from invented_policies import FIELDS, Invented, policies, read_as, verdict

from assistant.study.policies import closes, is_open, quotes_of, read_card
from assistant.study.policies.card import Part

FILES = ("policies_a", "policies_b", "policies_held_back")
MARCH = date(2026, 3, 31)


@pytest.fixture(scope="module")
def every() -> list[Invented]:
    return [one for name in FILES for one in policies(name)]


def test_the_fields_are_right_where_they_are_read_and_most_are_read(every: list[Invented]) -> None:
    verdicts = Counter(verdict(one, name) for one in every for name in FIELDS)
    said = verdicts["right"] + verdicts["wrong"] + verdicts["missed"]
    assert len(every) == 40
    assert verdicts["right"] / (verdicts["right"] + verdicts["wrong"]) >= 0.95, _wrong(every)
    assert 1 - verdicts["missed"] / said >= 0.9


def test_every_word_on_a_card_stands_in_the_text_where_it_says(every: list[Invented]) -> None:
    for one in every:
        for part in Part:
            for quote in quotes_of(one.card, part):
                assert one.text.rstrip("\n")[quote.start : quote.end] == quote.text


def test_no_policy_that_has_run_out_counts_on_any_day_after(every: list[Invented]) -> None:
    """Until 31 March 2026 counts on that day and on no later one; whatever is read, no last day is later than the true one."""
    late = [
        one.id
        for one in every
        if one.expect["valid"][1] and str(one.identity.valid_until or "9999") > str(one.expect["valid"][1])
    ]
    assert late == []


def test_exceptions_stay_with_their_conditions(every: list[Invented]) -> None:
    exceptions = {one.id: [c.exception for c in one.card.conditions if c.exception] for one in every}
    assert exceptions["p03"] == ["但经整改验收合格的除外"]
    assert exceptions["p07"] == ["省级以上专精特新企业的设备投资额可以放宽至200万元"]


@pytest.mark.parametrize(
    ("policy", "day", "open_on", "last"),
    [
        ("p01", date(2026, 3, 1), True, date(2026, 4, 30)),
        ("p01", date(2026, 4, 30), True, date(2026, 4, 30)),
        ("p01", date(2026, 5, 1), False, None),
        ("p02", MARCH, True, None),
        ("p05", MARCH, False, None),
        ("p06", date(2026, 1, 2), False, None),
        ("p12", date(2026, 6, 20), True, date(2026, 6, 20)),
        ("p16", date(2026, 10, 9), True, date(2026, 10, 31)),
        ("p25", MARCH, True, MARCH),
        ("p25", date(2026, 4, 1), False, None),
    ],
)
def test_the_days_of_applying_are_told(
    every: list[Invented], policy: str, day: date, open_on: bool | None, last: date | None
) -> None:
    window = next(one for one in every if one.id == policy).card.window
    assert (is_open(window, day), closes(window, day)) == (open_on, last)


def _wrong(every: list[Invented]) -> list[tuple[str, str, object]]:
    return [(one.id, name, read_as(one, name)) for one in every for name in FIELDS if verdict(one, name) == "wrong"]


def test_a_standard_in_steps_without_a_sum_is_one() -> None:
    card = read_card("第五条 补助标准根据学校边远程度分为三档。")
    assert [quote.text for quote in card.standards] == ["补助标准根据学校边远程度分为三档。"]
