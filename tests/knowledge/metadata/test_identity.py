"""Identity cards and repeal clauses of made-up documents in official style."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.metadata.identity_card import identify, repeals
from knowledge.model import IdentityCard, SourceText, Sureness
from knowledge.parsing.outline import outline

ARTICLES = "第一条　为了读书，制定本条例。\n第二条　本条例适用于全市。\n第三条　本条例自2021年1月1日起施行。"


def card(
    text: str, file_name: str = "a.txt", title: str | None = None, stated: dict[str, str] | None = None
) -> IdentityCard:
    source = SourceText(text.strip(), title=title, card=stated or {})
    return identify(source, file_name, outline(source))


@pytest.mark.parametrize(
    ("heading", "file_name", "title", "edition"),
    [
        ("图书管理条例", "图书管理条例.md", "图书管理条例", None),
        ("图书管理条例 2018", "图书管理条例(2018).md", "图书管理条例", "2018"),
        ("《图书管理条例》（全文）", "图书管理条例__全文.md", "图书管理条例", None),
        ("某市委 某市政府印发《图书管理条例》", "a.html", "图书管理条例", None),
        ("图书管理条例（试行)", "图书管理条例_试行.md", "图书管理条例（试行）", None),
        ("图书管理条例（试行）", "图书管理条例(2018-12-29).md", "图书管理条例（试行）", "2018"),
        ("关于印发《图书管理条例解答》的通知", "b.md", "关于印发《图书管理条例解答》的通知", None),
    ],
)
def test_the_title_is_freed_of_decoration(heading: str, file_name: str, title: str, edition: str | None) -> None:
    found = card(f"{heading}\n第一条　目的。\n第二条　范围。", file_name, title=heading)
    assert found.title == title
    assert found.edition == edition


def test_a_title_is_found_under_the_heading_of_a_study_series() -> None:
    text = f"每周一学（2022年1月3日-9日）\n图书管理条例\n{ARTICLES}"
    assert card(text, "html_12_学习.html", title="每周一学（2022年1月3日-9日）").title == "图书管理条例"


def test_a_statute_has_its_full_name() -> None:
    text = f"中华人民共和国图书法\n2020年5月6日 第三届全国人民代表大会常务委员会第二次会议通过\n{ARTICLES}"
    found = card(text.replace("条例", "法"), "图书法(2020-05-06).md", title="中华人民共和国图书法")
    assert found.title == "中华人民共和国图书法"
    assert found.kind == "法"
    assert found.issuer == "全国人民代表大会常务委员会"
    assert found.issued_on == date(2020, 5, 6)
    assert found.effective_on == date(2021, 1, 1)
    assert found.edition == "2020"


def test_the_latest_act_of_a_publication_line_counts() -> None:
    note = (
        "（2003年12月23日中共中央政治局会议审议批准　2003年12月31日中共中央发布　"
        "2020年12月8日中共中央政治局会议修订　2020年12月19日中共中央发布）"
    )
    found = card(f"图书管理条例\n{note}\n{ARTICLES}")
    assert found.issued_on == date(2020, 12, 19)
    assert found.issuer == "中共中央"
    assert found.effective_on == date(2021, 1, 1)
    assert found.edition == "2020"
    assert found.sureness["issued_on"] is Sureness.SURE
    assert "2020年12月19日" in found.evidence["issued_on"]


def test_chinese_dates_are_read() -> None:
    found = card(f"图书管理条例\n（一九九七年二月十七日中共中央发布）\n{ARTICLES}")
    assert found.issued_on == date(1997, 2, 17)


def test_from_the_day_of_issue_means_that_day() -> None:
    articles = ARTICLES.replace("2021年1月1日", "发布之日")
    found = card(f"图书管理条例\n（2020年5月6日中共中央发布）\n{articles}")
    assert found.effective_on == date(2020, 5, 6)


def test_without_a_day_of_issue_nothing_is_made_up() -> None:
    found = card("图书管理条例\n" + ARTICLES.replace("2021年1月1日", "发布之日"))
    assert found.effective_on is None
    assert found.issued_on is None
    assert found.edition is None
    assert found.sureness["effective_on"] is Sureness.MISSING


def test_an_amended_statute_keeps_its_stated_day_and_a_doubtful_one_is_marked() -> None:
    lines = (
        "1990年1月1日 第一届全国人民代表大会第一次会议通过\n"
        "2019年3月4日 第九届全国人民代表大会常务委员会第一次会议《关于修改〈图书法〉的决定》修正"
    )
    found = card(
        f"中华人民共和国图书法\n{lines}\n第一条　目的。\n第二条　本法自公布之日起施行。", title="中华人民共和国图书法"
    )
    assert found.issued_on == date(2019, 3, 4)
    assert found.issuer == "全国人民代表大会"
    assert found.sureness["effective_on"] is Sureness.DOUBTFUL


@pytest.mark.parametrize(
    ("line", "doc_no"),
    [
        ("中发〔2015〕31号", "中发〔2015〕31号"),
        ("（财行[2013]531号）", "财行〔2013〕531号"),
        ("(中办发\\[1995\\]7号1995年4月30日)".replace("\\", ""), "中办发〔1995〕7号"),
        ("【发文字号】中共中央纪委[2005]8号", "中共中央纪委〔2005〕8号"),
        ("国务院第133号令", "国务院令第133号"),
        ("2014年4月25日 中华人民共和国国务院令第652号公布", "国务院令第652号"),
        ("第11号", "令第11号"),
    ],
)
def test_the_number_of_a_document_is_read_from_its_own_line(line: str, doc_no: str) -> None:
    assert card(f"图书管理条例\n{line}\n{ARTICLES}").doc_no == doc_no


def test_numbers_and_dates_of_other_documents_in_the_body_are_no_evidence() -> None:
    text = """关于读书的通知
各科室：
根据《关于写字的通知》（某发〔2001〕5号）和2001年2月3日的会议，通知如下：
一、要读书。
二、某发〔2002〕6号文件同时废止。"""
    found = card(text, title="关于读书的通知")
    assert found.doc_no is None
    assert found.issued_on is None


def test_a_signature_gives_issuer_and_day() -> None:
    found = card("关于读书的通知\n一、要读书。\n二、要写字。\n某 某 部\n2013 年5月25日", title="关于读书的通知")
    assert found.issued_on == date(2013, 5, 25)
    assert found.issuer == "某某部"


@pytest.mark.parametrize(
    "lines",
    [
        "柳河市统计局 柳河市财政局\n二〇二三年十二月二十一日",
        "柳河市统计局 柳河市财政局 2023年12月21日",
        "柳河市统计局　柳河市财政局\n2023年12月21日印发",
    ],
)
def test_bodies_and_a_day_beneath_the_title_are_its_signature(lines: str) -> None:
    articles = ARTICLES.replace("2021年1月1日", "印发之日")
    found = card(f"图书管理办法\n柳统联〔2023〕9号\n{lines}\n{articles}")
    assert found.issued_on == found.effective_on == date(2023, 12, 21)
    assert found.issuer == "柳河市统计局、柳河市财政局"


def test_a_text_in_force_from_a_year_begins_with_its_first_day() -> None:
    found = card("图书管理办法\n" + ARTICLES.replace("自2021年1月1日起施行", "自2021年起实施，为期五年"))
    assert (found.effective_on, found.valid_until) == (date(2021, 1, 1), date(2025, 12, 31))
    assert found.sureness["effective_on"] is Sureness.DOUBTFUL


def test_words_on_the_end_that_name_no_day_stand_on_the_card_as_evidence() -> None:
    found = card("图书管理办法\n" + ARTICLES.replace("起施行", "起施行，有效期与图书规划一致"))
    assert (found.valid_until, found.evidence["valid_until"]) == (None, "有效期与图书规划一致")


def test_a_covering_notice_gives_number_issuer_and_day_to_what_it_brings() -> None:
    text = f"""中共某市委文件
某发〔2020〕3号
中共某市委关于印发《图书管理条例（试行）》的通知
各部门：
现将《图书管理条例（试行）》印发给你们，请遵照执行。
中共某市委
2020年5月6日
（此件公开发布）
图书管理条例（试行）
{ARTICLES.replace("2021年1月1日", "印发之日")}
中共某市委办公室　2020年5月7日印发"""
    found = card(text, "红头文件.docx")
    assert (found.title, found.kind, found.doc_no) == ("图书管理条例（试行）", "条例", "某发〔2020〕3号")
    assert (found.issuer, found.issued_on) == ("中共某市委", date(2020, 5, 6))
    assert found.effective_on == date(2020, 5, 6)


def test_a_news_lead_names_the_issuer() -> None:
    text = f"近日，中共中央办公厅、国务院办公厅印发了《图书管理条例》，并发出通知。\n《图书管理条例》全文如下。\n{ARTICLES}"
    assert card(text, "图书管理条例.html").issuer == "中共中央办公厅、国务院办公厅"


def test_what_the_file_states_about_itself_wins() -> None:
    found = card(
        "# 别的\n内容很好。",
        "x.md",
        title="怎样读书（学习导读）",
        stated={"title": "怎样读书（学习导读）", "kind": "学习导读", "topic": "学习方法", "written_on": "2026-11-22"},
    )
    assert (found.title, found.kind, found.topic) == ("怎样读书（学习导读）", "学习导读", "学习方法")
    assert found.issued_on == date(2026, 11, 22)
    assert found.sureness["title"] is Sureness.SURE


def test_a_file_without_any_title_is_called_after_its_name() -> None:
    found = card("今天大家都到图书馆去看书。后来又去了书店。", "读书记.txt")
    assert found.title == "读书记"
    assert found.sureness["title"] is Sureness.DOUBTFUL


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("本条例自2021年1月1日起施行。2013年5月6日某市委发布的《图书借阅规定》同时废止。", [("图书借阅规定", "2013")]),
        (
            "本条例自发布之日起施行。1990年12月24日某府发布、1994年10月9日某府修订发布的《图书条例》同时废止。",
            [("图书条例", "1994")],
        ),
        ("本条例自一九九四年五月一日起施行，《图书条例（试行）》同时废止。", [("图书条例（试行）", None)]),
        (
            "《图书办法》（某发〔2013〕5号）、《借书办法》（某发〔2014〕6号）同时废止。",
            [("图书办法", "2013"), ("借书办法", "2014")],
        ),
        ("2006年11月13日发布的《某局关于印发<图书办法>的通知》（某发〔2006〕3号）同时废止。", [("图书办法", "2006")]),
        ("依照《图书条例》的规定执行。", []),
        ("未经批准，不得废止《图书条例》。", []),
    ],
)
def test_repeal_clauses_name_the_texts_they_end(clause: str, expected: list[tuple[str, str | None]]) -> None:
    source = SourceText(f"新图书条例\n第一条　目的。\n第二条　范围。\n第三条　{clause}")
    assert [(repeal.title, repeal.year) for repeal in repeals(source.text, outline(source))] == expected


def test_a_repeal_in_the_middle_of_a_text_is_a_subject_and_not_an_act() -> None:
    articles = "\n".join(f"第{n}条　内容。" for n in "二三四五六")
    source = SourceText(f"立规条例\n第一条　《图书条例》同时废止。\n{articles}")
    assert repeals(source.text, outline(source)) == ()


def test_a_body_that_carries_out_anothers_text_is_named_by_the_title() -> None:
    assert card(f"某省委贯彻《图书管理条例》实施办法\n{ARTICLES}").issuer == "某省委"


def test_the_day_of_a_revision_by_the_politburo_is_not_yet_the_day_of_issue() -> None:
    note = "（2010年6月4日中共中央发布　2019年11月29日中共中央政治局会议修订）"
    found = card(f"图书管理条例\n{note}\n{ARTICLES}")
    assert found.issued_on == date(2019, 11, 29)
    assert found.sureness["issued_on"] is Sureness.DOUBTFUL


def test_a_signer_may_have_a_long_name() -> None:
    body = "某某地区清理和规范图书交换活动工作领导小组"
    notice = f"关于印发《图书管理细则》的通知\n现印发你们，请遵照执行。\n{body}\n2015年2月3日\n"
    text = f"图书管理细则\n{notice}图书管理细则\n{ARTICLES.replace('条例', '细则')}"
    assert card(text).issuer == body


def test_a_title_on_three_lines_is_read_whole_below_the_letterhead() -> None:
    text = (
        "柳河市人民政府文件\n柳政发〔2023〕9号\n柳河市人民政府\n关于公布2023年度渡运补助标准\n和渡船检修标准的通知\n"
        "各区人民政府：\n现将有关标准公布如下，请认真执行。\n一、渡运补助标准为每船每月三百元。\n二、检修标准为每年一次。\n"
        "柳河市人民政府\n2023年3月20日"
    )
    found = card(text, "通知.pdf")
    assert found.title == "柳河市人民政府关于公布2023年度渡运补助标准和渡船检修标准的通知"
    assert found.doc_no == "柳政发〔2023〕9号"
