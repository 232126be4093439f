"""How an answer and an excerpt are laid out."""

from __future__ import annotations

import pytest

from assistant.model import Answer, Citation, CitedDocument, Mode, Notice, NoticeCode, Role, Sentence, Table
from assistant.web.answer_layout import address_in_words, as_text, blocks, confidence_in_words, snippet, view
from assistant.web.reader.excerpts import around, contents, paragraphs
from knowledge.model import SourceText, Validity
from knowledge.parsing.outline import outline

TEXT = "青禾市样本规定\n第一章 总则\n第一条 为了甲，制定本规定。\n第二条 应当乙。\n应当丙。\n第二章 附则\n第三条 自今日起施行。"
DOCUMENT = CitedDocument(1, "青禾市样本规定", "青发〔2020〕1号", None, "2020", Validity.IN_FORCE)


def cited(marker: int, quote: str) -> Citation:
    start = TEXT.index(quote)
    return Citation(marker, DOCUMENT, 1, marker, f"第一章/第{marker}条", quote, start, start + len(quote))


def test_a_marker_stands_once_after_the_sentences_it_covers() -> None:
    made = blocks([Sentence("应当乙。", (1,)), Sentence("并应当甲。", (1,)), Sentence("制定本规定。", (2,))], {})
    assert [[shown.markers for shown in block.sentences] for block in made] == [[(), (1,)], [(2,)]]


def test_a_paragraph_of_the_original_begins_a_paragraph_of_the_answer() -> None:
    made = blocks([Sentence("应当乙。", (1,)), Sentence("应当丙。", (1,))], {1: "应当乙。\n应当丙。"})
    assert [[shown.markers for shown in block.sentences] for block in made] == [[(1,)], [(1,)]]


def test_items_make_a_list_and_each_keeps_its_marker() -> None:
    sentences = [
        Sentence("下列情形：", (1,), Role.LEAD),
        Sentence("（一）甲；", (1,), Role.ITEM),
        Sentence("（二）乙。", (1,), Role.ITEM),
        Sentence("比对说明。", (), Role.NOTE),
    ]
    made = blocks(sentences, {})
    assert [(block.kind, len(block.sentences)) for block in made] == [("text", 1), ("numbered", 2), ("note", 1)]
    assert [shown.markers for shown in made[1].sentences] == [(1,), (1,)]


def test_sentences_of_a_table_are_shown_in_it_and_nowhere_else() -> None:
    sentences = (Sentence("共三条。", (), Role.NOTE), Sentence("应当乙。", (1,)), Sentence("应当丙。", (2,)))
    table = Table(("旧版", "新版"), ("第二条",), (((1,), (2,)),))
    answer = Answer("问", "问", Mode.EXTRACT, sentences, (cited(1, "应当乙。"), cited(2, "应当丙。")), 0.9, table=table)
    shown = view(answer)
    assert [block.kind for block in shown.blocks] == ["note"]
    assert shown.grid is not None
    assert shown.grid.labelled
    cells = shown.grid.rows[0].cells
    assert [cell[0].sentences[0].text for cell in cells] == ["应当乙。", "应当丙。"]
    assert len(shown.sources) == 1
    assert [citation.marker for citation in shown.sources[0].citations] == [1, 2]


def test_the_rows_of_a_table_are_shown_as_one_under_its_header() -> None:
    rows = ("类别 | 岗位 | 标准", "甲类 | 馆长 | 500", "副馆长 | 400")
    sentences = (
        Sentence("标准如下：", (1,), Role.LEAD),
        *(Sentence(row, (1,), Role.ITEM) for row in rows),
        Sentence("（一）超出部分自理。", (1,), Role.ITEM),
    )
    made = blocks(sentences, {1: "\n".join(one.text for one in sentences)})
    assert [block.kind for block in made] == ["text", "table", "numbered"]
    assert made[1].cells == [["类别", "岗位", "标准"], ["甲类", "馆长", "500"], ["", "副馆长", "400"]]


@pytest.mark.parametrize(
    ("value", "words"), [(0.99, "较大"), (0.97, "较大"), (0.96, "一般"), (0.6, "一般"), (0.2, "较小")]
)
def test_confidence_is_said_in_words(value: float, words: str) -> None:
    assert words in confidence_in_words(value)


def test_addresses_and_snippets_are_readable() -> None:
    assert address_in_words("第四章/第五十九条/第二款") == "第四章 › 第五十九条 › 第二款"
    assert snippet("甲\n  乙", 10) == "甲 乙"
    assert snippet("长" * 20, 10) == "长" * 9 + "…"


def test_a_copied_answer_carries_its_sources_and_how_it_was_made() -> None:
    answer = Answer(
        "问",
        "问",
        Mode.EXTRACT,
        (Sentence("应当乙。", (1,)),),
        (cited(1, "应当乙。"),),
        0.9,
        notices=(Notice(NoticeCode.OTHER, "旧。"),),
    )
    copied = as_text(answer)
    assert copied.splitlines()[0] == "【注意】旧。"
    assert "应当乙。[1]" in copied
    assert "[1] 《青禾市样本规定》（2020年版，青发〔2020〕1号，现行有效）第一章 第1条" in copied
    assert "原文摘录" in copied


def marked(found: list[object]) -> str:
    return "".join(piece.text for one in found for piece in one.pieces if piece.marked)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "quote", ["应当乙", "应当乙。\n应当丙", "第二条 应当乙。\n应当丙。", "制定本规定。\n第二条 应", TEXT]
)
def test_exactly_the_characters_at_the_offsets_are_marked(quote: str) -> None:
    start = TEXT.index(quote)
    found = paragraphs(TEXT, outline(SourceText(TEXT)), 0, len(TEXT), (start, start + len(quote)))
    assert marked(found) == quote.replace("\n", "")  # type: ignore[arg-type]
    assert "\n".join("".join(piece.text for piece in one.pieces) for one in found) == TEXT
    assert sum(piece.first for one in found for piece in one.pieces) == 1


def test_the_same_words_elsewhere_are_not_marked() -> None:
    text = "第一条 应当甲。\n第二条 应当甲。\n第三条 应当甲。"
    second = text.index("应当甲", 10)
    found = paragraphs(text, outline(SourceText(text)), 0, len(text), (second, second + 3))
    assert [any(piece.marked for piece in one.pieces) for one in found] == [False, True, False]


def test_headings_and_article_numbers_stand_out() -> None:
    found = paragraphs(TEXT, outline(SourceText(TEXT)), 0, len(TEXT), None)
    assert [one.kind for one in found if one.pieces[0].text.startswith("第一章")] == ["heading"]
    labels = [piece.text for one in found for piece in one.pieces if piece.label]
    assert labels == ["第一条", "第二条", "第三条"]


def test_a_quote_without_a_passage_is_shown_in_its_surroundings() -> None:
    start = TEXT.index("应当乙")
    focus, stretch = around([], TEXT, start, start + 3)
    assert TEXT[slice(*focus)] == "第二条 应当乙。"
    assert stretch == (0, len(TEXT))


def test_the_table_of_contents_holds_chapters_with_their_articles() -> None:
    entries = contents(outline(SourceText(TEXT)))
    assert [(entry.text, [child.text for child in entry.children]) for entry in entries] == [
        ("第一章 总则", ["第一条", "第二条"]),
        ("第二章 附则", ["第三条"]),
    ]
