"""Outlines of made-up documents in official style."""

from __future__ import annotations

import pytest

from knowledge.model import Heading, Section, SourceText
from knowledge.parsing.outline import Outline, outline

REGULATION = """某市机关图书管理条例
（2019年3月1日某市委员会会议审议批准　2019年3月8日某市委员会发布）
第一章　总　则
第一条　为了管理机关图书，制定本条例。
第二条　本条例适用于机关图书室。
第三条的规定另有说明的，按说明办理。
本条例所称图书，是指纸质图书和电子图书。
第二章　借　阅
第三条　借阅图书应当遵守下列规定：
（一）当面登记；
（二）爱护图书，不得有下列行为：
1．涂写；
2．撕页；
（三）按期归还。
逾期不还的，依照第二条、第三条第一款规定催还。
第三条之一　电子图书不限册数。
第三章　附　则
第四条　本条例自发布之日起施行。
"""


def read(text: str, headings: tuple[Heading, ...] = (), title: str | None = None) -> tuple[SourceText, Outline]:
    source = SourceText(text.strip(), headings, title)
    return source, outline(source)


def paths(found: Outline, *levels: str) -> list[str]:
    return [s.path for s in found.sections if not levels or s.level in levels]


def section(found: Outline, path: str) -> Section:
    return next(s for s in found.sections if s.path == path)


def words(source: SourceText, found: Outline, path: str) -> str:
    s = section(found, path)
    return source.text[s.start : s.end]


def test_a_regulation_has_chapters_articles_clauses_and_items() -> None:
    source, found = read(REGULATION)
    assert found.articles == 5
    assert paths(found, "章") == ["第一章", "第二章", "第三章"]
    assert section(found, "第一章").title == "总　则"
    assert paths(found, "条") == [
        "第一章/第一条",
        "第一章/第二条",
        "第二章/第三条",
        "第二章/第三条之一",
        "第三章/第四条",
    ]
    assert words(source, found, "第二章/第三条/第一款/（二）/2") == "2．撕页；"
    assert words(source, found, "第二章/第三条/第二款").startswith("逾期不还的")
    assert section(found, "第二章/第三条/第一款/（二）").level == "项"
    assert section(found, "第二章/第三条/第一款/（二）/1").level == "目"


def test_the_text_of_items_belongs_to_the_clause_that_leads_them_in() -> None:
    source, found = read(REGULATION)
    assert words(source, found, "第二章/第三条/第一款").endswith("（三）按期归还。")


def test_a_mention_at_the_start_of_a_line_is_no_article() -> None:
    source, found = read(REGULATION)
    assert "第三条的规定另有说明" in words(source, found, "第一章/第二条")


def test_the_publication_line_stands_outside_the_body() -> None:
    source, found = read(REGULATION)
    assert source.text[found.body[0] :].startswith("第一章")
    assert words(source, found, "题注").endswith("发布）")


def test_paths_are_unique_parents_come_first_and_spans_nest() -> None:
    _, found = read(REGULATION)
    assert len(set(paths(found))) == len(found.sections)
    open_sections: list[Section] = []
    for s in found.sections:
        while open_sections and open_sections[-1].depth >= s.depth:
            open_sections.pop()
        if open_sections:
            parent = open_sections[-1]
            assert s.path.startswith(parent.path + "/")
            assert parent.start <= s.start <= s.end <= parent.end
        open_sections.append(s)


@pytest.mark.parametrize(
    "text",
    [
        "第一条\n为了管理，制定本办法。\n第二条\n本办法适用于全市。\n第三条\n本办法自发布之日起施行。",
        "第一条为了管理，制定本办法。\n第二条本办法适用于全市。\n第三条本办法自发布之日起施行。",
        "第1条　为了管理，制定本办法。\n第2条　本办法适用于全市。\n第3条　本办法自发布之日起施行。",
        "第１条 为了管理，制定本办法。\n第２条 本办法适用于全市。\n第３条 本办法自发布之日起施行。",
        "第 一 条　为了管理，制定本办法。\n第 二 条　本办法适用于全市。\n第 三 条　本办法自发布之日起施行。",
        "　　第一条　为了管理，制定本办法。\n\n　　第二条　本办法适用于全市。\n\n　　第三条　本办法自发布之日起施行。",
        "第一章　总则　第一条　为了管理，制定本办法。第二条　本办法适用于全市。第三条　本办法自发布之日起施行。",
    ],
)
def test_articles_are_found_however_they_are_laid_out(text: str) -> None:
    _, found = read(text)
    assert found.articles == 3
    assert [p.rpartition("/")[2] for p in paths(found, "条")] == ["第一条", "第二条", "第三条"]


def test_a_table_of_contents_gives_no_second_set_of_chapters() -> None:
    text = """某某规则
目　录
第一章　总则
第二章　附则
第一章　总则
第一条　为了学习，制定本规则。
第二章　附则
第二条　本规则自发布之日起施行。"""
    _, found = read(text)
    assert paths(found) == ["第一章", "第一章/第一条", "第二章", "第二章/第二条"]


def test_a_skipped_article_number_does_not_end_the_text() -> None:
    lines = [f"第{n}条　第某项工作由办公室负责办理，并接受监督。" for n in ("一", "二", "四", "五")]
    _, found = read("某某规定\n" + "\n".join(lines))
    assert found.articles == 4
    assert paths(found, "条")[-1] == "第五条"


def test_two_texts_in_one_file_have_their_own_addresses() -> None:
    one = "第一章　总则\n第一条　为了收藏，制定本办法。\n第二条　本办法由馆长解释。"
    text = f"图书收藏办法\n{one}\n图书捐赠规定\n第一章　总则\n第一条　捐赠自愿。\n第二条　本规定自发布之日起施行。"
    source, found = read(text, title="图书收藏办法")
    assert found.articles == 2
    assert paths(found, "部分") == ["《图书捐赠规定》"]
    assert words(source, found, "《图书捐赠规定》/第一章/第一条") == "第一条　捐赠自愿。"
    assert words(source, found, "第一章/第一条").startswith("第一条　为了收藏")


def test_a_covering_notice_is_apart_from_the_regulation_it_brings() -> None:
    text = """某局文件
某局发〔2020〕3号
各科室：
现将《图书室值班办法》印发给你们，请遵照执行。
附件：图书室值班办法
某局
2020年5月6日
图书室值班办法
第一条　值班人员应当按时到岗。
第二条　本办法自印发之日起施行。"""
    source, found = read(text, title="图书室值班办法")
    assert found.articles == 2
    assert paths(found, "条") == ["第一条", "第二条"]
    assert words(source, found, "通知").startswith("各科室")
    assert words(source, found, "落款") == "附件：图书室值班办法\n某局\n2020年5月6日"


def test_a_red_headed_notice_ends_with_its_signature_and_not_with_the_imprint() -> None:
    text = """某市委办公室
关于开展读书活动
有关事项的通知
某办发〔2021〕7号
各单位：
为推动读书，现通知如下。
一、时间安排
3月至12月。
二、工作要求
各单位要加强领导。
附件：1. 书目
2. 报名表
某市委办公室
2021年3月1日
抄送：市政府办公室。
某市委办公室 2021年3月1日印发
附件1
书目
1. 某书
2. 另一书"""
    source, found = read(text)
    assert words(source, found, "题注").endswith("有关事项的通知\n某办发〔2021〕7号")
    assert words(source, found, "二") == "二、工作要求\n各单位要加强领导。"
    assert words(source, found, "落款").startswith("附件：1. 书目")
    assert paths(found, "附件") == ["附件1"]


def test_what_comes_after_the_last_provision_is_other_matter() -> None:
    text = """读者守则
第一条　保持安静。
第二条　本守则自发布之日起施行。2001年某馆发布的《读者须知》同时废止。
昨天，馆长在回答提问时介绍了守则的由来，读者们表示支持。"""
    source, found = read(text)
    assert words(source, found, "第二条").endswith("同时废止。")
    assert words(source, found, "文后材料").startswith("昨天")


def test_a_news_lead_stands_before_the_body() -> None:
    text = """某委印发《图书室条例》
近日，某委印发了《图书室条例》，并发出通知，要求认真执行。
通知指出，图书室工作十分重要。
《图书室条例》全文如下。
第一条　图书室每日开放。
第二条　本条例自发布之日起施行。"""
    source, found = read(text, title="某委印发《图书室条例》")
    assert source.text[found.body[0] :].startswith("第一条")
    assert "通知指出" in words(source, found, "导语")


def test_a_charter_keeps_its_general_programme_as_a_section() -> None:
    text = """读书会章程
总　纲
读书会是读者自愿结成的团体。
读书会提倡多读书、读好书。
第一章　会员
第一条　年满十八岁的读者可以申请入会。
第二条　会员有退会的自由。"""
    source, found = read(text)
    assert words(source, found, "总纲").endswith("读好书。")
    assert found.articles == 2


def test_a_notice_has_numbered_sections_and_run_in_headings() -> None:
    text = """关于开展读书活动的通知
各科室：
为推动读书，现就有关事项通知如下。
一、总体要求
坚持自愿原则。
二、主要任务
（一）办好读书会。一是定好书目，每月一本；二是安排领读，轮流主讲；三是写好笔记。
（二）建好图书角
1．选好地点。图书角应当安静。
2．配好图书
三、组织领导。各科室要加强领导，落实责任，保证时间，务求取得实际效果。
某局办公室
2021年3月4日"""
    source, found = read(text)
    assert found.articles is None
    assert paths(found, "一", "（一）", "1") == [
        "一",
        "二",
        "二/（一）",
        "二/（二）",
        "二/（二）/1",
        "二/（二）/2",
        "三",
    ]
    assert section(found, "二/（一）").title == "办好读书会"
    assert section(found, "三").title == "组织领导"
    assert words(source, found, "二/（一）/二是") == "二是安排领读，轮流主讲；"
    assert words(source, found, "二/（一）/三是") == "三是写好笔记。"
    assert words(source, found, "落款").startswith("某局办公室")


@pytest.mark.parametrize(
    ("sentence", "steps"),
    [
        ("做好三点。首先，要读。其次，要想。最后，要写。", ["首先", "其次", "最后"]),
        ("讲三点：第一，要读；第二，要想；第三，要写。", ["第一", "第二", "第三"]),
        ("分三步：（一）借书；（二）读书；（三）还书。", ["（一）", "（二）", "（三）"]),
        ("他第一次来，也是第二次谈。", []),
        ("这件事首先要做好。", []),
    ],
)
def test_numbers_inside_a_paragraph_are_sections_when_they_count_up(sentence: str, steps: list[str]) -> None:
    _, found = read(f"在读书会上的讲话\n一、读书\n{sentence}\n二、写作\n写作要勤快一些。")
    assert [p.removeprefix("一/") for p in paths(found, "一是", "项")] == steps


def test_numbers_that_go_on_across_sections_stay_where_they_stand() -> None:
    text = "一、学习\n（一）读原文\n要读原文。\n（二）学原理\n要学原理。\n二、实践\n（三）下基层\n要下基层。"
    _, found = read(text)
    assert paths(found, "（一）") == ["一/（一）", "一/（二）", "二/（三）"]


def test_markdown_headings_give_the_path_of_a_study_guide() -> None:
    text = "怎样借书\n先看这里的说明，再去办理。\n办证\n带上证件，到服务台办理。\n还书\n按期归还，逾期登记。"
    marks = [("怎样借书", 1), ("办证", 2), ("还书", 2)]
    headings = tuple(Heading(text.index(word), text.index(word) + len(word), level) for word, level in marks)
    _, found = read(text, headings, title="怎样借书")
    assert paths(found, "标题") == ["办证", "还书"]


def test_a_heading_between_articles_without_a_number_is_a_section() -> None:
    text = "读者守则\n成人读者\n第一条　保持安静。\n第二条　不带食物。\n少年读者\n第三条　由家长陪同。"
    _, found = read(text)
    assert paths(found, "标题", "条") == [
        "成人读者",
        "成人读者/第一条",
        "成人读者/第二条",
        "少年读者",
        "少年读者/第三条",
    ]


def test_what_follows_the_last_article_is_not_part_of_it() -> None:
    text = """读者守则
第一条　保持安静。
第二条　本守则自发布之日起施行。
守则的由来
这份守则是读者代表在一次座谈会上提出来的，后来又征求了几轮意见，最后才定了下来，张贴在大门口。"""
    source, found = read(text)
    assert words(source, found, "第二条") == "第二条　本守则自发布之日起施行。"
    assert "守则的由来" in paths(found)


def test_table_rows_and_notes_are_no_clauses() -> None:
    text = "某标准\n第一条　开放时间不得少于下表：\n表1 开放时间\n平日 | 8\n周末 | 6\n注：单位为小时。\n第二条　本标准由馆长解释。"
    _, found = read(text)
    assert paths(found, "款") == []


def test_a_commentary_that_quotes_an_article_is_no_regulation() -> None:
    text = "某条例重点条文解读\n一、关于借阅\n【条文】\n第十九条　借阅应当登记。\n【解读】\n登记是为了便于查找，也便于统计。"
    _, found = read(text)
    assert found.articles is None
    assert paths(found, "条") == []


def test_a_text_without_structure_has_no_sections() -> None:
    source, found = read("今天天气很好，大家都到图书馆去看书。\n图书馆里很安静，人也不多。")
    assert found.sections == ()
    assert found.articles is None
    assert found.body == (0, len(source.text))


def test_an_empty_text_has_an_empty_outline() -> None:
    assert outline(SourceText("")) == Outline((), None, (0, 0))


def test_a_formula_between_articles_is_no_heading() -> None:
    text = "渡口补助办法\n第一条 补助按下列公式计算：\n补助额=基数×天数\n第二条 基数由县财政局公布。\n第三条 本办法自发布之日起施行。"
    assert paths(read(text)[1], "条") == ["第一条", "第二条", "第三条"]
