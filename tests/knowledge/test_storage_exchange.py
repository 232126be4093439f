"""Export and import: the curated library as a folder, there and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from small_library import open_library, regulation, write

from knowledge.errors import InvalidCard, ReadingError, StorageError
from knowledge.exchange import CARD_SUFFIX, export, import_folder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Status, Validity


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data")
    for edition in ("2018", "2023"):
        text = regulation("阅览室/期刊室管理办法", ["借书", "还书"], edition=edition)
        made.add([write(tmp_path / edition, "正文.md", text)], publish=True)
    made.add([write(tmp_path, "草稿.md", regulation("书库规定", ["防火"]))])
    made.set_card(1, issuer="某某图书馆", validity="已废止")
    made.set_card(3, title="书库安全规定")
    made.enable_passage(made.passages(made.document(2).version_id)[0].id, False)
    yield made
    made.close()


def facts(library: KnowledgeBase) -> list[tuple[object, ...]]:
    """What a reader or trainer can tell of the documents, ids aside."""

    def of(item: Document) -> tuple[object, ...]:
        enabled = [p.enabled for p in library.passages(item.version_id)]
        return (item.card.title, item.card.edition, item.card.issuer, item.status, item.validity, item.sha256, enabled)

    return [of(item) for item in library.documents()]


def test_an_exported_library_comes_back_as_it_was(library: KnowledgeBase, tmp_path: Path) -> None:
    assert len(export(library, tmp_path / "out")) == 3
    other = open_library(tmp_path / "other")
    assert {added.status for added in import_folder(other, tmp_path / "out")} == {"new"}
    assert facts(other) == facts(library)
    assert other.document(1).validity is Validity.REPEALED
    assert {added.status for added in import_folder(other, tmp_path / "out")} == {"unchanged"}
    assert facts(other) == facts(library)
    other.close()


def test_the_folder_holds_originals_and_readable_cards(library: KnowledgeBase, tmp_path: Path) -> None:
    export(library, tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == 6
    assert f"0001-阅览室_期刊室管理办法(2018){CARD_SUFFIX}" in names
    card = yaml.safe_load((tmp_path / "out" / f"0003-书库安全规定{CARD_SUFFIX}").read_text("utf-8"))
    assert (card["title"], card["status"], card["file_name"]) == ("书库安全规定", "draft", "草稿.md")


def test_only_what_a_trainer_has_put_right_counts_as_his_word(library: KnowledgeBase, tmp_path: Path) -> None:
    export(library, tmp_path / "out")
    other = open_library(tmp_path / "other")
    import_folder(other, tmp_path / "out")
    with other.database.read() as connection:
        overrides = connection.exec_driver_sql("SELECT overrides FROM document ORDER BY id").scalars().all()
    assert [sorted(yaml.safe_load(text)) for text in overrides] == [["issuer", "validity"], [], ["title"]]
    other.close()


def test_cards_edited_in_the_folder_reach_a_library_that_holds_the_files(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    export(library, tmp_path / "out")
    path = tmp_path / "out" / f"0003-书库安全规定{CARD_SUFFIX}"
    path.write_text(path.read_text("utf-8").replace("status: draft", "status: published") + "topic: 安全\n", "utf-8")
    text = path.read_text("utf-8").replace("topic: null\n", "")
    path.write_text(text, "utf-8")
    import_folder(library, tmp_path / "out")
    assert library.document(3).status is Status.PUBLISHED
    assert library.document(3).card.topic == "安全"


def test_a_folder_with_something_in_it_is_not_written_into(library: KnowledgeBase, tmp_path: Path) -> None:
    write(tmp_path / "out", "mine.txt", "x")
    with pytest.raises(StorageError, match="out"):
        export(library, tmp_path / "out")


def test_a_folder_without_cards_is_not_an_export(library: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="2018"):
        import_folder(library, tmp_path / "2018")


@pytest.mark.parametrize(
    ("card", "named"),
    [
        ("title: 甲\n", "file"),
        ("title: 甲\nfile: ../甲.md\n", "file"),
        ("title: 甲\nfile: 甲.md\nstatus: secret\n", "status"),
        ("title: 甲\nfile: 甲.md\nissued_on: 2023-02-30\n", "2023-02-30"),
        ("[1, 2", "YAML"),
    ],
)
def test_a_card_that_cannot_be_is_named_and_nothing_is_taken_in(tmp_path: Path, card: str, named: str) -> None:
    library = open_library(tmp_path / "data")
    write(tmp_path / "in", "甲.md", regulation("书库规定", ["防火"]))
    write(tmp_path / "in", f"甲{CARD_SUFFIX}", card)
    with pytest.raises((InvalidCard, ReadingError), match=named):
        import_folder(library, tmp_path / "in")
    assert library.documents() == []
    library.close()
