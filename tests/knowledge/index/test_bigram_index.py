"""Short texts are ranked by the words they share with a question."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.index import BigramIndex

TEXTS = ("孩子升学办酒席能请同事吗", "出差住亲戚家有补助吗", "出差坐高铁几等座", "")


def test_the_text_with_most_rare_words_of_the_question_comes_first() -> None:
    index = BigramIndex(TEXTS)
    assert index.scores("升学的酒席").argmax() == 0
    assert index.scores("出差能住亲戚家里吗").argmax() == 1
    assert index.scores("出差坐啥座").argmax() == 2


def test_a_score_is_that_of_the_formula() -> None:
    scores = BigramIndex(("甲乙", "甲乙丙丁")).scores("丙丁")
    idf = np.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert scores.tolist() == pytest.approx([0.0, idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 3 / 2))])


@pytest.mark.parametrize("question", ["", "升", "Ｘ", "天气"])
def test_what_shares_nothing_scores_nothing(question: str) -> None:
    assert not BigramIndex(TEXTS).scores(question).any()
    assert BigramIndex(()).scores(question).shape == (0,)


def test_width_and_marks_make_no_difference() -> None:
    index = BigramIndex(("ＰＰＴ能不能、外传",))
    assert index.scores("ppt能不能外传")[0] == index.scores("ＰＰＴ，能不能外传？")[0] > 0
