"""A stream of pieces becomes sentences with the sources they cite."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verification.markers import Segment, Segmenter


def read(text: str, known: int = 5, size: int = 1) -> tuple[list[Segment], dict[str, int]]:
    segmenter = Segmenter(known)
    found: list[Segment] = []
    for start in range(0, len(text), size):
        found += segmenter.feed(text[start : start + size])
    found += segmenter.finish()
    return found, dict(segmenter.dropped)


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("借期三十日[1]。", (1,)),
        ("借期三十日【2】。", (2,)),
        ("借期三十日［３］。", (3,)),
        ("借期三十日[1，2]。", (1, 2)),
        ("借期三十日[1]【2】［3】。", (1, 2, 3)),
        ("借期三十日[1]、[2]。", (1, 2)),
        ("借期三十日[1-3]。", (1, 2, 3)),
        ("借期三十日［１～３，５］。", (1, 2, 3, 5)),
        ("借期三十日[来源2]。", (2,)),
        ("借期三十日[^2]。", (2,)),
        ("借期三十日。[4]", (4,)),
        ("借期三十日。[4] [5]\n", (4, 5)),
        ("[2] 借期三十日。", (2,)),
        ("1. [2] 借期三十日。", (2,)),
        ("- [2]借期三十日", (2,)),
    ],
)
def test_every_way_to_write_a_marker_is_read_and_taken_off(written: str, ids: tuple[int, ...]) -> None:
    [segment], dropped = read(written)
    assert segment.ids == ids
    assert "借期三十日" in segment.text
    assert not set("[]［］【】") & set(segment.text)
    assert not dropped


@pytest.mark.parametrize(
    ("written", "reason", "times"),
    [
        ("借期三十日[9]。", "unknown", 1),
        ("借期三十日[0][1000]。", "unknown", 2),
        ("借期三十日[3-1]。", "unreadable", 1),
        ("借期三十日[1-400]。", "unreadable", 1),
        ("借期三十日。\n[1]\n", "stray", 1),
    ],
)
def test_markers_of_nothing_are_dropped_and_counted(written: str, reason: str, times: int) -> None:
    [segment], dropped = read(written)
    assert segment.ids == ()
    assert dropped == {reason: times}
    assert "[" not in segment.text


def test_a_reference_number_in_square_brackets_is_no_marker() -> None:
    [segment], _ = read("根据青发[2015]31号，借期三十日[1]。")
    assert (segment.text, segment.ids) == ("根据青发[2015]31号，借期三十日。", (1,))


def test_markers_in_the_middle_belong_to_the_words_before_them() -> None:
    [segment], _ = read("甲为五日[1]；乙为八日[2]。")
    assert [(part.text, part.ids) for part in segment.parts] == [("甲为五日", (1,)), ("；乙为八日。", (2,))]


def test_markers_in_front_belong_to_the_words_behind_them() -> None:
    found, _ = read("[1] 甲为五日。[2] 乙为八日。")
    assert [(one.text, one.ids) for one in found] == [("甲为五日。", (1,)), ("乙为八日。", (2,))]


def test_a_sentence_with_its_marker_is_given_at_its_full_stop() -> None:
    segmenter = Segmenter(3)
    assert not list(segmenter.feed("借期三十日[1]"))
    assert [one.ids for one in segmenter.feed("。")] == [(1,)]


def test_a_sentence_without_its_marker_waits_for_one() -> None:
    segmenter = Segmenter(3)
    assert not list(segmenter.feed("借期三十日。"))
    assert not list(segmenter.feed("[1"))
    assert not list(segmenter.feed("]"))
    assert [one.ids for one in segmenter.feed("逾期")] == [(1,)]


def test_half_a_marker_at_the_end_is_not_let_out() -> None:
    [segment], _ = read("借期三十日[1")
    assert segment.text == "借期三十日"


def test_a_bracket_that_never_closes_does_not_swallow_the_answer() -> None:
    found, _ = read("（" + "借期三十日。" * 300, size=7)
    assert len(found) > 100


@given(
    st.text(alphabet="甲乙5。！\n[]【】［］12３,，-～ “”（）1.号", max_size=60),
    st.lists(st.integers(1, 6), min_size=1, max_size=60),
)
def test_where_the_pieces_are_cut_makes_no_difference(text: str, sizes: list[int]) -> None:
    segmenter = Segmenter(5)
    cut: list[Segment] = []
    place = turn = 0
    while place < len(text):
        size = sizes[turn % len(sizes)]
        cut += segmenter.feed(text[place : place + size])
        place, turn = place + size, turn + 1
    cut += segmenter.finish()
    whole, dropped = read(text, size=1000)
    assert (cut, dict(segmenter.dropped)) == (whole, dropped)
