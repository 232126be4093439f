"""Sentences of a model against made-up sources: supported, marked or removed, and why."""

from __future__ import annotations

import pytest

from assistant.desk.formulations import Formulation
from assistant.generation.checker import Checked, Checker, Policy, Support
from assistant.generation.faults import Fault
from assistant.generation.sources import Source

TITLE = "青禾市阅览室管理办法"
SOURCES = tuple(
    Source(number, text, TITLE, f"第二章/第{numeral}条", "2021", "现行有效")
    for number, numeral, text in (
        (1, "三", "阅览室每日开放九小时，国家法定节假日除外。"),
        (2, "五", "图书借期为三十日，可以续借一次，续借不得超过十五日。"),
        (3, "六", "损坏图书的，应当照价赔偿；故意损坏的，按照图书价格的百分之二百赔偿。"),
        (4, "七", "逾期十五日不还的，管理员应当向馆长报告，并暂停其借阅资格六个月。"),
        (5, "八", "本办法自2021年5月1日起施行，《青禾市图书室规则》（青文发〔2015〕31号）同时废止。"),
    )
)


def check(text: str, policy: Policy | None = None, formulations: tuple[Formulation, ...] = ()) -> list[Checked]:
    checker = Checker(SOURCES, policy, formulations)
    return [*checker.feed(text), *checker.finish()]


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("图书借期为30日[2]。", (2,)),
        ("图书可以续借一次，续借最多15日[2]。", (2,)),
        ("损坏图书的，须照价赔偿[3]。", (3,)),
        ("故意损坏的，按图书价格的200%赔偿[3]。", (3,)),
        ("根据第七条，逾期十五日不还的，暂停借阅资格半年[4]。", (4,)),
        ("《青禾市阅览室管理办法》2021年版自2021年5月1日起施行[5]。", (5,)),
        ("青文发〔2015〕31号文件同时废止[5]。", (5,)),
        ("图书借期为三十日[2]；逾期十五日不还的，管理员应当向馆长报告[4]。", (2, 4)),
    ],
)
def test_what_the_cited_source_says_is_supported(text: str, citations: tuple[int, ...]) -> None:
    [checked] = check(text)
    assert (checked.support, checked.citations) == (Support.SUPPORTED, citations), checked


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("图书借期为四十日[2]。", Fault.NUMBER),
        ("图书借期为三十个工作日[2]。", Fault.NUMBER),
        ("故意损坏的，按照图书价格的百分之三百赔偿[3]。", Fault.NUMBER),
        ("图书借期为十五日，续借不得超过三十日[2]。", Fault.NUMBER),
        ("本办法自2021年6月1日起施行[5]。", Fault.DATE),
        ("根据第九条，图书借期为三十日[2]。", Fault.ARTICLE),
        ("《青禾市图书室规则》（青文发〔2015〕13号）同时废止[5]。", Fault.REFERENCE),
        ("续借应超过十五日[2]。", Fault.COMPARATOR),
    ],
)
def test_a_figure_that_differs_is_removed(text: str, fault: Fault) -> None:
    [checked] = check(text)
    assert (checked.support, checked.fault) == (Support.REMOVED, fault), checked


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("图书不可以续借[2]。", Fault.POLARITY),
        ("损坏图书的，可以照价赔偿[3]。", Fault.POLARITY),
        ("阅览室设有“红色书角”，每日开放九小时[1]。", Fault.QUOTE),
        ("《青禾市体育馆规则》规定损坏图书的应当照价赔偿[3]。", Fault.TITLE),
        ("阅览室提供免费咖啡和停车位[1]。", Fault.WORDS),
    ],
)
def test_what_else_is_not_in_the_sources_is_marked(text: str, fault: Fault) -> None:
    [checked] = check(text)
    assert (checked.support, checked.fault, checked.citations) == (Support.UNFOUND, fault, ()), checked


@pytest.mark.parametrize("text", ["30[2]。", "三十日内[2]。", "1. 十五日[2]。", "是的[2]。"])
def test_a_figure_of_nothing_is_no_answer(text: str) -> None:
    [checked] = check(text)
    assert (checked.support, checked.fault) == (Support.REMOVED, Fault.FRAGMENT), checked


def test_the_treatment_is_a_setting() -> None:
    policy = Policy(figures=Support.UNFOUND, otherwise=Support.REMOVED)
    assert [one.support for one in check("图书借期为四十日[2]。图书不可以续借[2]。", policy)] == [
        Support.UNFOUND,
        Support.REMOVED,
    ]


def test_a_sentence_without_a_marker_gets_the_only_source_that_supports_it() -> None:
    [checked] = check("图书借期为三十日。")
    assert (checked.support, checked.citations) == (Support.SUPPORTED, (2,))


def test_a_sentence_with_an_invented_marker_gets_the_right_one() -> None:
    checker = Checker(SOURCES)
    [checked] = [*checker.feed("图书借期为三十日[77]。"), *checker.finish()]
    assert (checked.support, checked.citations) == (Support.SUPPORTED, (2,))
    assert checker.dropped == {"unknown": 1}


def test_a_sentence_that_cites_the_wrong_source_gets_the_right_one() -> None:
    checker = Checker(SOURCES)
    [checked] = [*checker.feed("图书借期为三十日[1]。"), *checker.finish()]
    assert (checked.support, checked.citations) == (Support.SUPPORTED, (2,))
    assert checker.dropped == {"wrong": 1}


def test_each_part_of_a_sentence_must_stand_in_its_own_source() -> None:
    [checked] = check("逾期十五日不还的，管理员应当向馆长报告[2]；图书借期为三十日[4]。")
    assert checked.support is not Support.SUPPORTED


def test_a_fixed_formulation_is_counted_and_named_right() -> None:
    text = "阅览室工作坚持“三个第一”，即读者第一、服务第一、安全第一。"
    sources = (Source(1, text, TITLE, "第二条", None, "现行有效"),)
    formulations = (Formulation("三个第一", ("读者第一", "服务第一", "安全第一")),)

    def fault(text: str) -> Fault | None:
        [checked] = [*(checker := Checker(sources, None, formulations)).feed(text), *checker.finish()]
        return checked.fault

    assert fault("阅览室工作坚持“三个第一”，即读者第一、服务第一、安全第一[1]。") is None
    assert fault("阅览室工作坚持“三个第一”，即读者第一、服务第一[1]。") is Fault.FORMULATION


def test_markup_is_text_and_no_sentence_gets_lost_in_it() -> None:
    found = check("```html\n<script>alert(1)</script>图书借期为三十日[2]。\n```\n图书借期为三十日[2]。")
    assert found[-1].support is Support.SUPPORTED
    assert all(one.support is not Support.SUPPORTED for one in found if "script" in one.text)


@pytest.mark.parametrize(
    ("text", "supported"),
    [("延长三年[1]。", True), ("延长5年[1]。", True), ("延长二年[1]。", False), ("延长两日[1]。", False)],
)
def test_a_number_needs_its_unit_but_for_the_ends_of_a_range(text: str, supported: bool) -> None:
    sources = (Source(1, "2．情节严重的，可以延长三至五年。", TITLE, "第九条", None, "现行有效"),)
    [checked] = [*(checker := Checker(sources)).feed(text.replace("延长", "情节严重的可以延长")), *checker.finish()]
    assert (checked.support is Support.SUPPORTED) is supported, checked
