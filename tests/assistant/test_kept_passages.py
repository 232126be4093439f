"""Notes and outlines are kept per reader, found again, deleted with undo, and never another reader's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversations.conversations import Conversations
from assistant.errors import InvalidExcerpt, NotYours
from assistant.study.excerpt import Excerpt
from assistant.study.notes import KEPT_AFTER_DELETION, LONGEST_REMARK, Notes
from assistant.study.outlines import Heading, Outlines, Point

NOW = datetime(2026, 3, 1, 8, 0)
REST = Excerpt(1, 1, "青禾市休假规定", "第二章/第三条", "享受年休假八天。", 10, 18)
VISIT = Excerpt(2, 5, "青禾市来访接待规则", "第四条", "十二日内答复来访人。", 40, 50)


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[Callable[[], tuple[Notes, Outlines]]]:
    """Opens the data folder, again and again as after a restart."""
    databases = []

    def open_again() -> tuple[Notes, Outlines]:
        conversations = Conversations.open(tmp_path)
        databases.append(conversations)
        return Notes(conversations, clock), Outlines(conversations, clock)

    yield open_again
    for one in databases:
        one.close()


@pytest.fixture
def notes(opened: Callable[[], tuple[Notes, Outlines]]) -> Notes:
    return opened()[0]


@pytest.fixture
def outlines(opened: Callable[[], tuple[Notes, Outlines]]) -> Outlines:
    return opened()[1]


def test_a_note_is_there_after_a_restart(opened: Callable[[], tuple[Notes, Outlines]]) -> None:
    note = opened()[0].save("甲", REST, " 八天 ")
    assert opened()[0].get("甲", note.id) == note
    assert (note.remark, note.excerpt) == ("八天", REST)


def test_the_same_words_saved_again_are_one_note_with_the_later_remark(notes: Notes) -> None:
    first = notes.save("甲", REST, "一")
    assert notes.save("甲", REST).id == first.id
    assert notes.listing("甲")[0].remark == "一", "a second favourite does not wipe the remark"
    assert notes.save("甲", REST, "二").remark == "二"
    assert len(notes.listing("甲")) == 1
    assert notes.save("乙", REST).id != first.id


@pytest.mark.parametrize(
    ("words", "found"), [("休假", 1), ("来访 答复", 1), ("八天", 1), ("体会", 1), ("%", 0), ("休假 来访", 0), ("", 2)]
)
def test_notes_are_found_by_title_words_and_remark(notes: Notes, words: str, found: int) -> None:
    notes.save("甲", REST)
    notes.save("甲", VISIT, "一点体会")
    assert len(notes.listing("甲", words)) == found


def test_nobody_reads_changes_or_restores_another_readers_notes(notes: Notes, outlines: Outlines) -> None:
    note = notes.save("甲", REST)
    outline = outlines.add("甲", "题目", [Heading("一", (Point(REST),))])
    assert (notes.listing("乙"), outlines.listing("乙")) == ([], [])
    attempts: list[Callable[[], object]] = [
        lambda: notes.get("乙", note.id),
        lambda: notes.rewrite("乙", note.id, "改"),
        lambda: notes.delete("乙", note.id),
        lambda: notes.restore("乙", note.id),
        lambda: notes.chosen("乙", [note.id]),
        lambda: outlines.get("乙", outline.id),
        lambda: outlines.change("乙", outline.id, "改", []),
        lambda: outlines.delete("乙", outline.id),
        lambda: outlines.restore("乙", outline.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotYours):
            attempt()
    assert notes.get("甲", note.id) == note
    assert outlines.get("甲", outline.id) == outline


def test_what_was_deleted_comes_back_within_a_week_and_then_is_gone(
    notes: Notes, outlines: Outlines, clock: Clock
) -> None:
    note, outline = notes.save("甲", REST), outlines.add("甲", "", [])
    notes.delete("甲", note.id)
    outlines.delete("甲", outline.id)
    assert (notes.listing("甲"), outlines.listing("甲")) == ([], [])
    clock.now += KEPT_AFTER_DELETION - timedelta(hours=1)
    notes.forget_deleted()
    outlines.forget_deleted()
    assert notes.restore("甲", note.id).id == note.id
    assert outlines.restore("甲", outline.id).topic == "研讨提纲"
    notes.delete("甲", note.id)
    outlines.delete("甲", outline.id)
    clock.now += KEPT_AFTER_DELETION + timedelta(hours=1)
    notes.forget_deleted()
    outlines.forget_deleted()
    for restore in (lambda: notes.restore("甲", note.id), lambda: outlines.restore("甲", outline.id)):
        with pytest.raises(NotYours):
            restore()


def test_an_outline_keeps_its_order_and_says_what_is_too_long(outlines: Outlines) -> None:
    made = outlines.add("甲", "怎样  休假", [Heading("二", (Point(VISIT, "想"), Point(REST))), Heading("一", ())])
    assert outlines.get("甲", made.id) == made
    assert made.topic == "怎样 休假"
    changed = outlines.change("甲", made.id, "新题", made.headings[::-1])
    assert [heading.words for heading in outlines.get("甲", changed.id).headings] == ["一", "二"]
    with pytest.raises(InvalidExcerpt, match="最多 120 个字"):
        outlines.change("甲", made.id, "长" * 121, [])
    with pytest.raises(InvalidExcerpt, match="最多 200 段"):
        outlines.change("甲", made.id, "题", [Heading("", (Point(REST),) * 201)])
    assert outlines.get("甲", made.id).topic == "新题"


def test_a_remark_that_is_too_long_is_refused_with_its_length(notes: Notes) -> None:
    with pytest.raises(InvalidExcerpt, match=f"{LONGEST_REMARK + 1} 个字"):
        notes.save("甲", REST, "长" * (LONGEST_REMARK + 1))
