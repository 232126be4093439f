"""The starter library: every guide is complete, short, and true to the articles it names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from guide_checker import THEMES, check, longest_copies
from guide_texts import Guide, Official, official, read_guide, read_officials

LIBRARY = Path(__file__).resolve().parents[3] / "knowledge" / "library"
CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus"
PATHS = sorted(LIBRARY.glob("*.md"))
TOPICS = {*THEMES, "纪律", "公务员", "监督", "信访", "保密", "节约", "学习方法", "依法行政", "党章宪法"}
needs_corpus = pytest.mark.skipif(not (CORPUS / "official").is_dir(), reason="../shared is not here")


@pytest.fixture(scope="module")
def officials() -> list[Official]:
    return read_officials(CORPUS / "official", (CORPUS / "PROVENANCE.tsv").read_text(encoding="utf-8"))


def test_the_starter_library_has_at_least_36_guides() -> None:
    assert len(PATHS) >= 36


def test_guide_numbers_and_titles_are_unique() -> None:
    assert len({p.name[:2] for p in PATHS}) == len(PATHS)
    assert len({read_guide(p).title for p in PATHS}) == len(PATHS)


def test_every_topic_has_a_guide() -> None:
    assert {read_guide(p).topic for p in PATHS} == TOPICS


def test_a_guide_is_complete_and_of_readable_length(subtests: pytest.Subtests) -> None:
    for path in PATHS:
        with subtests.test(str(path)):
            guide = read_guide(path)
            assert path.name[:2].isdigit()
            assert path.name[2] == "-"
            assert guide.kind == "学习导读"
            assert guide.title.endswith("（学习导读）")
            assert guide.topic in TOPICS
            assert guide.written_on <= date.today()
            assert guide.body.lstrip().startswith(f"# {guide.title}\n")
            assert "\n## " in guide.body
            assert 600 <= guide.characters <= 1800, guide.characters
            assert guide.sources
            for source in guide.sources:
                assert source.articles or source.sections, f"《{source.document}》 names no article"


@needs_corpus
def test_every_statement_of_a_guide_stands_in_the_articles_it_names(officials: list[Official]) -> None:
    others = (CORPUS.parent / "README.md").read_text(encoding="utf-8")  # names what the corpus lacks
    findings = [f"{path.name}: {one}" for path in PATHS for one in check(read_guide(path), officials, others)]
    assert not findings, "\n" + "\n".join(findings)


@needs_corpus
def test_no_guide_copies_a_sentence(officials: list[Official]) -> None:
    assert longest_copies([read_guide(p) for p in PATHS], officials) == {}


# ------------------------------------------------------------------ the checker itself, on a made-up regulation

RULES = """# 示范区图书借阅管理办法

（2021年3月4日示范区管理委员会通过）

第一章 总则

第一条 为了方便居民读书，规范图书借阅，制定本办法。

第二条 居民凭借书证借阅图书，每次可以借三册，借期不超过三十日。

借期届满需要续借的，应当在到期前五个工作日内提出申请，续借不得少于七日。

第二章 管理

第三条 损坏图书的，按照下列方式处理：

（一）轻微污损的，口头提醒；

（二）缺页的，照价赔偿；

（三）丢失的，照价二倍赔偿。

第四条 管理员应当爱护“红色书架”，每月清点一次。

第五条 本办法自2021年5月1日起施行。
"""


def findings(tmp_path: Path, text: str, articles: list[int]) -> list[str]:
    path = tmp_path / "01-借阅.md"
    path.write_text(
        "---\ntitle: 借阅（学习导读）\nkind: 学习导读\ntopic: 学习方法\nsources:\n"
        f"  - document: 示范区图书借阅管理办法\n    articles: {articles}\nwritten_on: 2026-11-22\n---\n{text}\n",
        encoding="utf-8",
    )
    return check(read_guide(path), [official("示范区图书借阅管理办法", RULES)])


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("按《图书借阅管理办法》第二条，一次能借的书有借期，最多30日。", [2]),
        ("《图书借阅管理办法》第二条第二款要求到期前5个工作日内办续借。", [2]),
        ("《图书借阅管理办法》第三条列出3种处理方式，丢失的第（三）项要求二倍赔偿。", [3]),
        ("《图书借阅管理办法》2021年3月4日通过，共五条、两章；第五条写明2021年5月1日起施行。", [5]),
        ("《图书借阅管理办法》第四条说到“红色书架”。", [4]),
        ("续借看《图书借阅管理办法》第二条：\n\n- 时间：到期前五个工作日内；\n- 长短：不少于7日。", [2]),
    ],
)
def test_the_checker_accepts_what_is_true(tmp_path: Path, text: str, articles: list[int]) -> None:
    assert findings(tmp_path, text, articles) == []


@pytest.mark.parametrize(
    ("text", "articles", "expected"),
    [
        ("按《图书借阅管理办法》第二条，借期最多四十日。", [2], "四十日"),
        ("按《图书借阅管理办法》第二条，续借不超过七日。", [2], "七日"),
        ("按《图书借阅管理办法》第二条，到期前五日内办续借。", [2], "五日"),
        ("按《图书借阅管理办法》第九条，借期最多三十日。", [], "第九条"),
        ("按《图书借阅管理办法》第三条第二款，缺页照价赔偿。", [3], "款"),
        ("按《图书借阅管理办法》第三条第（四）项，缺页照价赔偿。", [3], "项"),
        ("《图书借阅管理办法》第三条列出五种处理方式。", [3], "五种"),
        ("《图书借阅管理办法》2021年3月5日通过，第五条写明施行日期。", [5], "2021-3-5"),
        ("《图书借阅管理办法》共六条，第一条是目的。", [1], "六条"),
        ("《图书借阅管理办法》第四条说到“蓝色书架”。", [4], "蓝色书架"),
        ("《图书借阅管理办法》第三章的第四条管清点。", [4], "第三章"),
        ("《图书借阅管理办法》第二条管借期。", [2, 3], "lists"),
        ("《图书借阅管理办法》第二条管借期，第三条管损坏。", [2], "omits"),
        ("《读者权益办法》第二条也管借期。", [], "front matter"),
        ("《图书借阅管理办法》（2019年）第二条管借期。", [2], "edition"),
        ("图书损坏的赔偿方式：口头提醒、照价赔偿（《图书借阅管理办法》第四条）。", [4], "other articles"),
        ("丢失的照价二倍赔偿（《图书借阅管理办法》第三条第一项）。", [3], "nearest 项"),
        ("续借看《图书借阅管理办法》第二条：\n\n- 时间：到期前六个工作日内。", [2], "六个工作日"),
    ],
)
def test_the_checker_finds_what_is_false(tmp_path: Path, text: str, articles: list[int], expected: str) -> None:
    assert any(expected in finding for finding in findings(tmp_path, text, articles))


def test_the_checker_finds_a_copied_sentence_whatever_its_punctuation(tmp_path: Path) -> None:
    copied = "借期届满，需要续借的应当在到期前五个工作日内提出申请续借不得少于七日"
    guide = Guide(tmp_path / "01-x.md", "x", "学习导读", "学习方法", (), date(2026, 11, 22), f"摘要：{copied}。")
    assert longest_copies([guide], [official("示范区图书借阅管理办法", RULES)])
