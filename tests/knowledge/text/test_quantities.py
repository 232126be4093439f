"""The grammar of quantities: what a number, a date, a limit, a 文号 and a place in a text are, and which say the same."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from knowledge.text.normalise import searchable
from knowledge.text.quantities import (
    UNITS,
    ArticleRef,
    Limit,
    Measure,
    Quantity,
    amount,
    article_number,
    article_ranges,
    dates_in,
    doc_nos,
    limit_of,
    partial_dates,
    places,
    quantities,
    to_chinese,
    to_financial,
    to_int,
    to_positional,
    unit_of,
)

ROOT = Path(__file__).resolve().parents[3]
BELOW_A_HUNDRED_MILLION = some.integers(0, 99_999_999)


def only(text: str) -> Quantity:
    """The one quantity of a text."""
    [found] = quantities(searchable(text))
    return found


# ------------------------------------------------------------------ numerals


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一百三十三", 133),
        ("１３３", 133),
        ("133", 133),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一百十", 110),
        ("两百", 200),
        ("两千零五", 2005),
        ("一万二千", 12000),
        ("〇", 0),
        ("零", 0),
        ("二〇二三", 2023),
        ("二○二三", 2023),
        ("一九九七", 1997),
        ("二00五", 2005),
        ("廿", 20),
        ("廿三", 23),
        ("卅一", 31),
        ("壹佰叁拾叁", 133),
        ("贰万伍仟", 25000),
        ("第", None),
        ("一百三十三条", None),
        ("十十", None),
        ("百", None),
        ("三二十", None),
        ("3万", None),
        ("", None),
    ],
)
def test_a_numeral_has_one_value_and_anything_else_has_none(numeral: str, value: int | None) -> None:
    assert to_int(numeral) == value


def test_spaces_inside_a_numeral_do_not_matter() -> None:
    assert to_int("一百 三十　三") == 133


@given(BELOW_A_HUNDRED_MILLION)
def test_every_number_survives_the_way_to_words_and_back(n: int) -> None:
    assert to_int(to_chinese(n)) == to_int(to_financial(n)) == to_int(to_positional(n)) == to_int(str(n)) == n
    assert amount(to_chinese(n)) == amount(str(n)) == amount(f"{n:,}") == n


@given(some.text(max_size=12))
def test_whatever_stands_there_a_value_is_read_or_none(text: str) -> None:
    assert to_int(text) is None or to_int(text) == to_int(text.strip())
    list(quantities(searchable(text)))


@given(
    some.text(alphabet="0123456789,.点〇零一二两三四五六七八九十百千万亿廿半多余年月日元个条第至、以上下", max_size=14)
)
def test_no_row_of_numerals_and_units_confuses_the_reader(text: str) -> None:
    for found in (*quantities(text), *partial_dates(text)):
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    ("n", "numeral"), [(10, "十"), (11, "十一"), (20, "二十"), (105, "一百零五"), (133, "一百三十三")]
)
def test_numbers_are_written_as_statutes_write_them(n: int, numeral: str) -> None:
    assert to_chinese(n) == numeral


def test_a_negative_number_has_no_numeral() -> None:
    with pytest.raises(ValueError, match="-1"):
        to_chinese(-1)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3万", 30_000),
        ("3.5万", 35_000),
        ("3百万", 3_000_000),
        ("1,200", 1200),
        ("1.5亿", 150_000_000),
        ("三点五", Fraction(7, 2)),
        ("零点二五", Fraction(1, 4)),
        ("十二万", 120_000),
        ("半", Fraction(1, 2)),
        ("万", None),
    ],
)
def test_mixed_and_broken_amounts_have_a_value(written: str, value: Fraction | None) -> None:
    assert amount(written) == value


# ------------------------------------------------------------------ quantities


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("罚款二百元", 200, "元"),
        ("罚款２００元", 200, "元"),
        ("3万元以下", 30_000, "元"),
        ("三万元以下", 30_000, "元"),
        ("10.5万元", 105_000, "元"),
        ("壹佰贰拾元", 120, "元"),
        ("补助3千元", 3000, "元"),
        ("三块钱", 3, "元"),
        ("五角", Fraction(1, 2), "元"),
        ("十五日内", 15, "日"),
        ("15天内", 15, "日"),
        ("七个工作日", 7, "工作日"),
        ("五名委员", 5, "人"),
        ("五位委员", 5, "人"),
        ("年满十八周岁", 18, "岁"),
        ("三遍", 3, "次"),
        ("二十平方米", 20, "平方米"),
        ("二十平米", 20, "平方米"),
        ("百分之二十", Fraction(1, 5), "份额"),
        ("20%", Fraction(1, 5), "份额"),
        ("三分之二以上", Fraction(2, 3), "份额"),
        ("两成", Fraction(1, 5), "份额"),
        ("半数以上", Fraction(1, 2), "份额"),
        ("3倍", 3, "倍"),
        ("下午三点半", Fraction(31, 2), "时"),
        ("廿三日", 23, "日"),
        ("第二十届", 20, "届"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: Fraction, unit: str) -> None:
    found = next(quantities(searchable(text)))
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("半年", "六个月", True),
        ("两年", "二十四个月", True),
        ("两周", "14天", True),
        ("一个小时", "60分钟", True),
        ("3万元", "30000元", True),
        ("百分之五", "5%", True),
        ("一成", "10%", True),
        ("八名", "八人", True),
        ("七日", "七个工作日", False),
        ("三十日", "一个月", False),
        ("二十元", "二十人", False),
        ("第二次", "二次", False),
        ("第十条", "第十条之一", False),
        ("第120条之一", "第一百二十条之一", True),
    ],
)
def test_which_quantities_say_the_same(one: str, other: str, same: bool) -> None:
    assert only(one).says(only(other)) is same
    assert only(other).says(only(one)) is same


@pytest.mark.parametrize(
    "text",
    [
        "一般应当",
        "三令五申",
        "统一领导",
        "进一步完善",
        "五险一金",
        "收拾整齐",
        "大陆地区",
        "符合条件之一的",
        "两者",
        "两回事",
    ],
)
def test_a_word_that_only_holds_a_numeral_is_no_quantity(text: str) -> None:
    assert not list(quantities(text))


def test_both_ends_of_a_range_have_its_unit() -> None:
    assert sorted((found.value, found.unit) for found in quantities("处三至五年")) == [(3, "年"), (5, "年")]


def test_every_way_to_write_a_unit_gives_that_unit() -> None:
    wrong = []
    for unit in UNITS:
        known = unit_of(unit.name)
        assert known is not None, unit
        for word in (known.name, *known.written):
            found = next(quantities(f"共12{word}的"), None)
            expected = known.base if known.measure is Measure.MONEY else known.name
            if found is None or found.unit != expected:
                wrong.append((word, expected, found))
    assert wrong == []


@given(some.integers(1, 9999), some.sampled_from([unit for unit in UNITS if unit.base]))
def test_a_quantity_keeps_its_value_however_it_is_written(n: int, unit: object) -> None:
    written = str(getattr(unit, "name", ""))
    assert next(quantities(f"{n}{written}")).says(next(quantities(f"{to_chinese(n)}{written}")))


# ------------------------------------------------------------------ limits


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("不得超过五日", Limit.AT_MOST),
        ("最长五日", Limit.AT_MOST),
        ("五日以内", Limit.AT_MOST),
        ("五日以下", Limit.AT_MOST),
        ("不少于五日", Limit.AT_LEAST),
        ("五日以上", Limit.AT_LEAST),
        ("工作满五日", Limit.AT_LEAST),
        ("超过五日", Limit.MORE),
        ("不满五日", Limit.LESS),
        ("五日前", Limit.BEFORE),
        ("五日之后", Limit.AFTER),
        ("为五日", Limit.NONE),
        ("期满五日", Limit.NONE),
    ],
)
def test_a_limit_is_told_before_or_after_the_figure(text: str, limit: Limit) -> None:
    at = text.index("五日")
    assert limit_of(text, at, at + 2) is limit


def test_a_day_from_which_something_runs_is_no_least() -> None:
    assert limit_of("自3月1日起施行", 1, 5, day=True) is Limit.NONE
    assert limit_of("三年起", 0, 2) is Limit.AT_LEAST


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023年12月19日中共中央发布", date(2023, 12, 19)),
        ("２０２３年１２月１９日", date(2023, 12, 19)),
        ("2023 年 12 月 19 日", date(2023, 12, 19)),
        ("一九九七年二月十七日", date(1997, 2, 17)),
        ("二〇二一年四月一日", date(2021, 4, 1)),
        ("二○○五年十一月三十日", date(2005, 11, 30)),
        ("2019.1.3", date(2019, 1, 3)),
        ("2019-01-03", date(2019, 1, 3)),
        ("2019/1/3", date(2019, 1, 3)),
    ],
)
def test_a_full_date_is_read_however_it_is_written(text: str, day: date) -> None:
    assert [found.day for found in dates_in(text)] == [day]


@pytest.mark.parametrize("text", ["2023年13月1日", "2023年2月30日", "版本1.2019.1.3", "第2023条"])
def test_what_cannot_be_a_date_is_none(text: str) -> None:
    assert not dates_in(text)


@given(some.dates(min_value=date(1911, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_is_the_same_in_digits_and_in_words(day: date) -> None:
    in_digits = f"{day.year}年{day.month}月{day.day}日"
    in_words = f"{to_positional(day.year)}年{to_chinese(day.month)}月{to_chinese(day.day)}日"
    for text in (in_digits, in_words, day.isoformat()):
        [full], [partial] = dates_in(text), partial_dates(searchable(text))
        assert full.day == day
        assert (partial.year, partial.month, partial.day) == (day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2023年修订", (2023, None, None)),
        ("一九九七年二月", (1997, 2, None)),
        ("3月5日前", (None, 3, 5)),
        ("三月五号", (None, 3, 5)),
        ("12月底", (None, 12, None)),
    ],
)
def test_a_date_may_lack_its_year_or_day(text: str, parts: tuple[int | None, ...]) -> None:
    [found] = partial_dates(text)
    assert (found.year, found.month, found.day) == parts


@pytest.mark.parametrize("text", ["三个月内", "一千二百年", "2023年度"])
def test_a_length_of_time_is_no_date(text: str) -> None:
    assert not list(partial_dates(text))


# ------------------------------------------------------------------ references


@pytest.mark.parametrize(
    ("text", "year", "number"),
    [
        ("中发〔2015〕31号", 2015, 31),
        ("中发[2015]31号", 2015, 31),
        ("财行〔2013〕第531号", 2013, 531),
        ("国办发 （２０１５） 7 号", 2015, 7),
    ],
)
def test_a_reference_number_is_read_with_its_year(text: str, year: int, number: int) -> None:
    [found] = doc_nos(searchable(text))
    assert (found.year, found.number) == (year, number)


def test_a_reference_number_is_the_same_with_other_words_before_it() -> None:
    [one], [other] = doc_nos("根据中发〔2015〕31号"), doc_nos("中发〔2015〕31号")
    [third] = doc_nos("国发〔2015〕31号")
    assert one.says(other)
    assert not one.says(third)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("第五十九条", [ArticleRef(59)]),
        ("第59条第2款", [ArticleRef(59, 2)]),
        ("第一百三十三条第二款第（三）项", [ArticleRef(133, 2, 3)]),
        ("第三条、第四条", [ArticleRef(3), ArticleRef(4)]),
        ("第一百二十条之一", [ArticleRef(120, sub=1)]),
        ("第十条之一第二款", [ArticleRef(10, 2, sub=1)]),
        ("第三条之规定", [ArticleRef(3)]),
        ("条例的规定", []),
    ],
)
def test_places_in_a_text_are_read_down_to_the_item(text: str, named: list[ArticleRef]) -> None:
    assert [place.ref for place in places(searchable(text))] == named


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("第八至十条", [8, 9, 10]), ("第八条到第十条", [8, 9, 10]), ("第3-5条", [3, 4, 5]), ("第一至一百条", [])],
)
def test_a_range_names_every_article_in_it(text: str, numbers: list[int]) -> None:
    assert [ref.number for ref in article_ranges(text)] == numbers


@given(
    some.builds(
        ArticleRef,
        some.integers(1, 1260),
        some.none() | some.integers(1, 12),
        some.none() | some.integers(1, 20),
        some.none() | some.integers(1, 9),
    )
)
def test_a_place_is_read_as_it_is_written(ref: ArticleRef) -> None:
    [place] = places(searchable(str(ref)))
    assert place.ref == ref


@pytest.mark.parametrize(
    ("label", "number"), [("第五十九条", (59, 0)), ("第十条之一", (10, 1)), ("第 三 条", (3, 0)), ("（一）", None)]
)
def test_an_article_is_numbered_with_its_part_after_之(label: str, number: tuple[int, int] | None) -> None:
    assert article_number(label) == number


# ------------------------------------------------------------------ the house


def test_nobody_else_spells_out_the_numerals() -> None:
    """A class of numerals written elsewhere is one that lacks 〇, 两 or 百: take the alphabet that fits from the grammar."""
    room = ROOT / "knowledge" / "text" / "quantities"
    modules = [path for package in ("knowledge", "assistant", "eval") for path in (ROOT / package).rglob("*.py")]
    spelt = [path for path in modules if room not in path.parents and "三四五六" in path.read_text(encoding="utf-8")]
    assert not spelt
