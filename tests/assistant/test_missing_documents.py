"""A known document that the library lacks is named for a question only when it is clearly meant: none is better than a wrong one."""

from __future__ import annotations

import pytest

from assistant.answering.answerability.judge import Known, _missing
from assistant.understanding.named_documents import Names
from knowledge.metadata.register import Register
from knowledge.metadata.validity import series_key

MEANT, RIVAL, COVERED = "公务员考核规定", "公务员奖励规定", "公务员录用规定"


@pytest.mark.parametrize(
    ("words", "meaning", "named"),
    [
        ((0.0, 0.0, 0.0), (0.94, 0.91, 0.90), True),
        ((0.0, 0.0, 0.0), (0.94, 0.939, 0.91), False),  # another that the library lacks is as near
        ((0.0, 0.0, 0.0), (0.94, 0.91, 0.94), False),  # one that the library covers is as near
        ((0.3, 0.0, 0.0), (0.93, 0.925, 0.92), True),  # the words of its subject tell
        ((0.3, 0.0, 0.3), (0.93, 0.925, 0.93), False),
        ((0.3, 0.0, 0.0), (0.87, 0.80, 0.80), False),  # not in the field
    ],
)
def test_a_missing_document_is_named_when_it_is_clearly_nearer(
    words: tuple[float, ...], meaning: tuple[float, ...], named: bool
) -> None:
    register = Register.load()
    titles = (MEANT, RIVAL, COVERED)
    entries = {entry.title: entry for entry in register.entries if entry.title in titles}
    known = Known(
        Names((), register, guides=[f"见《{COVERED}》。"]),
        {series_key(title): (entries[title], value) for title, value in zip(titles, words, strict=True)},
        {series_key(title): (entries[title], value) for title, value in zip(titles, meaning, strict=True)},
    )
    found = _missing(known)
    assert (found and found.title) == (MEANT if named else None)
