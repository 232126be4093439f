"""Numerals in both directions."""

from __future__ import annotations

import pytest

from knowledge.text.numerals import to_chinese, to_int


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
        ("一九九七", 1997),
        ("二00五", 2005),
        ("第", None),
        ("一百三十三条", None),
        ("十十", None),
        ("百", None),
        ("三二十", None),
        ("", None),
        ("廿", None),
    ],
)
def test_a_numeral_has_one_value_and_anything_else_has_none(numeral: str, value: int | None) -> None:
    assert to_int(numeral) == value


def test_spaces_inside_a_numeral_do_not_matter() -> None:
    assert to_int("一百 三十　三") == 133


def test_every_number_survives_the_way_to_chinese_and_back() -> None:
    for n in [*range(0, 3000), 10_000, 10_005, 12_345, 20_010, 1_000_000, 99_999_999]:
        assert to_int(to_chinese(n)) == n


@pytest.mark.parametrize(
    ("n", "numeral"), [(10, "十"), (11, "十一"), (20, "二十"), (105, "一百零五"), (133, "一百三十三")]
)
def test_numbers_are_written_as_statutes_write_them(n: int, numeral: str) -> None:
    assert to_chinese(n) == numeral


def test_a_negative_number_has_no_numeral() -> None:
    with pytest.raises(ValueError, match="-1"):
        to_chinese(-1)
