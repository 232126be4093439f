"""Sentences of a model against made-up sources: supported, marked or removed, and why."""

from __future__ import annotations

import pytest

from assistant.verification.checker import Checked, Checker, Policy, Support
from assistant.verification.faults import Fault
from assistant.verification.formulations import Formulation
from assistant.verification.sources import Source

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


@pytest.mark.parametrize("text", ["青禾市[1]。", "30[2]。", "三十日内[2]。", "1. 十五日[2]。", "是的[2]。"])
def test_a_figure_of_nothing_is_no_answer(text: str) -> None:
    [checked] = check(text)
    assert (checked.support, checked.fault) == (Support.REMOVED, Fault.FRAGMENT), checked


#: Sources for what follows: a list, a table's row, times of day, two cases in one passage, a reserve.
MORE = tuple(
    Source(number, text, TITLE, address, "2021", "现行有效", list_size)
    for number, text, address, list_size in (
        (1, "有下列情形之一的，阅览室可以提前闭馆：", "第九条", 3),
        (2, "有下列情形之一的，阅览室可以提前闭馆：（一）停电、停水的；", "第九条", 3),
        (3, "阅览室每日八时开门，二十时闭馆；读者每次借阅不超过五册，逾期一册每日收取0.5元。", "第十条", 0),
        (4, "类别| 押金| 借期\n少儿读物| 30 | 15", "附表", 0),
        (5, "押金自退证之日起七日内退还；赔偿款自通知之日起三十日内缴清。", "第十一条", 0),
        (6, "古籍一般不得外借，确因展览需要外借的，经馆长审批后，报主管部门备案。", "第十二条", 0),
        (7, "教师押金五十元以下，学生押金五十元以上的部分退还。", "第十三条", 0),
        (8, "《全国人民代表大会代表阅览须知》由纪律检查委员会办公室保管。", "第十四条", 0),
    )
)


def support(text: str, question: str = "") -> Support:
    """The worst that becomes of a sentence of `text`, written in answer to `question`."""
    found = [*(checker := Checker(MORE, question=question)).feed(text), *checker.finish()]
    return next((one.support for one in found if one.support is not Support.SUPPORTED), Support.SUPPORTED)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("可以提前闭馆的情形有三种[1]。", ""),
        ("阅览室早上8点开门，晚上8点闭馆[3]。", ""),
        ("逾期一册每日收取五角[3]。", ""),
        ("读者一次借阅最多五册[3]。", ""),
        ("少儿读物的押金是30元[4]。", "少儿读物押金多少元？"),
        ("七日内[5]。", "押金自退证起多少日内退还？"),
        ("不可以，古籍一般不得外借[6]。", "古籍能外借吗？"),
        ("古籍一般不外借，也就是说只有确因展览需要的例外[6]。", ""),
        ("古籍外借要先经馆长审批，再报主管部门备案[6]。", ""),
        ("该须知由纪委办公室保管[8]。", "该须知由谁保管？"),
    ],
)
def test_a_source_may_be_told_in_the_words_of_every_day(text: str, question: str) -> None:
    assert support(text, question) is Support.SUPPORTED


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("可以提前闭馆的情形有四种[1]。", "可以提前闭馆的情形有哪四种？"),
        ("阅览室晚上7点闭馆[3]。", ""),
        ("逾期一册每日收取五元[3]。", ""),
        ("少儿读物的押金是50元[4]。", "少儿读物押金多少元？"),
        ("三十日内[5]。", "押金自退证起多少日内退还？"),  # the term of the other case
        ("赔偿款自退证之日起三十日内缴清[5]。", ""),  # from another day
        ("可以，古籍一般不得外借[6]。", "古籍能外借吗？"),
        ("古籍一律不得外借[6]。", ""),  # made general
        ("古籍外借要先报主管部门备案，再经馆长审批[6]。", ""),  # in another order
        ("古籍确因展览、拍摄需要外借的，经馆长审批[6]。", ""),  # one item more
        ("教师押金五十元以上[7]。", ""),  # 以上 of the other case
        ("学校押金五十元以下[7]。", "学校押金多少？"),  # of whom it is said must not come from the question
        ("古籍外借免费[6]。", "古籍外借免费吗？"),  # the question's words alone are no ground
        ("押金不会退[5]。", "押金会退吗？"),
    ],
)
def test_a_small_change_in_every_day_words_is_not_supported(text: str, question: str) -> None:
    assert support(text, question) is not Support.SUPPORTED


def test_a_sentence_about_its_source_is_not_moved_to_another_that_bears_it_out() -> None:
    [checked] = [*(checker := Checker(MORE)).feed("押金五十元以上的部分三十日内退还[5]。"), *checker.finish()]
    assert checked.support is not Support.SUPPORTED


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
