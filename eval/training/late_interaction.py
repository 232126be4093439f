"""`python -m eval.training.late_interaction DATA OUT`: learns to order passages by the tokens of the built-in encoder.

DATA holds the official documents. Each question meets its answer and WRONG others of what the search finds for it
(`eval.training.left_out`), which stand in documents that may be learnt from (`eval.training.question_pairs`). The loss is the
cross-entropy of score / TEMPERATURE + relevance, so what is learnt is what the score of the search lacks: a model that
learnt from the nearest passages alone came to hold nearness against a passage. Prints how the documents that are
held out fare, and writes OUT (.npz). What came of it: docs/tuning.md.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from eval.suite import load_suite
from eval.training.left_out import found
from eval.training.question_pairs import lessons
from knowledge.chunking.indexed import indexed_text
from knowledge.embeddings import open_encoder
from knowledge.embeddings.builtin import BuiltinEncoder
from knowledge.embeddings.late_interaction import PASSAGE_TOKENS, QUESTION_TOKENS
from knowledge.embeddings.onnx_model import DIMENSION
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.situation_index import SituationIndex

WIDTH = 128
STEPS, BATCH, WRONG = 300, 48, 7
LEARNING_RATE, OF_THE_REST, WARM_UP = 1e-3, 1e-2, 20
# The search's scores differ by hundredths: divided by this they are as sharp as they are right.
TEMPERATURE = 0.025
# The same rule in another document is no wrong answer (cosine of two passages).
SAME_RULE = 0.925
NEAR = 3  # the first of the wrong ones is taken this much less than for sure (Efraimidis and Spirakis, 2006)
EVERY = 100  # steps to a report

Tokens = NDArray[np.float16]


class LateInteraction(torch.nn.Module):
    """What `knowledge.embeddings.late_interaction` computes, for a batch and with a way backwards."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.projection = torch.nn.Parameter(torch.nn.init.orthogonal_(torch.empty(WIDTH, dimension)))
        self.weight, self.weight_bias = torch.nn.Parameter(torch.zeros(dimension)), torch.nn.Parameter(torch.zeros(1))
        self.passage = torch.nn.Parameter(torch.zeros(dimension))
        self.scale = torch.nn.Parameter(torch.tensor(10.0))

    def forward(self, questions: Sequence[Tokens], passages: Sequence[Sequence[Tokens]]) -> torch.Tensor:
        """Relevance of shape (questions, passages of each)."""
        asked, there = _padded(questions)
        held, here = _padded([one for several in passages for one in several])
        some = len(questions), len(passages[0])
        units = torch.nn.functional.normalize(asked @ self.projection.T, dim=-1)
        others = torch.nn.functional.normalize(held @ self.projection.T, dim=-1)
        cosines = torch.einsum("bnd,bkmd->bknm", units, others.view(*some, *others.shape[1:]))
        cosines = cosines + (held @ self.passage).view(*some, 1, -1)
        best = cosines.masked_fill(~here.view(*some, 1, -1), -9.0).amax(-1)
        weight = torch.nn.functional.softplus(asked @ self.weight + self.weight_bias) * there
        return self.scale * (best * (weight / weight.sum(1, keepdim=True))[:, None]).sum(-1)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question's tokens and what is found for it: its passages (ids) with their scores, the places of the best `right` one and
    of the `wrong` ones that may be learnt from."""

    question: Tokens
    passages: tuple[int, ...]
    scores: tuple[float, ...]
    right: int
    wrong: tuple[int, ...]
    held_out: bool


class Teacher:
    """The lessons of one library, and the tokens of its passages by id."""

    def __init__(self, kb: KnowledgeBase) -> None:
        encoder = kb.encoder
        if not isinstance(encoder, BuiltinEncoder):
            raise SystemExit("只有内置编码模型可以学：请不要设置 XUESI_ENCODER。")
        learnt = lessons(kb, SituationIndex(kb), load_suite("official", "dev").cases)
        every = list(found(kb, learnt.pairs))
        print(f"{len(every)} questions searched for", flush=True)
        held = kb.get_passages(sorted({passage for one in every for passage in one.passages}))
        texts = [indexed_text(of.card.title, passage.context, passage.text) for passage, of in held.values()]
        self.tokens = dict(zip(held, _halves(encoder.passage_tokens(texts, PASSAGE_TOKENS)), strict=True))
        vectors = dict(zip(held, kb.indexes.vectors(list(held)), strict=True))
        learnable = {passage for passage, allowed in zip(learnt.passages, learnt.learnable, strict=True) if allowed}
        self.lessons: list[Lesson] = []
        for one in every:
            answers = {learnt.passages[place] for place in one.pair.answers}
            right = [place for place, passage in enumerate(one.passages) if passage in answers]
            if not right:
                continue  # no order of what was found helps
            same = [vectors[one.passages[place]] for place in right]
            wrong = tuple(
                place
                for place, passage in enumerate(one.passages)
                if passage in learnable - answers and max(vectors[passage] @ other for other in same) <= SAME_RULE
            )
            (asked,) = _halves([encoder.query_tokens(one.pair.question, QUESTION_TOKENS)])
            self.lessons.append(Lesson(asked, one.passages, one.scores, right[0], wrong, one.pair.held_out))

    def taught(self) -> LateInteraction:
        """A model that has gone through its lessons."""
        lessons = [one for one in self.lessons if not one.held_out and len(one.wrong) >= WRONG]
        model, rng = LateInteraction(DIMENSION), random.Random(0)
        rest = [parameter for name, parameter in model.named_parameters() if name != "projection"]
        groups = [{"params": [model.projection], "top": LEARNING_RATE}, {"params": rest, "top": OF_THE_REST}]
        optimiser = torch.optim.AdamW(groups, lr=LEARNING_RATE, weight_decay=0.01)
        for step in range(STEPS):
            batch = rng.sample(lessons, BATCH)
            shown = [[one.right, *_near_ones(rng, one.wrong)] for one in batch]
            scores = torch.tensor([[one.scores[at] for at in places] for one, places in zip(batch, shown, strict=True)])
            read = model(
                [one.question for one in batch],
                [[self.tokens[one.passages[at]] for at in places] for one, places in zip(batch, shown, strict=True)],
            )
            loss = torch.nn.functional.cross_entropy(scores / TEMPERATURE + read, torch.zeros(BATCH, dtype=torch.long))
            for group in optimiser.param_groups:
                group["lr"] = group["top"] * min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / STEPS)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            if (step + 1) % EVERY == 0:
                print(f"step {step + 1}: loss {loss.item():.3f}; {self.measured(model)}", flush=True)
        return model

    def measured(self, model: LateInteraction) -> str:
        """First place and reciprocal rank (among ten) of the held-out documents' questions, by the search alone and with `model`."""
        lessons = [one for one in self.lessons if one.held_out]
        before, after = [], []
        with torch.inference_mode():
            for one in lessons:
                (read,) = model([one.question], [[self.tokens[passage] for passage in one.passages]])
                together = np.array(one.scores) / TEMPERATURE + read.numpy()
                before.append(one.right)
                after.append(int((together > together[one.right]).sum()))
        return f"held out ({len(lessons)}): first, MRR@10 {_summary(before)} by the search, {_summary(after)} with relevance"


def main(data: Path, out: Path) -> None:
    """Prepare, train, report, write."""
    torch.manual_seed(0)
    kb = KnowledgeBase.open(data, open_encoder, register=Register.load())
    teacher = Teacher(kb)
    print(f"{len(teacher.lessons)} questions whose answer was found, {len(teacher.tokens)} passages", flush=True)
    model = teacher.taught()
    learnt: Any = {name: value.detach().numpy().astype(np.float16) for name, value in model.named_parameters()}
    np.savez(out, **learnt)
    print(out, out.stat().st_size, "bytes")
    kb.close()


def _near_ones(rng: random.Random, wrong: Sequence[int]) -> list[int]:
    """WRONG of the places, those before others more often."""
    chance = {place: rng.random() ** (NEAR + rank) for rank, place in enumerate(wrong)}
    return sorted(wrong, key=lambda place: -chance[place])[:WRONG]


def _padded(rows: Sequence[Tokens]) -> tuple[torch.Tensor, torch.Tensor]:
    """The rows of several texts with zeros behind the shorter ones, and where there are tokens."""
    tensors = [torch.from_numpy(one).float() for one in rows]
    there = [torch.ones(len(one), dtype=torch.bool) for one in rows]
    pad = torch.nn.utils.rnn.pad_sequence
    return pad(tensors, batch_first=True), pad(there, batch_first=True)


def _halves(rows: Sequence[NDArray[np.float32]]) -> list[Tokens]:
    return [one.astype(np.float16) for one in rows]


def _summary(ranks: Sequence[int]) -> str:
    reciprocal = [1 / (rank + 1) if rank < 10 else 0.0 for rank in ranks]
    return f"{np.mean([rank == 0 for rank in ranks]):.3f} {np.mean(reciprocal):.3f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
