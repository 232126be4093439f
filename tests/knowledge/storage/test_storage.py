"""What the library promises its readers: at once, all or nothing, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from small_library import HashEncoder, open_library, regulation, write

from knowledge.errors import InvalidCard, NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Edition, Entry, Register
from knowledge.model import Document, Status, Validity
from knowledge.text.tokenizer import tokenize

OLD = regulation("阅览室管理办法", ["借书", "还书"], edition="2018", effective_on="2018-03-01")
NEW = regulation("阅览室管理办法", ["借阅", "还书", "赔偿"], edition="2023", effective_on="2023-05-01")


@pytest.fixture
def library(tmp_path: Path, database_url: str | None) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data", url=database_url)
    yield made
    made.close()


def put(library: KnowledgeBase, folder: Path, name: str, text: str, *, publish: bool = True) -> Document:
    [added] = library.add([write(folder, name, text)], publish=publish)
    assert added.error is None
    assert added.document_id is not None
    return library.document(added.document_id)


def found(library: KnowledgeBase, words: str, *, current_only: bool = False) -> set[int]:
    """Ids of the documents that either index finds."""
    tokens, vector = tokenize(words), library.encoder.embed_query(words)
    hits = library.lexical.search(tokens, 20, current_only=current_only)
    hits += library.dense.search(vector, 20, current_only=current_only)
    return {document.id for _, document in library.get_passages([i for i, _ in hits]).values()}


def test_a_draft_is_listed_but_never_found(library: KnowledgeBase, tmp_path: Path) -> None:
    draft = put(library, tmp_path, "a.md", OLD, publish=False)
    assert draft.status is Status.DRAFT
    assert library.documents() == [draft]
    assert library.published() == ()
    assert found(library, "借书登记") == set()


@pytest.mark.parametrize("act", ["withdraw", "remove"])
def test_withdrawing_and_removing_take_effect_at_once_for_every_reader(
    library: KnowledgeBase, tmp_path: Path, database_url: str | None, act: str
) -> None:
    shown = put(library, tmp_path, "a.md", OLD)
    reader = open_library(tmp_path / "data", url=database_url)
    assert found(reader, "借书登记") == {shown.id}
    getattr(library, act)(shown.id)
    assert found(reader, "借书登记") == set()
    assert reader.published() == ()
    reader.close()


def test_publishing_takes_effect_at_once_for_every_reader(
    library: KnowledgeBase, tmp_path: Path, database_url: str | None
) -> None:
    draft = put(library, tmp_path, "a.md", OLD, publish=False)
    reader = open_library(tmp_path / "data", url=database_url)
    assert found(reader, "借书登记") == set()
    library.publish(draft.id)
    assert found(reader, "借书登记") == {draft.id}
    reader.close()


def test_what_an_old_answer_cited_still_opens_after_removal(
    library: KnowledgeBase, tmp_path: Path, database_url: str | None
) -> None:
    cited = put(library, tmp_path, "a.md", OLD)
    text, sections = library.text(cited.version_id), library.outline(cited.version_id)
    library.remove(cited.id)
    again = open_library(tmp_path / "data", url=database_url)
    assert again.text(cited.version_id) == text
    assert again.outline(cited.version_id) == sections
    assert again.document_of_version(cited.version_id).card.title == "阅览室管理办法"
    with pytest.raises(NotInLibrary):
        again.document(cited.id)
    again.close()


def test_a_removed_file_can_be_added_again(library: KnowledgeBase, tmp_path: Path) -> None:
    first = put(library, tmp_path, "a.md", OLD)
    library.remove(first.id)
    second = put(library, tmp_path, "a.md", OLD)
    assert second.id != first.id
    assert found(library, "借书登记") == {second.id}


@pytest.mark.parametrize("act", ["publish", "withdraw", "remove", "document", "history"])
def test_an_unknown_document_is_named_in_the_error(library: KnowledgeBase, act: str) -> None:
    with pytest.raises(NotInLibrary, match="4711"):
        getattr(library, act)(4711)


def test_the_edition_in_force_is_current_and_the_older_one_revised(library: KnowledgeBase, tmp_path: Path) -> None:
    old = put(library, tmp_path, "old.md", OLD)
    assert old.validity is Validity.IN_FORCE
    new = put(library, tmp_path, "new.md", NEW)
    assert [d.validity for d in library.documents()] == [Validity.REVISED, Validity.IN_FORCE]
    assert found(library, "还书登记", current_only=True) == {new.id}
    assert found(library, "还书登记") == {old.id, new.id}


def test_a_draft_puts_no_published_edition_out_of_date(library: KnowledgeBase, tmp_path: Path) -> None:
    old = put(library, tmp_path, "old.md", OLD)
    draft = put(library, tmp_path, "new.md", NEW, publish=False)
    assert library.document(old.id).validity is Validity.IN_FORCE
    assert draft.validity is Validity.IN_FORCE
    library.publish(draft.id)
    assert library.document(old.id).validity is Validity.REVISED
    library.withdraw(draft.id)
    assert library.document(old.id).validity is Validity.IN_FORCE


def test_a_closing_article_repeals_another_text(library: KnowledgeBase, tmp_path: Path) -> None:
    rules = put(library, tmp_path, "rules.md", regulation("借书证发放规定", ["办证"], effective_on="2015-01-01"))
    closing = "本办法自2023年5月1日起施行。《借书证发放规定》同时废止。"
    repealing = regulation("阅览室管理办法", ["借书", "还书"], effective_on="2023-05-01", closing=closing)
    put(library, tmp_path, "new.md", repealing)
    assert library.document(rules.id).validity is Validity.REPEALED
    assert library.validities_on(date(2020, 1, 1))[rules.id] is Validity.IN_FORCE


def test_validity_is_judged_on_any_day(library: KnowledgeBase, tmp_path: Path) -> None:
    old, new = put(library, tmp_path, "old.md", OLD), put(library, tmp_path, "new.md", NEW)
    assert library.validities_on(date(2020, 1, 1)) == {old.id: Validity.IN_FORCE, new.id: Validity.NOT_YET}
    assert library.validities_on(date(2024, 1, 1))[old.id] is Validity.REVISED


def test_a_new_edition_comes_into_force_overnight(tmp_path: Path, database_url: str | None) -> None:
    day = date(2023, 4, 30)
    library = open_library(tmp_path / "data", url=database_url, today=lambda: day)
    old, new = put(library, tmp_path, "old.md", OLD), put(library, tmp_path, "new.md", NEW)
    assert library.document(new.id).validity is Validity.NOT_YET
    assert found(library, "还书登记", current_only=True) == {old.id}
    day = date(2023, 5, 1)
    assert library.document(new.id).validity is Validity.IN_FORCE
    assert found(library, "还书登记", current_only=True) == {new.id}
    library.close()


def test_the_register_knows_of_an_edition_that_the_library_lacks(tmp_path: Path, database_url: str | None) -> None:
    known = Entry("阅览室管理办法", (), None, "办法", "", (Edition(2018), Edition(2023)), True, None, (), ())
    library = open_library(tmp_path / "data", url=database_url, register=Register([known]))
    assert put(library, tmp_path, "old.md", OLD).validity is Validity.REVISED
    assert put(library, tmp_path, "new.md", NEW).validity is Validity.IN_FORCE
    library.close()


def test_the_register_knows_that_a_text_was_replaced_by_another(tmp_path: Path, database_url: str | None) -> None:
    successor = Entry("阅读服务规定", (), None, "规定", "", (Edition(2024, date(2024, 2, 1)),), True, None, (), ())
    known = Entry("阅览室管理办法", (), None, "办法", "", (Edition(2018),), False, "阅读服务规定", (), ())
    library = open_library(tmp_path / "data", url=database_url, register=Register([known, successor]))
    old = put(library, tmp_path, "old.md", OLD)
    assert old.validity is Validity.REPEALED
    assert library.validities_on(date(2022, 1, 1))[old.id] is Validity.IN_FORCE
    library.close()


def test_a_trainers_corrections_win_and_outlive_a_new_version(library: KnowledgeBase, tmp_path: Path) -> None:
    item = put(library, tmp_path, "a.md", OLD)
    library.set_card(item.id, issuer="某某图书馆", issued_on="2018-02-14", validity="已废止")
    changed = put(library, tmp_path, "a.md", OLD.replace("五个工作日", "三个工作日"))
    assert changed.id == item.id
    assert changed.version_id != item.version_id
    assert changed.card.issuer == "某某图书馆"
    assert changed.card.issued_on == date(2018, 2, 14)
    assert changed.validity is Validity.REPEALED
    assert found(library, "借书登记", current_only=True) == set()
    assert library.set_card(item.id, validity="").validity is Validity.IN_FORCE


def test_a_new_title_is_searched_listed_and_moves_to_its_series(library: KnowledgeBase, tmp_path: Path) -> None:
    item = put(library, tmp_path, "a.md", OLD)
    renamed = library.set_card(item.id, title="期刊室开放规定")
    assert renamed.series == "期刊室开放规定"
    assert found(library, "期刊室开放规定") == {item.id}
    assert library.lexical.search(tokenize("阅览室管理办法的"), 5) != []  # the wording of its articles
    assert library.lexical.search(tokenize("管理办法"), 5) == []
    changed = put(library, tmp_path, "a.md", OLD.replace("五个工作日", "三个工作日"))
    assert changed.card.title == "期刊室开放规定"
    assert library.lexical.search(tokenize("管理办法"), 5) == []


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"issued_on": "2023-02-30"}, "2023-02-30"),
        ({"effective_on": "去年"}, "去年"),
        ({"validity": "大概有效"}, "大概有效"),
        ({"title": "  "}, "标题"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_changes_nothing(
    library: KnowledgeBase, tmp_path: Path, fields: dict[str, str], named: str
) -> None:
    item = put(library, tmp_path, "a.md", OLD)
    with pytest.raises(InvalidCard, match=named):
        library.set_card(item.id, **fields)
    assert library.document(item.id) == item


def test_a_switched_off_passage_is_not_found(library: KnowledgeBase, tmp_path: Path) -> None:
    item = put(library, tmp_path, "a.md", OLD)
    [first, second] = library.passages(item.version_id)
    library.cutting.switch(first.id, False)
    assert list(library.get_passages([first.id, second.id])) == [second.id]
    assert first.id not in dict(library.lexical.search(tokenize("借书"), 5))
    assert [p.enabled for p in library.passages(item.version_id)] == [False, True]
    library.cutting.switch(first.id, True)
    assert first.id in dict(library.lexical.search(tokenize("借书"), 5))


def test_passages_come_back_in_the_order_asked_for(library: KnowledgeBase, tmp_path: Path) -> None:
    item = put(library, tmp_path, "a.md", NEW)
    ids = [p.id for p in library.passages(item.version_id)]
    assert list(library.get_passages([ids[2], 999, ids[0], ids[1]])) == [ids[2], ids[0], ids[1]]


def test_the_documents_of_passages_are_told_only_for_what_readers_may_see(
    library: KnowledgeBase, tmp_path: Path
) -> None:
    ids = [put(library, tmp_path, name, text).id for name, text in (("old.md", OLD), ("new.md", NEW))]
    passages = [passage.id for i in ids for passage in library.passages(library.document(i).version_id)]
    assert set(library.indexes.documents_of(passages).values()) == set(ids)
    library.withdraw(ids[0])
    found = library.indexes.documents_of([*reversed(passages), 0, 10**6])
    assert set(found.values()) == {ids[1]}
    assert list(found) == [i for i in reversed(passages) if i in found]


def test_vectors_and_cosines_are_those_of_the_encoder(library: KnowledgeBase, tmp_path: Path) -> None:
    item = put(library, tmp_path, "a.md", NEW)
    [first, *_] = library.passages(item.version_id)
    vector = library.encoder.embed_query(f"{item.card.title}\n{first.text}")
    assert library.indexes.cosines(vector, [first.id])[first.id] == pytest.approx(1.0, abs=1e-3)
    assert library.indexes.vectors([first.id, 999]).shape == (2, 64)
    assert not library.indexes.vectors([999]).any()


def test_the_generation_changes_with_every_change_and_only_then(library: KnowledgeBase, tmp_path: Path) -> None:
    library.documents()
    before = library.generation
    item = put(library, tmp_path, "a.md", OLD)
    after = library.generation
    assert after > before
    found(library, "借书")
    library.documents()
    assert library.generation == after
    library.withdraw(item.id)
    assert library.generation > after


def test_threads_may_add_and_read_at_the_same_time(library: KnowledgeBase, tmp_path: Path) -> None:
    errors: list[Exception] = []

    def work(number: int) -> None:
        try:
            for turn in range(4):
                put(
                    library,
                    tmp_path / str(number),
                    f"{number}-{turn}.md",
                    regulation(f"第{number}{turn}号规定", ["借书"]),
                )
                found(library, "借书")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(library.documents()) == 16
    assert len(library.lexical.search(tokenize("借书"), 50)) == 16


def test_an_opened_library_needs_no_encoder_to_list_and_look_up(tmp_path: Path, database_url: str | None) -> None:
    library = open_library(tmp_path / "data", url=database_url)
    item = put(library, tmp_path, "a.md", OLD)
    library.close()

    def unavailable() -> HashEncoder:
        raise AssertionError("the encoder was made")

    again = KnowledgeBase.open(tmp_path / "data", unavailable, register=Register([]), url=database_url)
    assert [d.card for d in again.documents()] == [item.card]
    assert again.lexical.search(tokenize("借书"), 5)
    assert again.passages(item.version_id)
    again.close()
