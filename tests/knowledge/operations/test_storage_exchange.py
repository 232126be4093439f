"""Export and import: the curated library as a folder, there and back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from small_library import open_library, regulation, write

from knowledge.errors import InvalidCard, ReadingError, StorageError
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Status, Validity
from knowledge.operations.card_file import CARD_SUFFIX
from knowledge.operations.exchange import Carried, Part, export, import_folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data")
    for edition in ("2018", "2023"):
        text = regulation("阅览室/期刊室管理办法", ["借书", "还书"], edition=edition)
        made.add([write(tmp_path / edition, "正文.md", text)], publish=True)
    made.add([write(tmp_path, "草稿.md", regulation("书库规定", ["防火"]))])
    made.set_card(1, issuer="某某图书馆", validity="已废止")
    made.set_card(3, title="书库安全规定")
    made.cutting.switch(made.passages(made.document(2).version_id)[0].id, False)
    changed = regulation("阅览室/期刊室管理办法", ["借书", "还书", "赔偿", "装订"], edition="2023")
    made.add([write(tmp_path / "2023", "正文.md", changed)])
    made.cutting.merge(made.passages(made.document(2).version_id)[2].id)
    made.set_card(2, edition="2023")  # confirmed, though the parser says the same
    made.add([write(tmp_path, "须知.md", regulation("阅览须知", ["安静"], edition="2020"))], publish=True)
    made.set_card(4, series="阅览室/期刊室管理办法", topic=None)
    made.withdraw(4)
    with made.change() as changing:  # long ago, so that the times of an import are not the same by chance
        changing.connection.exec_driver_sql("UPDATE document SET added_at = '2024-05-06 07:08:09.000000'")
        changing.connection.exec_driver_sql(
            "UPDATE version SET created_at = datetime('2024-05-06', id || ' days') || '.000000'"
        )
    yield made
    made.close()


def facts(library: KnowledgeBase) -> list[tuple[object, ...]]:
    """Everything that the library knows of its documents, ids and vectors aside."""

    def of(item: Document) -> tuple[object, ...]:
        history = library.history(item.id)
        files = [(one.sha256, one.file_name, one.source, one.created_at, library.text(one.id)) for one in history]
        passages = [
            (p.address, p.context, p.text, p.start, p.end, p.enabled) for p in library.passages(item.version_id)
        ]
        edits = [(e.kind, e.address, e.before, e.after) for e in library.cutting.changes(item.id).edits]
        plain = (item.card, item.status, item.validity, item.series, item.articles, item.passages, item.added_at)
        return (*plain, library.origin(item.id), library.outline(item.version_id), files, passages, edits)

    return [of(item) for item in library.documents()]


def test_an_exported_library_comes_back_as_it_was(library: KnowledgeBase, tmp_path: Path) -> None:
    assert len(export(library, tmp_path / "out")) == 4
    other = open_library(tmp_path / "other")
    assert {added.status for added in import_folder(other, tmp_path / "out")} == {"new"}
    for there, here in zip(facts(library), facts(other), strict=True):
        assert without_recut(there) == without_recut(here)
    assert other.document(1).validity is Validity.REPEALED
    before = facts(other)
    assert {added.status for added in import_folder(other, tmp_path / "out")} == {"unchanged"}
    assert facts(other) == before
    export(other, tmp_path / "again")
    for path in sorted((tmp_path / "out").rglob("*")):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(tmp_path / "out")).read_bytes() == path.read_bytes(), path
    other.close()


def cut_off(data: Path, folder: Path, commit: int) -> bool:
    """Import in a process of its own that ends before its commit of that number; whether it came so far."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            other = open_library(data)
            commits = count()
            sa.event.listen(sa.Engine, "commit", lambda _: os._exit(9) if next(commits) == commit else None)
            import_folder(other, folder)
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9), "the import failed by itself"
    return code == 9


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_an_import_that_was_cut_off_at_any_commit_is_completed_by_the_next(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    export(library, tmp_path / "out")
    wanted = [without_recut(fact) for fact in facts(library)]
    for commit in count():
        if not cut_off(tmp_path / str(commit), tmp_path / "out", commit):
            break
        other = open_library(tmp_path / str(commit))
        assert not [item for item in other.published() if item.card.edition == "2023" and item.articles == 2]
        results = import_folder(other, tmp_path / "out")
        assert [added.error for added in results if added.error] == []
        assert [without_recut(fact) for fact in facts(other)] == wanted, f"cut off before commit {commit}"
        other.close()
    print(f"cut off before each of {commit} commits")
    assert commit > 8, "too few commits to prove anything"


def without_recut(fact: tuple[object, ...]) -> tuple[object, ...]:
    """Versions that are one file cut anew count once, with the time at which the file came."""
    *rest, files, passages, edits = fact
    kept: list[tuple[object, ...]] = []
    for one in files:  # type: ignore[attr-defined]
        if kept and kept[-1][0] == one[0]:
            kept.pop()
        kept.append(one)
    return (*rest, kept, passages, edits)


def test_what_other_stores_keep_goes_along(library: KnowledgeBase, tmp_path: Path) -> None:
    (library.data / "lexicon.yaml").write_text("# 本校\n简称:\n  管理办法: 阅览室/期刊室管理办法\n", "utf-8")
    kept: list[object] = []
    part = Part("remarks", lambda: [{"document": 2, "words": "每年核对：一次"}], lambda *given: kept.extend(given))
    export(library, tmp_path / "out", carried=Carried(("lexicon.yaml", "none.yaml"), (part,)))
    other = open_library(tmp_path / "other")
    (other.data / "lexicon.yaml").write_text("# 别处\n", "utf-8")
    results = import_folder(other, tmp_path / "out", carried=Carried(("lexicon.yaml", "none.yaml"), (part,)))
    assert kept[0] == [{"document": "2", "words": "每年核对：一次"}]
    assert kept[1] == {number: results[number - 1].document_id for number in (1, 2, 3, 4)}
    assert (other.data / "lexicon.yaml").read_bytes() == (library.data / "lexicon.yaml").read_bytes()
    assert (other.data / "lexicon.yaml.bak").read_text("utf-8") == "# 别处\n"
    other.close()


def test_the_folder_holds_originals_and_readable_cards(library: KnowledgeBase, tmp_path: Path) -> None:
    export(library, tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == 9  # with the folder of older versions
    assert f"0001-阅览室_期刊室管理办法(2018){CARD_SUFFIX}" in names
    card = yaml.safe_load((tmp_path / "out" / f"0003-书库安全规定{CARD_SUFFIX}").read_text("utf-8"))
    assert (card["title"], card["status"], card["file_name"]) == ("书库安全规定", "draft", "草稿.md")


def test_only_what_a_trainer_has_put_right_counts_as_his_word(library: KnowledgeBase, tmp_path: Path) -> None:
    export(library, tmp_path / "out")
    other = open_library(tmp_path / "other")
    import_folder(other, tmp_path / "out")
    with other.database.read() as connection:
        overrides = connection.exec_driver_sql("SELECT overrides FROM document ORDER BY id").scalars().all()
    assert [sorted(yaml.safe_load(text)) for text in overrides] == [
        ["issuer", "validity"],
        ["edition"],
        ["title"],
        ["series", "topic"],
    ]
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


def test_an_older_export_of_a_document_with_versions_brings_its_newest_one(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    export(library, tmp_path / "out")
    [exported] = [item for item in library.published() if item.card.edition == "2023"]
    later = regulation("阅览室/期刊室管理办法", ["借书", "还书", "赔偿", "装订", "清点"], edition="2023")
    library.add([write(tmp_path / "2023", "正文.md", later)])
    [added] = [one for one in import_folder(library, tmp_path / "out") if one.document_id == exported.id]
    assert library.document(exported.id).sha256 == exported.sha256
    assert (added.status, added.error) == ("updated", None)


def test_a_document_of_which_a_later_version_is_missing_is_told_and_not_shown(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    export(library, tmp_path / "out")
    [newest] = (tmp_path / "out").glob("*2023).md")
    kept = newest.read_bytes()
    newest.unlink()
    other = open_library(tmp_path / "other")
    assert [added.error for added in import_folder(other, tmp_path / "out") if added.error] != []
    assert "2023" not in {item.card.edition for item in other.published()}
    newest.write_bytes(kept)
    import_folder(other, tmp_path / "out")
    assert [without_recut(fact) for fact in facts(other)] == [without_recut(fact) for fact in facts(library)]
    other.close()


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
        ("title: 甲\nfile: 甲.md\ncut:\n- kind: other\n  address: 甲\n  before: 乙\n", "cut"),
        (
            "title: 甲\nfile: 甲.md\nolder:\n- file: ../../甲.md\n  file_name: 甲\n  source: 甲\n  stored_at: '2024-01-01'\n",
            "older",
        ),
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
