"""Trains a query adapter on questions whose passages are known.

One matrix W, passage vectors frozen: InfoNCE (van den Oord et al., Representation Learning with Contrastive Predictive
Coding, 2018) of each question against the passages nearest to it that do not answer, some drawn at random, and the other
questions' passages. A pull towards where it started keeps W from forgetting what it knew; it weighs as much as `PRIOR`
questions, so few questions move W little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TEMPERATURE = 0.02
HARDEST = 60
DRAWN = 256
BATCH = 64
EPOCHS = 15
LEAST_STEPS = 200
LEARNING_RATE = 1e-3
PRIOR = 37.0
#: How much of the adapted question goes into the search; used alone it costs other questions (docs/quality.md).
MIX = 0.3

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lessons:
    """`questions` of shape (n, d) and `passages` of shape (m, d), unit rows, the questions not adapted; `answers[i]` are
    the rows of the passages that answer question i, at least one."""

    questions: Vectors
    passages: Vectors
    answers: Sequence[Sequence[int]]

    def only(self, chosen: Sequence[int]) -> Lessons:
        """The lessons of some questions, over the same passages."""
        return Lessons(self.questions[list(chosen)], self.passages, [self.answers[i] for i in chosen])


def train(lessons: Lessons, start: Vectors | None = None, seed: int = 0) -> Vectors:
    """The matrix W of shape (d, d), learnt from `start` (by default the identity) and pulled back to it. The same lessons
    and seed give the same matrix on one machine."""
    import torch

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    passages = torch.from_numpy(lessons.passages)
    questions = torch.from_numpy(lessons.questions)
    hard = torch.from_numpy(_hardest(lessons))
    pairs = [(question, answer) for question, answers in enumerate(lessons.answers) for answer in answers]
    asked = torch.tensor([question for question, _ in pairs])
    right = torch.tensor([answer for _, answer in pairs])
    share = torch.tensor([1.0 / len(lessons.answers[question]) for question, _ in pairs])
    answers_of = [set(answers) for answers in lessons.answers]
    moved = torch.zeros(questions.shape[1], questions.shape[1], requires_grad=True)
    origin = torch.eye(questions.shape[1]) if start is None else torch.from_numpy(start)
    optimiser = torch.optim.Adam([moved], lr=LEARNING_RATE)
    steps_per_epoch = -(-len(pairs) // BATCH)
    for _ in range(max(EPOCHS, -(-LEAST_STEPS // steps_per_epoch))):
        for batch in torch.randperm(len(pairs)).split(BATCH):  # type: ignore[no-untyped-call]
            who, which = asked[batch], right[batch]
            adapted = torch.nn.functional.normalize(questions[who] @ (origin + moved).T, dim=1)
            drawn = torch.from_numpy(rng.integers(0, len(passages), min(DRAWN, len(passages))))
            others = torch.cat([drawn, which])
            also_right = torch.tensor([[int(row) in answers_of[int(one)] for row in others] for one in who])
            positive = (adapted * passages[which]).sum(1, keepdim=True)
            negatives = torch.cat(
                [
                    torch.einsum("bd,bnd->bn", adapted, passages[hard[who]]),
                    (adapted @ passages[others].T).masked_fill(also_right, -1.0),
                ],
                dim=1,
            )
            logits = torch.cat([positive, negatives], dim=1) / TEMPERATURE
            each = torch.logsumexp(logits, dim=1) - logits[:, 0]
            loss = (each * share[batch]).sum() / share[batch].sum() + PRIOR / len(questions) * (moved**2).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    matrix: Vectors = (origin + moved).detach().numpy().astype(np.float32)
    return matrix


def _hardest(lessons: Lessons) -> NDArray[np.int64]:
    """Per question the rows of the passages with the largest cosine that do not answer it; shape (n, at most HARDEST)."""
    most = max(len(answers) for answers in lessons.answers)
    count = max(1, min(HARDEST, len(lessons.passages) - most))
    rows = np.empty((len(lessons.questions), count), dtype=np.int64)
    for i, (question, answers) in enumerate(zip(lessons.questions, lessons.answers, strict=True)):
        cosines = lessons.passages @ question
        cosines[list(answers)] = -2.0
        rows[i] = np.argpartition(-cosines, count - 1)[:count]
    return rows
