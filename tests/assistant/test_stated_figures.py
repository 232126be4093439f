"""A figure in a question is set against the text when it is said of the rule, not when it tells of somebody's own case."""

from __future__ import annotations

from pathlib import Path

from assistant.answering.answerability import presumed
from knowledge.text.normalise import searchable

LABELLED = Path(__file__).with_name("stated_figures.txt")


def labelled() -> list[tuple[str, list[str]]]:
    rows = (line.split("|") for line in LABELLED.read_text(encoding="utf-8").splitlines() if line[0] != "#")
    return [(question, [searchable(figure) for figure in claimed.split()]) for question, claimed in rows]


def test_only_what_is_said_of_the_rule_is_set_against_it() -> None:
    told = {question: [notice.text for notice in presumed(question, "")] for question, _ in labelled()}
    wrong = [
        question
        for question, claimed in labelled()
        if told[question] != [f"所引原文中没有出现“{figure}”，请核对问题的说法。" for figure in claimed]
    ]
    assert wrong == []
    assert sum(not claimed for _, claimed in labelled()) >= 40 <= sum(bool(claimed) for _, claimed in labelled())


def test_what_the_text_has_instead_is_told() -> None:
    [notice] = presumed("试用期不是规定三年吗，我都干了两年", "新录用人员试用期为一年，期满合格的，予以任职。")
    assert notice.text == "问题里说的“三年”在所引原文中没有，原文写的是“一年”，请核对。"
