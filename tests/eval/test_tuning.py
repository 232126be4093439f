"""What a tuned encoder learns from, and what it is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from borrowing import RULES, SUITE

from eval.training.low_rank import LowRank
from eval.training.question_pairs import Lessons, Pair, held_out, lessons
from eval.training.tune_encoder import contrast
from knowledge.embeddings.vector_cache import VectorCache
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Validity
from knowledge.retrieval.situation_index import SituationIndex
from knowledge.retrieval.situations import Situations

LOST = "书弄丢了谁说了算赔多少"
KNOWN = (Situations(RULES, "2023", {"第五条": (LOST,), "第三条": ("绘本能拿回家几天",)}),)


@pytest.fixture
def learnt(kb: KnowledgeBase, tmp_path: Path) -> Lessons:
    return lessons(kb, SituationIndex(kb, lambda: KNOWN, VectorCache("situations", tmp_path)), SUITE.cases)


def test_situations_and_cases_are_questions_with_the_passages_that_answer_them(
    kb: KnowledgeBase, learnt: Lessons
) -> None:
    (lost,) = (pair for pair in learnt.pairs if pair.question == LOST)
    (passage, _), *more = kb.get_passages([learnt.passages[place] for place in lost.answers]).values()
    assert passage.address.endswith("第五条")
    assert not more
    asked = {pair.question for pair in learnt.pairs}
    assert {"一次最多能借几册书", "绘本能拿回家几天"} <= asked
    assert not {case.question for case in SUITE.cases if case.history or not case.answerable} & asked


def test_only_editions_in_force_are_learnt_from(kb: KnowledgeBase, learnt: Lessons) -> None:
    in_force = {one.id for one in kb.published() if one.validity is Validity.IN_FORCE}
    assert set(learnt.documents) == in_force
    assert len(in_force) < len(kb.published())


def test_all_editions_of_a_text_are_held_out_together_and_are_no_wrong_answers(
    kb: KnowledgeBase, learnt: Lessons
) -> None:
    (held,) = {held_out(document) for document in kb.published()}
    assert {pair.held_out for pair in learnt.pairs} == {held}
    assert set(learnt.learnable) == {not held}


def test_a_change_begins_as_nothing_and_can_learn() -> None:
    torch.manual_seed(0)
    dense = torch.nn.Linear(8, 4).requires_grad_(False)
    change, inputs = LowRank(dense), torch.randn(3, 8)
    assert torch.equal(change(inputs), dense(inputs))
    change(inputs).sum().backward()
    assert change.up.grad is not None
    assert change.up.grad.abs().sum() > 0
    assert dense.weight.grad is None


def loss(cosines: list[float], learnable: list[bool], documents: list[int], start: torch.Tensor) -> float:
    pair = Pair("问", (0,), held_out=False)
    return contrast(torch.tensor([cosines]), [pair], start, torch.tensor(documents), torch.tensor(learnable)).item()


def test_wrong_answers_that_are_nearer_cost_and_those_never_answered_do_not() -> None:
    apart = torch.eye(4)
    far = loss([0.9, 0.8, 0.7, 0.7], [True] * 4, [1, 1, 2, 2], apart)
    near = loss([0.9, 0.95, 0.7, 0.7], [True] * 4, [1, 1, 2, 2], apart)
    unlearnable = loss([0.9, 0.95, 0.7, 0.7], [True, False, True, True], [1, 1, 2, 2], apart)
    assert near > far > unlearnable


def test_the_same_rule_in_another_document_is_no_wrong_answer() -> None:
    alike = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]), dim=1)
    assert loss([0.9, 0.95, 0.1], [True] * 3, [1, 2, 3], alike) < 1e-6
    assert loss([0.9, 0.95, 0.1], [True] * 3, [1, 1, 3], alike) > 1.0
