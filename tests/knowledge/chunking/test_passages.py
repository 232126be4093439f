"""Passages of made-up documents in official style."""

from __future__ import annotations

from knowledge.chunking.chunker import ARTICLE_LIMIT, PARAGRAPH_LIMIT, cut
from knowledge.model import SourceText, Span
from knowledge.parsing.outline import outline

LONG = "图书室应当按照规定做好图书的采购、编目、上架、借阅、归还、修补、清点、剔旧和统计工作，"


def passages(text: str) -> tuple[str, tuple[Span, ...]]:
    source = SourceText(text.strip())
    spans = cut(source.text, outline(source))
    check(source.text, spans)
    return source.text, spans


def check(text: str, spans: tuple[Span, ...]) -> None:
    """What holds for every text: order, no overlap, nothing blank, unique addresses."""
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        assert span.address
        position = span.end
    assert len({span.address for span in spans}) == len(spans)


def by_address(text: str, spans: tuple[Span, ...]) -> dict[str, str]:
    return {span.address: text[span.start : span.end] for span in spans}


def test_an_article_is_one_passage_with_its_chapter_as_context() -> None:
    text, spans = passages(
        "某条例\n第一章　总则\n第一条　短。\n第二条　也短。\n（一）甲；\n（二）乙。\n第二章　附则\n第三条　施行。"
    )
    assert [span.address for span in spans] == ["第一章/第一条", "第一章/第二条", "第二章/第三条"]
    assert by_address(text, spans)["第一章/第二条"] == "第二条　也短。\n（一）甲；\n（二）乙。"
    assert spans[0].context == "第一章 总则"


def test_short_articles_never_join() -> None:
    _, spans = passages("某条例\n" + "\n".join(f"第{n}条　短。" for n in "一二三四五六"))
    assert len(spans) == 6


def test_a_long_article_is_split_at_its_clauses() -> None:
    clause = LONG * 6 + "不得遗漏。"
    text, spans = passages(f"某条例\n第一条　目的。\n第二条　{clause}\n{clause}\n{clause}\n第三条　施行。")
    assert [span.address for span in spans] == ["第一条", "第二条/第一款", "第二条/第二款", "第二条/第三款", "第三条"]
    assert by_address(text, spans)["第二条/第二款"] == clause
    assert spans[2].context.startswith("第二条　图书室应当")


def test_a_long_list_is_split_into_groups_of_items_with_the_lead_in_as_context() -> None:
    items = "\n".join(f"（{n}）{LONG}并且记录在册；" for n in "一二三四五六七八九十")
    text, spans = passages(f"某条例\n第一条　图书室应当做好下列工作：\n{items}\n第二条　施行。")
    first, second = spans[0], spans[1]
    assert first.address.startswith("第一条/（一）至（")
    assert text[first.start : first.end].startswith("第一条　图书室应当做好下列工作：\n（一）")
    assert second.context == "第一条　图书室应当做好下列工作："
    assert all(span.end - span.start <= ARTICLE_LIMIT for span in spans)
    article = [span for span in spans if span.address.startswith("第一条")]
    assert "".join(text[s.start : s.end] for s in article).replace("\n", "") == text[
        first.start : article[-1].end
    ].replace("\n", "")


def test_a_notice_is_cut_at_its_lowest_headings() -> None:
    body = LONG * 4 + "务求实效。"
    text, spans = passages(
        f"关于借书的通知\n现通知如下。\n一、任务\n（一）采购\n{body}\n（二）借阅\n{body}\n二、要求\n{body}"
    )
    assert [span.address for span in spans] == ["引言", "一/（一）", "一/（二）", "二"]
    assert by_address(text, spans)["一/（一）"] == f"（一）采购\n{body}"
    assert spans[1].context == "一、任务"


def test_short_neighbours_join_inside_one_section_only() -> None:
    text, spans = passages("某清单\n一、借书\n1.登记。\n2.爱护。\n3.归还。\n二、还书\n4.清点。\n5.上架。")
    assert by_address(text, spans) == {"一/1至3": "1.登记。\n2.爱护。\n3.归还。", "二/4至5": "4.清点。\n5.上架。"}


def test_top_level_sections_never_join() -> None:
    _, spans = passages("八条规定\n一、要看书。\n二、要写字。\n三、要走路。")
    assert [span.address for span in spans] == ["一", "二", "三"]


def test_a_very_long_paragraph_is_split_at_sentence_ends() -> None:
    sentence = LONG * 2 + "不得遗漏。"
    text, spans = passages("在大会上的讲话\n" + "一、任务\n" + sentence * 12)
    assert len(spans) > 1
    assert all(span.end - span.start <= PARAGRAPH_LIMIT for span in spans)
    assert all(text[span.end - 1] == "。" for span in spans)
    assert spans[0].address == "一·1"
    assert spans[1].context == "一、任务"


def test_plain_paragraphs_are_counted() -> None:
    paragraph = LONG * 4 + "。"
    _, spans = passages("\n".join([paragraph] * 3))
    assert [span.address for span in spans] == ["第1段", "第2段", "第3段"]


def test_short_plain_paragraphs_join() -> None:
    _, spans = passages("今天读书。\n明天写字。\n后天走路。")
    assert [span.address for span in spans] == ["第1段至第3段"]


def test_one_short_paragraph_is_one_passage() -> None:
    text, spans = passages("图书馆是收藏图书供人阅读的地方。")
    assert by_address(text, spans) == {"第1段": "图书馆是收藏图书供人阅读的地方。"}


def test_text_without_a_sentence_end_is_still_cut() -> None:
    _, spans = passages("书名、" * 900)
    assert all(span.end - span.start <= 2 * PARAGRAPH_LIMIT for span in spans)


def test_publication_line_and_signature_are_passages_because_they_carry_dates() -> None:
    text, spans = passages("某条例\n（2020年5月6日某市委员会发布）\n第一条　目的。\n第二条　施行。")
    assert by_address(text, spans)["题注"] == "某条例\n（2020年5月6日某市委员会发布）"
    text, spans = passages("关于读书的通知\n一、要读书。\n二、要写字。\n某局\n2020年5月6日")
    assert by_address(text, spans)["落款"] == "某局\n2020年5月6日"


def test_nothing_of_the_body_is_lost_but_headings() -> None:
    source = SourceText(
        "某条例\n第一章　总则\n第一条　甲。\n乙。\n（一）丙；\n丁。\n第二章　附则\n第二条　戊。\n附则的说明\n"
        + LONG * 3
        + "到此为止。"
    )
    spans = cut(source.text, outline(source))
    check(source.text, spans)
    kept = "".join(source.text[s.start : s.end] for s in spans)
    for line in source.text.split("\n"):
        assert line in kept or line in ("某条例", "第一章　总则", "第二章　附则")


def test_an_empty_text_has_no_passages() -> None:
    assert passages("") == ("", ())
