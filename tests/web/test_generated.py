"""How an answer written by a model is shown: labelled, its doubtful sentences marked, its markup harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from assistant.conversations import Turn, TurnState
from assistant.model import Answer, Citation, CitedDocument, Mode, Sentence
from assistant.web.pages import Pages
from assistant.web.presenting import as_text, view
from knowledge.model import Validity

DOCUMENT = CitedDocument(1, "青禾市样本规定", None, None, "2020", Validity.IN_FORCE)
QUOTES = ("第一条　应当甲。", "第二条　应当乙。")
ANSWER = Answer(
    question="应当做什么",
    standalone="应当做什么",
    mode=Mode.GENERATE,
    sentences=(
        Sentence("应当甲。", (1,)),
        Sentence("也应当乙。", (2,)),
        Sentence("<script>window.pwned=1</script>还应当丙。", (), supported=False),
    ),
    citations=tuple(Citation(n, DOCUMENT, 1, n, f"第{n}条", quote, 0, len(quote)) for n, quote in enumerate(QUOTES, 1)),
    confidence=0.9,
)


def test_written_sentences_make_one_paragraph_though_their_sources_differ() -> None:
    [block] = view(ANSWER).blocks
    assert [shown.markers for shown in block.sentences] == [(1,), (2,), ()]


def test_the_page_labels_the_answer_and_marks_what_has_no_grounds() -> None:
    html = _html(ANSWER)
    assert "AI生成" in html
    assert html.count("未在来源中找到依据") == 1
    assert html.index("还应当丙") < html.index("未在来源中找到依据")


def test_markup_of_a_model_is_shown_as_text() -> None:
    html = _html(ANSWER)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_copy_carries_the_label_and_the_mark() -> None:
    text = as_text(ANSWER)
    assert "AI生成" in text
    assert "还应当丙。（未在来源中找到依据）" in text


def test_an_extract_bears_neither() -> None:
    html = _html(replace(ANSWER, mode=Mode.EXTRACT, sentences=ANSWER.sentences[:2]))
    assert "AI生成" not in html
    assert "未在来源中找到依据" not in html


def _html(answer: Answer) -> str:
    turn = Turn("t", "c", 1, answer.question, None, TurnState.DONE, answer, None, datetime(2026, 1, 1))
    return Pages().render("_answer.html", turn=turn, answer=answer, live=False)
