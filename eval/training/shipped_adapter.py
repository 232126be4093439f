"""`python -m eval.training.shipped_adapter DIR DATA`: makes knowledge/adapter.npz from a benchmark of lay questions.

DIR is a folder in the BEIR layout (the shipped matrix came from bench/stard_train: 1,235 lay legal questions, 55,348
articles, MIT), DATA the data folder that `xuesi eval beir DIR --data DATA` filled. Prints what five-fold cross-validation
says before it writes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from eval.benchmarks.beir import index, read_benchmark
from eval.training.learn import Confirmed, Teacher
from knowledge.embeddings import open_encoder
from knowledge.embeddings.adapter import SHIPPED
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register


def main(folder: Path, data: Path) -> None:
    """Train, try, write."""
    benchmark = read_benchmark(folder)
    kb = KnowledgeBase.open(data, open_encoder, register=Register.load())
    index(benchmark, kb)
    (document,) = kb.published()
    by_key = {passage.address: passage.id for passage in kb.passages(document.version_id)}
    confirmed = [Confirmed(query.text, tuple(by_key[key] for key in query.relevant)) for query in benchmark.queries]
    teacher = Teacher(kb, confirmed, base=None)
    trial = teacher.trial()
    print(f"{trial.questions} held-out questions: nDCG@10 {trial.before:.4f} -> {trial.after:.4f}, p={trial.p:.4f}")
    teacher.learn().save(SHIPPED)
    print(SHIPPED, SHIPPED.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
