"""What trainers change of the cut of a document, and that it finds its place again whatever happens to the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_library import open_library, write

from knowledge.chunking.edits import EditKind
from knowledge.errors import InvalidCut, NotInLibrary
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Passage
from knowledge.operations.check import check
from knowledge.text.tokenizer import tokenize

TEXT = """# 阅览室管理办法

第一条　借书应当登记，登记内容包括姓名、单位和日期。

第二条　借书期限为三十日。期满可以续借一次，续借期限为十五日。

逾期不还的，由阅览室催还，并在当年内停止其借书。

第三条　还书应当当面清点。

第四条　本办法由馆长解释。
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[KnowledgeBase]:
    made = open_library(tmp_path / "data")
    made.add([write(tmp_path, "a.md", TEXT)], publish=True)
    yield made
    made.close()


def passages(library: KnowledgeBase) -> list[Passage]:
    return library.passages(library.document(1).version_id)


def cut(library: KnowledgeBase) -> list[tuple[str, str]]:
    """Address and first words of every passage that can be found."""
    return [(p.address, p.text[:6]) for p in passages(library) if p.enabled]


def at(library: KnowledgeBase, address: str) -> Passage:
    return next(p for p in passages(library) if p.address == address)


def found(library: KnowledgeBase, words: str) -> list[str]:
    hits = library.get_passages(dict(library.lexical.search(tokenize(words), 9)))
    return [p.address for p, _ in hits.values()]


def assert_whole(library: KnowledgeBase) -> None:
    text = library.text(library.document(1).version_id)
    assert all(text[p.start : p.end] == p.text for p in passages(library))
    assert [finding for finding in check(library) if finding.wrong] == []


def test_a_passage_is_split_where_the_trainer_says(library: KnowledgeBase) -> None:
    one = at(library, "第二条")
    library.cutting.split(one.id, one.text.index("逾期"))
    assert cut(library)[1:3] == [("第二条/第一款", "第二条　借书"), ("第二条/第二款", "逾期不还的，")]
    assert found(library, "停止其借书")[0] == "第二条/第二款"
    assert_whole(library)


def test_a_split_inside_a_paragraph_gives_numbered_parts(library: KnowledgeBase) -> None:
    one = at(library, "第二条")
    library.cutting.split(one.id, one.text.index("期满"))
    assert [address for address, _ in cut(library)][1:3] == ["第二条", "第二条〔2〕"]
    assert_whole(library)


def test_two_passages_are_merged(library: KnowledgeBase) -> None:
    library.cutting.merge(at(library, "第三条").id)
    assert [address for address, _ in cut(library)] == ["第一条", "第二条", "第三条至第四条"]
    assert "馆长解释" in at(library, "第三条至第四条").text
    assert_whole(library)


def test_merging_what_was_split_takes_the_split_back(library: KnowledgeBase) -> None:
    before = cut(library)
    one = at(library, "第二条")
    library.cutting.split(one.id, one.text.index("逾期"))
    library.cutting.merge(at(library, "第二条/第一款").id)
    assert cut(library) == before
    assert library.cutting.changes(1).edits == ()


def test_a_change_can_be_taken_back(library: KnowledgeBase) -> None:
    before = cut(library)
    library.cutting.merge(at(library, "第一条").id)
    [edit] = library.cutting.changes(1).edits
    library.cutting.forget(1, edit.id)
    assert cut(library) == before
    with pytest.raises(NotInLibrary):
        library.cutting.forget(1, edit.id)


def test_changes_of_the_cut_survive_a_corrected_file(library: KnowledgeBase, tmp_path: Path) -> None:
    one = at(library, "第二条")
    library.cutting.split(one.id, one.text.index("逾期"))
    library.cutting.merge(at(library, "第三条").id)
    library.cutting.switch(at(library, "第一条").id, False)
    wanted = cut(library)
    corrected = TEXT.replace("三十日", "二十日").replace("第一条　借书应当", "第一条　借书的应当")
    [added] = library.add([write(tmp_path, "a.md", corrected)])
    assert added.status == "updated"
    assert cut(library) == wanted
    assert not at(library, "第一条").enabled
    assert found(library, "登记内容包括姓名") == []
    assert library.cutting.changes(1).unplaced == ()
    assert_whole(library)


def test_changes_follow_the_wording_when_articles_are_renumbered(library: KnowledgeBase, tmp_path: Path) -> None:
    one = at(library, "第二条")
    library.cutting.split(one.id, one.text.index("逾期"))
    renumbered = TEXT.replace("第四条", "第五条").replace("第三条", "第四条").replace("第二条", "第三条")
    renumbered = renumbered.replace("第三条　借书", "第二条　开放时间另行公布。\n\n第三条　借书", 1)
    library.add([write(tmp_path, "a.md", renumbered)])
    assert "第三条/第二款" in [address for address, _ in cut(library)]
    assert library.cutting.changes(1).unplaced == ()


def test_a_change_whose_words_are_gone_is_reported_and_harms_nothing(library: KnowledgeBase, tmp_path: Path) -> None:
    one = at(library, "第二条")
    library.cutting.split(one.id, one.text.index("逾期"))
    library.add([write(tmp_path, "a.md", TEXT.replace("逾期不还的，由阅览室催还，并在当年内停止其借书。\n", ""))])
    assert [edit.kind for edit in library.cutting.changes(1).unplaced] == [EditKind.SPLIT]
    assert len(cut(library)) == 4
    assert_whole(library)
    library.add([write(tmp_path, "a.md", TEXT)])
    assert library.cutting.changes(1).unplaced == ()
    assert len(cut(library)) == 5


def test_changes_survive_reading_the_original_again(library: KnowledgeBase) -> None:
    one = at(library, "第二条")
    library.cutting.split(one.id, one.text.index("逾期"))
    library.set_card(1, title="阅览室和期刊室管理办法")
    versions, wanted = len(library.history(1)), cut(library)
    assert library.reread(1).status == "unchanged"
    assert len(library.history(1)) == versions
    assert cut(library) == wanted


def test_citations_of_the_old_cut_still_open(library: KnowledgeBase) -> None:
    old = at(library, "第二条")
    library.cutting.split(old.id, old.text.index("逾期"))
    assert library.text(old.version_id)[old.start : old.end] == old.text
    assert library.document_of_version(old.version_id).id == 1


def test_a_passage_switched_on_again_leaves_no_trace(library: KnowledgeBase) -> None:
    one = at(library, "第一条")
    library.cutting.switch(one.id, False)
    library.cutting.switch(one.id, True)
    assert library.cutting.changes(1).edits == ()
    assert found(library, "登记内容包括姓名") == ["第一条"]


@pytest.mark.parametrize("place", [0, -3, 10_000])
def test_a_split_at_an_end_is_refused(library: KnowledgeBase, place: int) -> None:
    one = at(library, "第二条")
    with pytest.raises(InvalidCut, match="第二条"):
        library.cutting.split(one.id, place)


def test_the_last_passage_has_nothing_to_merge_with(library: KnowledgeBase) -> None:
    with pytest.raises(InvalidCut, match="第四条"):
        library.cutting.merge(at(library, "第四条").id)


def test_a_passage_of_an_older_version_is_not_changed(library: KnowledgeBase) -> None:
    old = at(library, "第二条")
    library.cutting.split(old.id, old.text.index("逾期"))
    with pytest.raises(NotInLibrary):
        library.cutting.split(old.id, old.text.index("逾期"))
