"""A bank of multiple-choice questions is answered from the library: the supported option, or none that stands out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.benchmarks.exam import Marked, Question, filled, read_bank, result, sample, sit, write_marked
from eval.errors import BadSuite
from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.search import Searcher

BANK = [
    {
        "id": "who",
        "type": "single",
        "question": "遗失图书的，由____核定赔偿金额。",
        "options": ["读者本人", "图书馆馆长办公室", "星河市财政局"],
        "answer": "B",
    },
    {
        "id": "several",
        "type": "multi",
        "question": "有下列情形之一的，暂停借阅资格：（ ）。",
        "options": ["在图书上涂画的", "转借他人牟利的", "借阅时未穿校服的"],
        "answer": ["在图书上涂画的", "转借他人牟利的"],
    },
    {
        "id": "foreign",
        "type": "single",
        "question": "糖醋排骨最后应当加入（ ）。",
        "options": ["香醋", "白糖", "辣椒"],
        "answer": "香醋",
    },
    {
        "id": "true",
        "type": "judge",
        "question": "遗失图书的，由图书馆馆长办公室核定赔偿金额。",
        "options": ["正确", "错误"],
        "answer": "A",
    },
    {"id": "essay", "type": "essay", "question": "论述借阅的意义。", "answer": "略"},
]


def bank(folder: Path, lines: list[object]) -> Path:
    path = folder / "bank.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def marked(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Marked]:
    questions, _ = read_bank(bank(tmp_path_factory.mktemp("bank"), BANK))
    return {one.question.id: one for one in sit(questions, kb, Searcher(kb))}


def test_keys_texts_and_lists_are_answers_and_a_line_without_options_is_left_out(tmp_path: Path) -> None:
    questions, left_out = read_bank(bank(tmp_path, BANK))
    assert [set(one.right) for one in questions] == [{1}, {0, 1}, {0}, {0}]
    assert [one.several for one in questions] == [False, True, False, False]
    assert left_out == 1


def test_two_options_that_read_the_same_have_no_right_one(tmp_path: Path) -> None:
    twice = {**BANK[0], "options": ["读者本人", "读者本人", "财政局"]}
    assert read_bank(bank(tmp_path, [twice, BANK[2]]))[1] == 1


def test_the_option_that_the_rule_names_is_chosen_surely(marked: dict[str, Marked]) -> None:
    assert marked["who"].correct
    assert marked["who"].sure


def test_several_right_options_are_all_chosen(marked: dict[str, Marked]) -> None:
    assert marked["several"].chosen == {0, 1}


def test_a_statement_that_the_rule_makes_is_called_right(marked: dict[str, Marked]) -> None:
    assert marked["true"].correct


def test_a_question_that_the_library_says_nothing_about_is_not_sure(marked: dict[str, Marked]) -> None:
    assert not marked["foreign"].sure


def test_a_question_for_the_wrong_option_takes_the_least_supported(kb: KnowledgeBase) -> None:
    stem = "有下列情形之一的，暂停借阅资格，其中不正确的是（ ）。"
    options = ("在图书上涂画的", "转借他人牟利的", "借阅时未穿校服的")
    assert [one.chosen for one in sit([Question("wrong", stem, options, frozenset({2}))], kb, Searcher(kb))] == [{2}]


def test_the_result_counts_all_and_sure_ones_apart_and_knows_chance(marked: dict[str, Marked]) -> None:
    found = result(list(marked.values()))
    sure = sum(one.sure for one in marked.values())
    assert found.questions == 4
    assert found.coverage == sure / 4
    assert found.chance == pytest.approx((1 / 3 + 1 / 7 + 1 / 3 + 1 / 2) / 4)


def test_every_question_is_written_down_the_wrong_ones_first(marked: dict[str, Marked], tmp_path: Path) -> None:
    write_marked(list(marked.values()), tmp_path / "out" / "questions.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out" / "questions.jsonl").read_text("utf-8").splitlines()]
    assert {line["id"] for line in lines} == set(marked)
    assert [line["correct"] for line in lines] == sorted(line["correct"] for line in lines)
    assert all(line["correct"] == (line["right"] == line["chosen"]) for line in lines)


def test_the_same_seed_draws_the_same_questions(tmp_path: Path) -> None:
    questions, _ = read_bank(bank(tmp_path, BANK))
    assert sample(questions, 2, seed=3) == sample(questions, 2, seed=3)
    assert sample(questions, None, seed=3) == questions


def test_an_option_goes_into_the_blank_or_behind_the_stem() -> None:
    assert filled("由____核定（ ）。", "办公室") == "由办公室核定（ ）。"
    assert filled("由谁核定？", "办公室") == "由谁核定？ 办公室"


@pytest.mark.parametrize("answer", ["E", "不是选项", []])
def test_an_answer_that_is_no_option_is_told_with_its_line(tmp_path: Path, answer: object) -> None:
    with pytest.raises(BadSuite, match="第 2 行"):
        read_bank(bank(tmp_path, [BANK[0], {**BANK[0], "answer": answer}]))


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadSuite, match="读不出来"):
        read_bank(tmp_path / "none.jsonl")
