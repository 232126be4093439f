"""Series, editions and which of them is in force on a day."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.metadata.repeals import Repeal
from knowledge.metadata.validity import Edition, series_key, validities, with_repeals
from knowledge.model import Validity

TODAY = date(2026, 11, 22)


def edition(number: int, year: str | None = None, **fields: object) -> Edition:
    return Edition(number, "图书条例", edition=year, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中国共产党纪律处分条例", "纪律处分条例"),
        ("中国共产党纪律处分条例2018", "中国共产党纪律处分条例（2023）"),
        ("中华人民共和国公务员法", "《公务员法》"),
        ("中华人民共和国宪法", "宪法"),
        ("中央巡视组工作规则（试行）", "中央巡视组工作规则"),
        ("某某处分暂行规定", "某某处分规定"),
        ("某某程序暂行条例", "某某程序条例"),
        ("中共中央关于加强某某建设的意见", "关于加强某某建设的意见"),
        ("关于严禁使用“特供”标识的通知", '关于严禁使用"特供"标识的通知'),
        ("党委（党组）落实责任规定", "党委 党组 落实责任规定"),
    ],
)
def test_editions_of_one_text_share_a_series(one: str, other: str) -> None:
    assert series_key(one) == series_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("信访条例", "信访工作条例"),
        ("公职人员政务处分暂行规定", "中华人民共和国公职人员政务处分法"),
        ("中国共产党章程", "章程"),
        ("监察法", "监察法实施条例"),
        ("关于党内政治生活的若干准则", "关于新形势下党内政治生活的若干准则"),
    ],
)
def test_different_texts_do_not_share_a_series(one: str, other: str) -> None:
    assert series_key(one) != series_key(other)


def test_the_newest_edition_in_force_is_current_and_the_others_are_revised() -> None:
    held = [
        edition(1, "2015", effective_on=date(2016, 1, 1)),
        edition(2, "2018", effective_on=date(2018, 10, 1)),
        edition(3, "2023", issued_on=date(2023, 12, 19), effective_on=date(2024, 1, 1)),
    ]
    assert validities(held, TODAY) == {1: Validity.REVISED, 2: Validity.REVISED, 3: Validity.IN_FORCE}


def test_an_as_of_date_is_another_today() -> None:
    held = [edition(2, "2018", effective_on=date(2018, 10, 1)), edition(3, "2023", effective_on=date(2024, 1, 1))]
    assert validities(held, date(2023, 12, 31)) == {2: Validity.IN_FORCE, 3: Validity.NOT_YET}
    assert validities(held, date(2024, 1, 1)) == {2: Validity.REVISED, 3: Validity.IN_FORCE}
    assert validities(held, date(2018, 9, 30)) == {2: Validity.NOT_YET, 3: Validity.NOT_YET}


def test_an_amended_statute_begins_with_its_amendment_and_not_with_its_first_edition() -> None:
    held = [
        edition(1, "2015", issued_on=date(2015, 3, 15), effective_on=date(2000, 7, 1)),
        edition(2, "2023", issued_on=date(2023, 3, 13), effective_on=date(2000, 7, 1)),
    ]
    assert validities(held, TODAY)[2] is Validity.IN_FORCE
    assert validities(held, date(2020, 1, 1)) == {1: Validity.IN_FORCE, 2: Validity.NOT_YET}


def test_a_year_is_enough_to_order_editions() -> None:
    assert validities([edition(1, "1997"), edition(2, "2015")], TODAY) == {1: Validity.REVISED, 2: Validity.IN_FORCE}


def test_an_undated_document_alone_is_in_force() -> None:
    assert validities([edition(1)], TODAY) == {1: Validity.IN_FORCE}


def test_an_undated_document_beside_a_dated_one_is_never_taken_for_current() -> None:
    assert validities([edition(1), edition(2, "2020")], TODAY) == {1: Validity.REVISED, 2: Validity.IN_FORCE}


def test_the_same_edition_held_twice_is_in_force_twice() -> None:
    held = [edition(1, "2018", issued_on=date(2018, 8, 18)), edition(2, "2018"), edition(3, "2015")]
    assert validities(held, TODAY) == {1: Validity.IN_FORCE, 2: Validity.IN_FORCE, 3: Validity.REVISED}


def test_a_single_old_edition_is_revised_when_the_register_knows_a_newer_one() -> None:
    assert validities([edition(1, "2016", superseded_year=2019)], TODAY) == {1: Validity.REVISED}


def test_a_newer_edition_in_the_register_does_not_count_before_its_year() -> None:
    held = [edition(1, "2016", superseded_year=2019)]
    assert validities(held, date(2018, 5, 1)) == {1: Validity.IN_FORCE}


def test_the_dates_of_a_held_edition_say_more_than_the_register() -> None:
    held = [
        edition(1, "2018", effective_on=date(2018, 10, 1), superseded_year=2023),
        edition(2, "2023", effective_on=date(2024, 1, 1), superseded_year=2023),
    ]
    assert validities(held, date(2023, 6, 1)) == {1: Validity.IN_FORCE, 2: Validity.NOT_YET}


def test_a_repealed_text_is_repealed_from_its_day_on() -> None:
    held = [edition(1, "2005", repealed_on=date(2022, 5, 1))]
    assert validities(held, date(2022, 4, 30)) == {1: Validity.IN_FORCE}
    assert validities(held, date(2022, 5, 1)) == {1: Validity.REPEALED}


def test_a_repeal_clause_of_another_text_ends_the_edition_it_names() -> None:
    old = Edition(1, series_key("借书条例"), edition="2005", issued_on=date(2005, 1, 10))
    older = Edition(2, series_key("借书条例"), edition="1995", issued_on=date(1995, 10, 28))
    new = Edition(3, series_key("图书法"), edition="2020", issued_on=date(2020, 5, 6), effective_on=date(2021, 1, 1))
    clause = Repeal("借书条例", date(2005, 1, 10), "2005", "……同时废止。")
    held = with_repeals([old, older, new], {3: [clause]})
    assert [e.repealed_on for e in held] == [date(2021, 1, 1), None, None]


def test_a_clause_without_a_year_ends_what_is_older() -> None:
    old = Edition(1, series_key("借书条例"), edition="2005")
    newer = Edition(2, series_key("借书条例"), edition="2022")
    by = Edition(3, series_key("图书法"), edition="2020")
    held = with_repeals([old, newer, by], {3: [Repeal("借书条例", None, None, "……同时废止。")]})
    assert [e.repealed_on for e in held] == [date(2020, 1, 1), None, None]


def test_series_do_not_disturb_each_other() -> None:
    held = [Edition(1, "甲", edition="2001"), Edition(2, "乙", edition="2020")]
    assert validities(held, TODAY) == {1: Validity.IN_FORCE, 2: Validity.IN_FORCE}
