"""`kb check` finds what is wrong and `--repair` makes again what can be made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import HashEncoder, open_library, regulation, write

from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.check import Finding, check
from knowledge.text.tokenizer import tokenize


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data")
    for edition in ("2018", "2023"):
        text = regulation("阅览室管理办法", ["借书", "还书"], edition=edition)
        made.add([write(tmp_path, f"{edition}.md", text)], publish=True)
    yield made
    made.close()


def wrong(findings: list[Finding]) -> list[str]:
    return [finding.what for finding in findings if not finding.well]


def test_a_sound_library_has_no_findings(library: KnowledgeBase) -> None:
    assert [finding for finding in check(library) if finding.wrong] == []


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("INSERT INTO passage_fts (passage_fts) VALUES ('delete-all')", "全文索引"),
        ("UPDATE meta SET value = 'other' WHERE key = 'tokens'", "全文索引"),
        ("DELETE FROM vector WHERE id = 1", "向量"),
        ("UPDATE passage SET visible = 0, changed = changed + 1 WHERE id = 3", "时效与可见范围"),
        ("UPDATE document SET validity = '现行有效'", "时效与可见范围"),
    ],
)
def test_what_is_derived_is_made_again(library: KnowledgeBase, tmp_path: Path, damage: str, what: str) -> None:
    with library.database.write() as connection:
        connection.exec_driver_sql(damage)
    assert wrong(check(library)) == [what]
    assert wrong(check(library, repair=True)) == []
    assert [finding for finding in check(library) if finding.wrong] == []
    again = open_library(tmp_path / "data")
    assert len(again.lexical.search(tokenize("借书"), 9)) == 2
    assert len(again.dense.search(again.encoder.embed_query("借书"), 9)) == 4
    assert len(again.dense.search(again.encoder.embed_query("借书"), 9, current_only=True)) == 2
    again.close()


def test_another_model_is_reported_and_embedded_on_repair(library: KnowledgeBase, tmp_path: Path) -> None:
    other = open_library(tmp_path / "data", HashEncoder("other", 16))
    assert wrong(check(other)) == ["向量"]
    assert wrong(check(other, repair=True)) == []
    assert len(other.dense.search(other.encoder.embed_query("借书"), 9)) == 4
    other.close()


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_lost_original_is_reported_and_comes_back_with_the_file(
    library: KnowledgeBase, tmp_path: Path, damage: str
) -> None:
    [document, _] = library.documents()
    original = library.data / "originals" / document.sha256
    if damage == "missing":
        original.unlink()
    else:
        original.write_text("something else")
    assert wrong(check(library, repair=True)) == ["原件"]
    library.add([tmp_path / "2018.md"])
    assert wrong(check(library)) == []


def test_a_passage_that_is_not_the_text_is_reported(library: KnowledgeBase) -> None:
    with library.database.write() as connection:
        connection.exec_driver_sql("UPDATE passage SET text = text || '！' WHERE id = 1")
    assert "条文片段与原文" in wrong(check(library, repair=True))


def test_steps_are_told(library: KnowledgeBase) -> None:
    steps: list[tuple[int, int, str]] = []
    findings = check(library, on_step=lambda done, total, what: steps.append((done, total, what)))
    assert [what for _, _, what in steps] == [finding.what for finding in findings]
