"""Structure and identity of the 134 official documents of ../shared; skipped where they are not at hand."""

from __future__ import annotations

import csv
import html
import re
import time
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from knowledge.chunking.chunker import PARAGRAPH_LIMIT, cut
from knowledge.metadata.identity_card import identify
from knowledge.metadata.validity import series_key
from knowledge.model import IdentityCard, SourceText, Span, Sureness
from knowledge.parsing.loaders import READABLE, read
from knowledge.parsing.outline import Outline, outline

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
CORPUS = SHARED / "corpus"
OFFICIAL = CORPUS / "official"

pytestmark = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="../shared/corpus/official is not at hand")

ARTICLES = {
    "party/中国共产党纪律处分条例(1997).md": 172,
    "party/中国共产党纪律处分条例(2015).md": 133,
    "party/中国共产党纪律处分条例(2018).md": 142,
    "party/中国共产党纪律处分条例(2023).md": 158,
    "party/中国共产党章程(2017).md": 55,
    "party/中国共产党章程(2022).md": 55,
    "law/公务员法(2018-12-29).md": 113,
    "law/监察法(2018-03-20).md": 69,
    "law/监察法(2024-12-25).md": 78,
    "law/公职人员政务处分法(2020-06-20).md": 68,
    "law/监察官法(2021-08-20).md": 68,
    "law/中华人民共和国监察法实施条例(2021).md": 287,
    "party/中国共产党党员教育管理工作条例.md": 46,
    "party/干部人事档案工作条例.md": 46,
    "party/党史学习教育工作条例.md": 34,
    "party/党政机关厉行节约反对浪费条例(2025).md": 63,
    "party/中国共产党发展党员工作细则(2026).md": 44,
    "law/信访工作条例(2022-02-25).md": 50,
    "party/中国共产党纪律检查机关监督执纪工作规则.md": 77,
    "party/中国共产党组织处理规定_试行.md": 19,
}

#: PROVENANCE counts distinct numbers in the whole file; this file holds two texts, the main one has 27 articles.
COUNTED_OTHERWISE = {"official/party/被巡视党组织配合中央巡视工作规定.md": 27}

#: Days that PROVENANCE has from elsewhere, or that are days of effect and not of issue: the text does not say them.
NOT_IN_THE_TEXT = {
    "official/party/中国共产党纪律处分条例(1997).md": "the text says 一九九七年二月十七日",
}


@cache
def source(path: str) -> SourceText:
    return read(CORPUS / path)


@cache
def found(path: str) -> Outline:
    return outline(source(path))


@cache
def spans(path: str) -> tuple[Span, ...]:
    return cut(source(path).text, found(path))


@cache
def card(path: str) -> IdentityCard:
    return identify(source(path), Path(path).name, found(path))


@cache
def provenance() -> tuple[dict[str, str], ...]:
    with (CORPUS / "PROVENANCE.tsv").open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t"))


def every_file() -> list[str]:
    if not OFFICIAL.is_dir():
        return []
    return [row["path"] for row in provenance()]


@pytest.mark.parametrize(("path", "articles"), ARTICLES.items())
def test_the_articles_are_counted(path: str, articles: int) -> None:
    assert found(f"official/{path}").articles == articles


def test_all_counts_agree_with_the_provenance_list_but_for_the_file_with_two_texts() -> None:
    different = {
        row["path"]: found(row["path"]).articles
        for row in provenance()
        if (found(row["path"]).articles or 0) != int(row["articles"] or 0)
    }
    assert different == COUNTED_OTHERWISE


def test_two_texts_in_one_file_keep_apart() -> None:
    sections = found("official/party/被巡视党组织配合中央巡视工作规定.md").sections
    second = [s for s in sections if s.level == "条" and s.path.startswith("《")]
    assert len(second) == 42


def test_sections_nest_and_have_one_path_each(subtests: pytest.Subtests) -> None:
    for path in every_file():
        with subtests.test(str(path)):
            sections = found(path).sections
            assert len({s.path for s in sections}) == len(sections)
            for before, after in pairwise(sections):
                assert before.start <= after.start
                if after.depth > before.depth:
                    assert after.depth == before.depth + 1
                    assert after.path.startswith(before.path + "/")
                    assert after.end <= before.end


def test_passages_are_slices_in_order_with_one_address_each(subtests: pytest.Subtests) -> None:
    for path in every_file():
        with subtests.test(str(path)):
            text, position = source(path).text, 0
            assert spans(path)
            for span in spans(path):
                assert position <= span.start < span.end <= len(text)
                assert text[span.start : span.end].strip()
                assert span.end - span.start <= 2 * PARAGRAPH_LIMIT
                position = span.end
            assert len({span.address for span in spans(path)}) == len(spans(path))


def test_every_article_stands_in_passages_of_its_own(subtests: pytest.Subtests) -> None:
    for path in every_file():
        with subtests.test(str(path)):
            for article in (s for s in found(path).sections if s.level == "条"):
                own = [span for span in spans(path) if span.start < article.end and span.end > article.start]
                assert own[0].start == article.start
                assert own[-1].end == article.end
                assert all(re.fullmatch(rf"{re.escape(article.path)}(?:[/·至].*)?", span.address) for span in own)


def test_no_sentence_of_the_body_is_lost(subtests: pytest.Subtests) -> None:
    for path in every_file():
        with subtests.test(str(path)):
            text, body = source(path).text, found(path).body
            kept = "".join(text[span.start : span.end] for span in spans(path))
            lost = [line for line in text[body[0] : body[1]].split("\n") if line.strip() and line.strip() not in kept]
            assert not [line for line in lost if line.endswith("。")]
            assert all(len(line) <= 60 for line in lost)


def test_titles_agree_with_the_provenance_list() -> None:
    for row in provenance():
        own, listed = series_key(card(row["path"]).title), series_key(row["title"])
        assert own.endswith(listed) or listed.endswith(own), row["path"]


def test_document_numbers_agree_with_the_provenance_list_where_the_text_has_them() -> None:
    for row in provenance():
        found_number = card(row["path"]).doc_no
        if row["doc_no"] and row["doc_no"].replace("〔", "").replace("〕", "") in source(row["path"]).text:
            assert found_number == row["doc_no"]


def test_a_sure_day_of_issue_is_the_one_of_the_provenance_list() -> None:
    for row in provenance():
        own = card(row["path"])
        sure = own.issued_on and own.sureness["issued_on"] is Sureness.SURE
        if len(row["date"]) == 10 and sure and row["path"] not in NOT_IN_THE_TEXT:
            assert own.issued_on == date.fromisoformat(row["date"]), row["path"]


def test_statutes_agree_with_the_official_register() -> None:
    with (CORPUS / "known_titles.tsv").open(encoding="utf-8") as lines:
        known = {
            (series_key(row["title"]), row["date"]): row
            for row in csv.DictReader(lines, delimiter="\t")
            if row["issuer"]
        }
    compared = 0
    for row in provenance():
        own = card(row["path"])
        official = known.get((series_key(own.title), str(own.issued_on)))
        if official is None or series_key(own.title) == "宪法":
            continue
        compared += 1
        assert own.issuer == official["issuer"]
        assert str(own.effective_on) == official["effective"]
        assert found(row["path"]).articles == int(official["articles"])
    assert compared >= 20


@pytest.mark.parametrize("suffix", [".txt", ".html", ".docx"])
@pytest.mark.parametrize(
    "path",
    [
        "official/law/公务员法(2018-12-29).md",
        "official/party/中国共产党纪律处分条例(2023).md",
        "official/conduct/中央和国家机关培训费管理办法.md",
    ],
)
def test_the_same_regulation_in_another_format_has_the_same_articles(path: str, suffix: str, tmp_path: Path) -> None:
    if suffix not in READABLE:
        pytest.skip(f"{suffix} cannot be read yet")
    lines = source(path).text.split("\n")
    other = tmp_path / f"副本{suffix}"
    if suffix == ".txt":
        other.write_bytes("\r\n".join(f"　　{line}" for line in lines).encode("gb18030"))
    elif suffix == ".html":
        paragraphs = "".join(f"<p>　　{html.escape(line)}</p>" for line in lines)
        other.write_text(f"<html><meta charset=utf-8><body><div>{paragraphs}</div></body></html>", encoding="utf-8")
    else:
        import docx

        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(str(other))
    copy = read(other)
    copied = outline(copy)
    assert copied.articles == found(path).articles
    assert [(s.path, copy.text[s.start : s.end]) for s in copied.sections if s.level in ("条", "款", "项")] == [
        (s.path, source(path).text[s.start : s.end]) for s in found(path).sections if s.level in ("条", "款", "项")
    ]


def test_the_whole_corpus_is_understood_in_a_few_seconds() -> None:
    texts = [(source(path), Path(path).name) for path in every_file()]
    begun = time.perf_counter()
    for one, name in texts:
        own = outline(one)
        cut(one.text, own)
        identify(one, name, own)
    assert time.perf_counter() - begun < 15
