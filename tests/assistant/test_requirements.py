"""What a sentence must hold to answer a question for a number."""

from __future__ import annotations

import pytest

from assistant.answering.answerability.requirements import holds
from assistant.understanding.question import Kind


@pytest.mark.parametrize("question", ["几天要回话", "多久给答复", "几个月办完"])
@pytest.mark.parametrize(
    "text", ["应当在15个工作日内告知。", "十五个工作日内答复。", "三个月内办结。", "30日内作出决定。"]
)
def test_working_days_answer_a_question_for_days(question: str, text: str) -> None:
    assert holds(Kind.NUMBER, question, text)


def test_a_sentence_without_a_time_does_not() -> None:
    assert not holds(Kind.NUMBER, "几天要回话", "应当及时告知举报人，不得推诿。")
