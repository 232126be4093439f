"""Files to take away: Word in the layout of an official document with real footnotes, Markdown that nothing breaks out of."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import docx
import httpx
import pytest
from browsing import PHONE, ask
from conftest import Site
from docx.shared import Pt
from samples import answer_of

from assistant.conversations.turns import Turn, TurnState
from assistant.model import (
    UNSUPPORTED_MARK,
    Answer,
    Citation,
    CitedDocument,
    Generation,
    Mode,
    Notice,
    NoticeCode,
    Refusal,
    Role,
    Sentence,
    Table,
)
from assistant.web.answer_layout import address_in_words
from assistant.web.export.answers import of_turns
from assistant.web.export.markdown import escaped, to_markdown
from assistant.web.export.sheet import Grid, Kind, Line, Run, Sheet
from assistant.web.export.word import to_word
from knowledge.model import Validity

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = date(2026, 3, 1)
NEW = CitedDocument(1, "青禾市样本规定", "青发〔2020〕1号", None, "2020", Validity.IN_FORCE)
OLD = CitedDocument(2, "青禾市样本规定", None, None, "2015", Validity.REVISED)


def cited(marker: int, document: CitedDocument, address: str, start: int = 0) -> Citation:
    return Citation(marker, document, document.id, marker, address, "应当乙。", start, start + 4)


def turn(number: int, answer: Answer | None, question: str = "应当怎样？", state: TurnState = TurnState.DONE) -> Turn:
    return Turn(f"t{number}", "c", number, question, None, state, answer, None, datetime(2026, 3, 1))


EXTRACT = Answer(
    "问",
    "问",
    Mode.EXTRACT,
    (
        Sentence("有下列情形：", (1,), Role.LEAD),
        Sentence("（一）甲；", (1,), Role.ITEM),
        Sentence("（二）乙。", (2,), Role.ITEM),
    ),
    (cited(1, NEW, "第一章/第二条"), cited(2, OLD, "第三条")),
    0.98,
    notices=(Notice(NoticeCode.NOT_IN_FORCE, "《青禾市样本规定》（2015年版）已被修订。", 1),),
)
GENERATED = Answer(
    "问",
    "问",
    Mode.GENERATE,
    (Sentence("模型写的话。", (1,)), Sentence("没有依据的话。", (), supported=False)),
    (cited(1, NEW, "第一章/第二条"),),
    0.7,
    generation=Generation("model-x", "answer"),
)
COMPARED = Answer(
    "问",
    "问",
    Mode.EXTRACT,
    (Sentence("旧的。", (1,)), Sentence("新的。", (2,))),
    (cited(1, OLD, "第三条"), cited(2, NEW, "第四条")),
    0.98,
    table=Table(("2015年版", "2020年版"), ("第四条", "第五条"), (((0,), (1,)), ((), (1,)))),
)
REFUSED = Answer(
    "问", "问", Mode.REFUSE, (), (), 0.0, refusal=Refusal("missing", "库中没有。", (cited(1, NEW, "第一条", 9),))
)


def in_words(_version: int, address: str) -> str:
    return "四、严明纪律" if address == "四" else address_in_words(address)


def sheet(*answers: Answer) -> Sheet:
    return of_turns(
        "青禾市样本",
        [turn(number, answer) for number, answer in enumerate(answers, start=1)],
        DAY,
        lambda answer: [notice.text for notice in answer.notices],
        in_words,
    )


def word(made: Sheet) -> tuple[Any, zipfile.ZipFile]:
    content = to_word(made, datetime(2026, 3, 1, 9, 30))
    return docx.Document(BytesIO(content)), zipfile.ZipFile(BytesIO(content))


def texts(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def footnotes(package: zipfile.ZipFile) -> dict[str, str]:
    root = ElementTree.fromstring(package.read("word/footnotes.xml"))
    return {
        str(note.get(f"{W}id")): "".join(note.itertext()).strip()
        for note in root.findall(f"{W}footnote")
        if note.get(f"{W}type") is None
    }


def test_a_footnote_names_its_place_as_the_page_does() -> None:
    made = sheet(replace(EXTRACT, citations=(cited(1, NEW, "四"), cited(2, OLD, "第一章/第三条"))))
    assert [note.rpartition("）")[2].partition("。")[0] for note in made.footnotes] == ["四、严明纪律", "第一章第三条"]


def test_a_quoted_table_stays_one_and_the_sentence_that_says_it_is_strong() -> None:
    rows = ("类别 | 岗位 | 标准", "甲类 | 馆长 | 500", "副馆长 | 400")
    sentences = (
        Sentence("应当乙。", (2,), Role.DIRECT),
        Sentence("标准如下：", (1,), Role.LEAD),
        *(Sentence(row, (1,), Role.ITEM) for row in rows),
    )
    answer = replace(EXTRACT, sentences=sentences, citations=(cited(1, NEW, "第二条"), cited(2, NEW, "第三条", 9)))
    made = of_turns("题", [turn(1, answer)], DAY, lambda _: (), in_words)
    text = to_markdown(made)
    assert "| 类别 | 岗位 | 标准 |" in text
    assert "|  | 副馆长 | 400[^2] |" in text
    assert "**应当乙。**[^1]" in text
    document, _ = word(made)
    [table] = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["类别", "岗位", "标准"]
    assert [cell.text for cell in table.rows[2].cells][1] == "副馆长"
    assert any(run.bold and run.text == "应当乙。" for paragraph in document.paragraphs for run in paragraph.runs)


def test_the_page_is_that_of_an_official_document() -> None:
    document, package = word(sheet(EXTRACT))
    section = document.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35]
    assert [round(size.mm) for size in (section.left_margin, section.right_margin)] == [28, 26]
    normal = document.styles["Normal"]
    assert normal.font.size == Pt(16)
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(f"{W}eastAsia") for name in ("Normal", "Title", "Heading 1")
    }
    assert fonts == {"Normal": "仿宋_GB2312", "Title": "方正小标宋简体", "Heading 1": "黑体"}
    assert document.styles["Title"].font.size == Pt(22)
    assert 28 <= normal.paragraph_format.line_spacing.pt <= 29
    assert 22 * normal.paragraph_format.line_spacing.pt <= (297 - 37 - 35) / 25.4 * 72, "22 lines fit on the page"
    spacing = int(normal.element.rPr.find(f"{W}spacing").get(f"{W}val")) / 20
    assert 28 <= (section.page_width - section.left_margin - section.right_margin) / Pt(16 + spacing) < 29
    assert "PAGE" in package.read("word/footer1.xml").decode()
    assert "— " in package.read("word/footer2.xml").decode()
    assert 'altName w:val="仿宋;' in package.read("word/fontTable.xml").decode()


def test_sources_are_footnotes_of_word_and_one_source_has_one_footnote() -> None:
    document, package = word(sheet(EXTRACT, EXTRACT))
    assert footnotes(package) == {
        "1": "《青禾市样本规定》（2020年版，青发〔2020〕1号，现行有效）第一章第二条。",
        "2": "《青禾市样本规定》（2015年版，已被修订）第三条。引用前请核对现行文本。",
    }
    body = package.read("word/document.xml").decode()
    assert re.findall(r'<w:footnoteReference w:id="(\d)"/>', body) == ["1", "2"]
    assert body.count("NOTEREF _Ref") == 4, "what is cited again refers to the footnote that is there"
    content_types = package.read("[Content_Types].xml").decode()
    assert "footnotes+xml" in content_types
    assert document.paragraphs[0].text == "青禾市样本"


def test_each_answer_keeps_its_label_and_its_warnings() -> None:
    written = texts(word(sheet(EXTRACT, GENERATED, REFUSED))[0])
    assert "【原文摘录】把握较大" in written
    assert any(one.startswith("【AI生成】") and "核对原文" in one for one in written)
    assert "【未作回答】" in written
    assert "【注意】《青禾市样本规定》（2015年版）已被修订。" in written
    assert any(f"（{UNSUPPORTED_MARK}）" in one for one in written)
    assert "最接近的原文（不能直接回答这个问题）：" in written
    heads = [one.text for one in word(sheet(EXTRACT, EXTRACT))[0].paragraphs if one.style.name == "Heading 1"]
    assert heads == ["一、应当怎样？", "二、应当怎样？"]


@pytest.mark.parametrize("answers", [[EXTRACT, REFUSED], [EXTRACT, GENERATED]], ids=["quoted", "generated"])
def test_a_file_with_generated_words_says_so_at_its_head_and_in_its_properties(answers: Sequence[Answer]) -> None:
    document, package = word(sheet(*answers))
    generated = GENERATED in answers
    assert any("含有人工智能生成的内容" in one for one in texts(document)[:4]) is generated
    properties = document.core_properties
    assert (properties.title, properties.subject) == ("青禾市样本", "学思问答")
    assert properties.created.replace(tzinfo=None) == datetime(2026, 3, 1, 9, 30)
    assert "学思（Xuesi）" in properties.comments
    assert "python-docx" not in properties.author + properties.comments
    assert ("docProps/custom.xml" in package.namelist()) is generated
    assert not [name for name in package.namelist() if "thumbnail" in name]
    if generated:
        custom = ElementTree.fromstring(package.read("docProps/custom.xml"))
        assert custom[0].get("name") == "AIGC"
        label = json.loads("".join(custom.itertext()))
        assert (label["Label"], label["ContentProducer"], label["ContentPropagator"]) == (
            "1",
            "model-x",
            "学思（Xuesi）",
        )
        assert label["ProduceID"]
    assert ("AIGC: {" in to_markdown(sheet(*answers))) is generated


def test_a_comparison_is_a_table_in_both() -> None:
    made = sheet(COMPARED)
    table = word(made)[0].tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["", "2015年版", "2020年版"],
        ["第四条", "旧的。", "新的。"],
        ["第五条", "没有对应的内容", "新的。"],
    ]
    assert "| 第四条 | 旧的。[^1] | 新的。[^2] |" in to_markdown(made)
    assert any(isinstance(part, Grid) for part in made.parts)


def test_no_page_ends_within_a_short_row_or_between_a_question_and_its_options() -> None:
    short, long = Line(Kind.TEXT, (Run("短"),)), Line(Kind.TEXT, (Run("长" * 130),))
    grid = Grid(("甲", "乙"), (((), (short,), (short,)), ((), (short,), (long,))))
    question, option = Line(Kind.TEXT, (Run("谁负责（ ）"),)), Line(Kind.ITEM, (Run("A．值班员"),))
    document, _ = word(Sheet("题", "题", DAY, (question, option, question, grid), ()))
    kept = [row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in document.tables[0].rows[1:]]
    assert kept == [True, False], "a long row is broken, that no page stays half empty"
    together = [one.paragraph_format.keep_with_next for one in document.paragraphs if one.text.startswith(("谁", "A"))]
    assert together == [True, None, None]


def test_unfinished_and_failed_turns_say_so_and_a_long_question_is_no_heading() -> None:
    long = "问" * 100
    made = of_turns(
        "题",
        [turn(1, None, long, TurnState.FAILED), turn(2, EXTRACT, state=TurnState.STOPPED)],
        DAY,
        lambda _: (),
        in_words,
    )
    lines = [(part.kind, part.runs[0].text) for part in made.parts if not isinstance(part, Grid)]
    assert lines[0] == (Kind.HEADING, "一、问题")
    assert lines[1] == (Kind.TEXT, long)
    assert (Kind.REMARK, "（没有回答：系统出错。）") in lines
    assert (Kind.REMARK, "（回答没有完成：提问者停止了回答。）") in lines


def test_no_text_is_taken_for_markup() -> None:
    assert escaped("<script>*a*[b](c)|`x`_y_") == r"\<script\>\*a\*\[b\](c)\|\`x\`\_y\_"
    assert escaped("# 标题") == r"\# 标题"
    assert escaped("1. 甲") == r"\1. 甲"
    hostile = "]]><w:p/>&lt;\x0b\x00坏字符"
    document, _ = word(of_turns("题<b>\x07", [turn(1, None, hostile)], DAY, lambda _: (), in_words))
    assert "坏字符" in " ".join(texts(document))


@pytest.mark.browser
def test_one_answer_or_a_whole_conversation_is_taken_away(page: Any, site: Site, reader: str) -> None:
    first = ask(page, "青禾市机关休假管理规定第三条")
    ask(page, "青禾市机关来访接待规则第四条")
    first.locator("text=导出").click()
    page.wait_for_selector("#take")
    assert page.locator("#notes :checked").count() == 1
    with page.expect_download() as download:
        page.click("button[value=docx]")
    document = docx.Document(download.value.path())
    assert "享受年休假八天" in " ".join(texts(document))
    assert "十二日内答复" not in " ".join(texts(document))
    page.check("#all")
    with page.expect_download() as download:
        page.click("button[value=md]")
    text = download.value.path().read_text(encoding="utf-8")
    assert "享受年休假八天" in text
    assert "十二日内答复" in text
    page.uncheck("#all")
    assert page.locator("button[value=docx]").is_disabled()
    page.click("text=返回问答")
    page.wait_for_selector("article.turn")


@pytest.mark.browser
def test_a_conversation_is_exported_from_the_list_on_a_phone(phone: Any) -> None:
    ask(phone, "青禾市机关休假管理规定第三条")
    phone.click("#rail .toggle-button")
    phone.locator(".conversation summary").first.click()
    phone.locator(".conversation .menu >> text=导出").click()
    phone.wait_for_selector("#take")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_nothing_chosen_or_an_unknown_form_is_said_in_a_sentence(site: Site, client: httpx.Client, reader: str) -> None:
    asked = site.conversations.ask(reader, "问")
    site.conversations.close_turn(
        asked.id, TurnState.DONE, answer=answer_of(site, "来访接待", ["应当在来访登记簿上记明"])
    )
    headers = {"X-Reader": reader}
    address = f"/c/{asked.conversation_id}/export"
    for data, words in (({}, "还没有选中"), ({"turn": asked.id, "form": "exe"}, "格式不对")):
        reply = client.post(address, data=data, headers=headers)
        assert reply.status_code == 400
        assert words in reply.text
    good = client.post(address, data={"turn": asked.id, "form": "docx"}, headers=headers)
    assert good.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert len(footnotes(zipfile.ZipFile(BytesIO(good.content)))) == 1


def test_a_text_revised_since_it_was_cited_is_marked_as_it_is_today(
    site: Site, client: httpx.Client, reader: str
) -> None:
    answer = answer_of(site, "休假", ["享受年休假五天"], "2018")
    then = tuple(replace(one, document=replace(one.document, validity=Validity.IN_FORCE)) for one in answer.citations)
    asked = site.conversations.ask(reader, "问")
    site.conversations.close_turn(asked.id, TurnState.DONE, answer=replace(answer, citations=then))
    data = {"turn": asked.id, "form": "md"}
    text = client.post(f"/c/{asked.conversation_id}/export", data=data, headers={"X-Reader": reader}).text
    validity = str(site.document("休假", "2018").validity)
    assert f"**【注意】《青禾市机关休假管理规定》（2018年版）{validity}，现行的是2023年版。" in text
    assert f"[^1]: 《青禾市机关休假管理规定》（2018年版，{validity}）" in text
