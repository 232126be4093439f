"""From files to documents: what is new, what has changed, what fails, and that nothing else suffers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import HashEncoder, open_library, regulation, write

from knowledge.ingestion.ingest import Added, Step
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Status
from knowledge.text.tokenizer import tokenize

TEXT = regulation("阅览室管理办法", ["借书", "还书"], edition="2018")
CHANGED = TEXT.replace("五个工作日", "三个工作日")


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def library(tmp_path: Path, encoder: HashEncoder) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data", encoder)
    yield made
    made.close()


def outcome(results: list[Added]) -> list[tuple[str, int | None]]:
    return [(added.status, added.document_id) for added in results]


def test_every_passage_is_the_canonical_text_at_its_offsets(library: KnowledgeBase, tmp_path: Path) -> None:
    [added] = library.add([write(tmp_path, "a.md", TEXT)])
    assert (added.status, added.articles, added.passages) == ("new", 2, 2)
    version = library.document(added.document_id or 0).version_id
    text = library.text(version)
    assert [text[p.start : p.end] for p in library.passages(version)] == [p.text for p in library.passages(version)]
    assert [p.address for p in library.passages(version)] == ["第一条", "第二条"]


def test_the_original_is_kept_byte_for_byte(library: KnowledgeBase, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", TEXT)
    library.add([path])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (tmp_path / "data" / "originals" / digest).read_bytes() == path.read_bytes()


def test_the_same_file_twice_changes_nothing(library: KnowledgeBase, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", TEXT)
    [first] = library.add([path])
    before = library.generation
    assert outcome(library.add([path])) == [("unchanged", first.document_id)]
    assert library.generation == before
    assert len(library.history(first.document_id or 0)) == 1


def test_the_same_bytes_under_another_name_are_the_same_document(library: KnowledgeBase, tmp_path: Path) -> None:
    [first] = library.add([write(tmp_path, "a.md", TEXT)])
    assert outcome(library.add([write(tmp_path, "copy.md", TEXT)])) == [("unchanged", first.document_id)]


def test_two_copies_in_one_folder_are_one_document(library: KnowledgeBase, tmp_path: Path) -> None:
    write(tmp_path / "in", "a.md", TEXT)
    write(tmp_path / "in", "b.md", TEXT)
    assert outcome(library.add([tmp_path / "in"])) == [("new", 1), ("unchanged", 1)]


def test_a_changed_file_is_a_new_version_and_the_old_one_stays_in_history(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    [first] = library.add([write(tmp_path, "a.md", TEXT)], publish=True)
    assert first.document_id is not None
    before = library.document(first.document_id)
    assert outcome(library.add([write(tmp_path, "a.md", CHANGED)])) == [("updated", first.document_id)]
    after = library.document(first.document_id)
    assert after.status is Status.PUBLISHED
    assert [version.id for version in library.history(after.id)] == [after.version_id, before.version_id]
    assert "五个工作日" in library.text(before.version_id)
    texts = [p.text for p, _ in library.get_passages(dict(library.lexical.search(tokenize("工作日"), 9))).values()]
    assert len(texts) == 2
    assert all("三个工作日" in text for text in texts)


def test_a_file_changed_back_is_a_version_again(library: KnowledgeBase, tmp_path: Path, encoder: HashEncoder) -> None:
    for text in (TEXT, CHANGED, TEXT):
        [added] = library.add([write(tmp_path, "a.md", text)])
    assert added.status == "updated"
    assert len(library.history(added.document_id or 0)) == 3
    assert encoder.calls == 4  # nothing is embedded twice


def test_a_moved_and_corrected_file_is_found_by_its_name(library: KnowledgeBase, tmp_path: Path) -> None:
    [first] = library.add([write(tmp_path / "one", "a.md", TEXT)])
    assert outcome(library.add([write(tmp_path / "two", "a.md", CHANGED)])) == [("updated", first.document_id)]


def test_a_corrected_copy_under_another_name_is_found_by_series_and_edition(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    [first] = library.add([write(tmp_path, "a.md", TEXT)])
    assert outcome(library.add([write(tmp_path, "办法.md", CHANGED)])) == [("updated", first.document_id)]


def test_another_edition_is_another_document_even_at_the_same_place(library: KnowledgeBase, tmp_path: Path) -> None:
    [first] = library.add([write(tmp_path, "a.md", TEXT)])
    newer = regulation("阅览室管理办法", ["借书", "还书", "赔偿"], edition="2023")
    [second] = library.add([write(tmp_path, "a.md", newer)])
    assert second.status == "new"
    assert library.document(first.document_id or 0).series == library.document(second.document_id or 0).series


def test_another_text_at_the_same_place_is_another_document(library: KnowledgeBase, tmp_path: Path) -> None:
    library.add([write(tmp_path, "新建文档.md", regulation("阅览室管理办法", ["借书", "还书"]))])
    other = "# 关于开展读书月活动的通知\n\n各部门：\n\n定于四月举办读书月活动，请各部门组织参加。\n"
    [second] = library.add([write(tmp_path, "新建文档.md", other)])
    assert second.status == "new"


def test_two_files_of_one_run_never_become_versions_of_each_other(library: KnowledgeBase, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "law", "a.md", TEXT)
    write(folder / "party", "b.md", CHANGED)
    assert [status for status, _ in outcome(library.add([folder]))] == ["new", "new"]
    assert [status for status, _ in outcome(library.add([folder]))] == ["unchanged", "unchanged"]
    write(folder / "party", "b.md", CHANGED.replace("馆长", "馆长办公室"))
    assert outcome(library.add([folder])) == [("unchanged", 1), ("updated", 2)]


def test_adding_again_with_publish_publishes(library: KnowledgeBase, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", TEXT)
    [added] = library.add([path])
    [again] = library.add([path], publish=True)
    assert again.status == "unchanged"
    assert library.document(added.document_id or 0).status is Status.PUBLISHED


def test_a_bad_file_stops_no_other_and_harms_nothing_stored(library: KnowledgeBase, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder, "1.md", TEXT)
    (folder / "2.pdf").write_bytes(b"")
    (folder / "3.docx").write_bytes(b"MZ this is a program")
    write(folder, "4.md", regulation("期刊室开放规定", ["开放时间"]))
    results = library.add([folder])
    assert [added.status for added in results] == ["new", "failed", "failed", "new"]
    assert all(added.error and added.document_id is None for added in results[1:3])
    assert len(library.documents()) == 2


def test_a_document_that_can_no_longer_be_read_keeps_its_stored_version(library: KnowledgeBase, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", TEXT)
    [added] = library.add([path], publish=True)
    path.write_bytes(b"")
    [failed] = library.add([path])
    assert failed.status == "failed"
    assert library.document(added.document_id or 0).passages == 2
    assert library.lexical.search(tokenize("借书"), 5)


@pytest.mark.parametrize("name", ["missing.docx", "nowhere"])
def test_a_missing_path_is_named(library: KnowledgeBase, tmp_path: Path, name: str) -> None:
    [added] = library.add([tmp_path / name])
    assert added.status == "failed"
    assert name in (added.error or "")


def test_a_folder_with_nothing_to_read_is_reported(library: KnowledgeBase, tmp_path: Path) -> None:
    write(tmp_path / "in", "picture.jpg", "x")
    write(tmp_path / "in", "~$a.docx", "x")
    [added] = library.add([tmp_path / "in"])
    assert "没有可以读取的文件" in (added.error or "")


def test_folders_are_read_at_any_depth_without_hidden_and_lock_files(library: KnowledgeBase, tmp_path: Path) -> None:
    write(tmp_path / "in" / "deep" / "er", "a.md", TEXT)
    write(tmp_path / "in" / ".git", "b.md", CHANGED)
    write(tmp_path / "in", ".c.md", CHANGED)
    assert [Path(added.path).name for added in library.add([tmp_path / "in"])] == ["a.md"]


def test_a_file_named_twice_is_taken_once(library: KnowledgeBase, tmp_path: Path) -> None:
    path = write(tmp_path / "in", "a.md", TEXT)
    assert len(library.add([path, tmp_path / "in", path])) == 1


def test_progress_is_told_after_the_commit(library: KnowledgeBase, tmp_path: Path) -> None:
    reader = open_library(tmp_path / "data")
    steps: list[Step] = []

    def on_progress(step: Step) -> None:
        steps.append(step)
        assert step.added.document_id in {document.id for document in reader.documents()}

    for number in range(3):
        write(tmp_path / "in", f"{number}.md", regulation(f"第{number}号规定", ["借书"]))
    library.add([tmp_path / "in"], on_progress=on_progress)
    assert [(step.done, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    reader.close()


def test_a_text_known_from_another_document_is_not_embedded_again(
    library: KnowledgeBase, tmp_path: Path, encoder: HashEncoder
) -> None:
    library.add([write(tmp_path, "a.md", TEXT)])
    assert encoder.calls == 2
    library.add([write(tmp_path, "a.md", TEXT + "\n第三条　附则由馆长解释。\n")])
    assert encoder.calls == 3


def test_another_model_embeds_anew_and_searches_only_its_own_vectors(tmp_path: Path) -> None:
    first = open_library(tmp_path / "data")
    first.add([write(tmp_path, "a.md", TEXT)], publish=True)
    first.close()
    second = open_library(tmp_path / "data", HashEncoder("other", 32))
    query = second.encoder.embed_query("借书登记")
    assert second.dense.search(query, 5) == []
    assert second.indexes.embed_missing() == 2
    assert len(second.dense.search(query, 5)) == 2
    assert second.indexes.embed_missing() == 0
    second.close()
    first = open_library(tmp_path / "data")
    assert len(first.dense.search(first.encoder.embed_query("借书登记"), 5)) == 2
    first.close()


def test_traditional_characters_and_other_digits_find_the_text(library: KnowledgeBase, tmp_path: Path) -> None:
    library.add([write(tmp_path, "a.md", TEXT)], publish=True)
    assert library.lexical.search(tokenize("借書"), 5)
    assert library.lexical.search(tokenize("５个工作日"), 5)


def test_two_processes_that_add_the_same_folder_make_one_of_each_document(tmp_path: Path) -> None:
    for number in range(12):
        write(tmp_path / "in", f"{number}.md", regulation(f"第{number}号规定", ["借书", "还书"]))
    libraries = [open_library(tmp_path / "data") for _ in range(2)]
    results: list[list[Added]] = [[], []]

    def work(place: int) -> None:
        results[place] = libraries[place].add([tmp_path / "in"])

    threads = [threading.Thread(target=work, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(libraries[0].documents()) == 12
    assert all(len(libraries[0].history(document.id)) == 1 for document in libraries[0].documents())
    assert sorted(added.status for result in results for added in result) == ["new"] * 12 + ["unchanged"] * 12
    for library in libraries:
        library.close()
