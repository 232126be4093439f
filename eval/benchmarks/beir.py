"""A retrieval benchmark in the BEIR layout: each half of the search, their fusion, and the whole, on the same questions."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eval.errors import BadBenchmark
from eval.scoring.significance import permutation
from knowledge.ingestion.collection import Item
from knowledge.knowledge_base import KnowledgeBase
from knowledge.retrieval.search import EVERYTHING, Scope, Searcher
from knowledge.text.tokenizer import tokenize

DEPTH = 100
WAYS = ("lexical", "dense", "fused", "final")
#: As DESIGN §9 names them.
METRICS = ("ndcg@10", "recall@10", "recall@100", "mrr@10")


@dataclass(frozen=True, slots=True)
class Query:
    """A question with the passages that answer it, by their id in the corpus, and how well (above 0)."""

    id: str
    text: str
    relevant: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A corpus with its questions; questions that nothing answers are left out."""

    name: str
    corpus: Sequence[Item]
    queries: Sequence[Query]

    def first(self, count: int) -> Benchmark:
        """The whole corpus with the first `count` questions."""
        return replace(self, queries=self.queries[:count])


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question: per way of searching the corpus ids found, best first, and the values of METRICS."""

    query: Query
    found: Mapping[str, Sequence[str]]
    values: Mapping[str, Mapping[str, float]]


def read_benchmark(folder: Path, split: str | None = None) -> Benchmark:
    """`corpus.jsonl` {id,title,text}, `queries.jsonl` {id,text} and `qrels.tsv` (with `split`: `qrels/<split>.tsv`; without
    either `qrels/test.tsv`, as BEIR folders have it) with the columns query-id, corpus-id, score under one heading line. `_id`
    counts as `id`. Raises BadBenchmark, naming file and line."""
    corpus = [
        Item(_id(entry), str(entry.get("title") or ""), str(entry["text"])) for entry in _lines(folder / "corpus.jsonl")
    ]
    known = {item.key for item in corpus}
    plain = folder / "qrels.tsv"
    qrels_file = folder / f"qrels/{split or 'test'}.tsv" if split or not plain.is_file() else plain
    relevant: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_text(qrels_file).splitlines()[1:], start=2):
        columns = line.split("\t")
        if len(columns) != 3 or not columns[2].strip().lstrip("-").isdigit() or columns[1] not in known:
            raise BadBenchmark(
                f"{qrels_file} 第 {number} 行应当是“问题 id、段落 id、分数”三列，段落 id 要在 corpus.jsonl 里。"
            )
        if int(columns[2]) > 0:
            relevant.setdefault(columns[0], {})[columns[1]] = int(columns[2])
    queries = [Query(_id(entry), str(entry["text"]), {}) for entry in _lines(folder / "queries.jsonl")]
    judged = [Query(query.id, query.text, relevant[query.id]) for query in queries if query.id in relevant]
    if not corpus or not judged:
        raise BadBenchmark(f"{folder} 里没有可用的题：段落 {len(corpus)} 条，有答案的问题 {len(judged)} 个。")
    return Benchmark(folder.resolve().name, corpus, judged)


def index(benchmark: Benchmark, kb: KnowledgeBase, on_step: Callable[[int, int], None] | None = None) -> float:
    """Bring the corpus into `kb` unless it holds just this corpus already; returns the seconds it took.

    Raises BadBenchmark when the folder holds other documents, which would be found as well.
    """
    start = time.perf_counter()
    digest = hashlib.sha256("\n".join(item.text for item in benchmark.corpus).encode()).hexdigest()
    held = kb.published()
    if any(document.sha256 != digest for document in held):
        raise BadBenchmark(f"数据文件夹 {kb.data} 里已有别的文件；请用 --data 指定一个空文件夹。")
    if not held:
        kb.add_collection(benchmark.name, benchmark.corpus, on_step)
    return time.perf_counter() - start


def search(
    benchmark: Benchmark,
    kb: KnowledgeBase,
    expand: Callable[[str], Sequence[str]],
    watch: Callable[[Sequence[Query]], Iterator[Query]] = iter,
) -> list[Outcome]:
    """Every question searched in each of WAYS. `lexical` is BM25 and `dense` the plain encoder alone; `fused` adds their
    scores as the product does; `final` is the product: adapted question, `expand`ed by rule terms, editions folded."""
    plain = Searcher(kb, kb.encoder.embed_query)
    product = Searcher(kb)
    # Passages are compared as they are: no folding.
    unfolded = Scope(any_edition=True)
    outcomes = []
    for query in watch(benchmark.queries):
        tokens = tokenize(query.text)
        ids = {
            "lexical": [found for found, _ in kb.lexical.search(tokens, DEPTH)],
            "dense": [found for found, _ in kb.dense.search(kb.encoder.embed_query(query.text), DEPTH)],
            "fused": [hit.passage.id for hit in plain.search(query.text, DEPTH, unfolded)],
            # What was folded stands right behind the passage that stands for it.
            "final": [
                passage.id
                for hit in product.search(query.text, DEPTH, EVERYTHING, expand(query.text))
                for passage in (hit.passage, *hit.folded)
            ][:DEPTH],
        }
        passages = kb.get_passages({one for found in ids.values() for one in found})
        found = {way: [passages[one][0].address for one in ids[way] if one in passages] for way in WAYS}
        outcomes.append(Outcome(query, found, {way: values(query.relevant, found[way]) for way in WAYS}))
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Per way the mean of each metric, and how sure it is that `final` differs from each half (`significance`:
    difference of nDCG@10 and its two-sided paired permutation p)."""
    means = {
        way: {name: round(float(np.mean([one.values[way][name] for one in outcomes])), 4) for name in METRICS}
        for way in WAYS
    }
    tests = {}
    for way in ("lexical", "dense"):
        differences = [one.values["final"]["ndcg@10"] - one.values[way]["ndcg@10"] for one in outcomes]
        tests[f"final-{way}"] = round(float(np.mean(differences)), 4)
        tests[f"p final-{way}"] = permutation(differences, range(len(outcomes)))
    return {**means, "significance": tests}


def write_outcomes(outcomes: Sequence[Outcome], path: Path) -> None:
    """One line per question, the worst `final` first: nDCG@10 of each way and at which rank each gold passage came."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for one in sorted(outcomes, key=lambda one: one.values["final"]["ndcg@10"]):
            line = {
                "id": one.query.id,
                "question": one.query.text,
                "ndcg@10": {way: round(one.values[way]["ndcg@10"], 4) for way in WAYS},
                "ranks": {
                    gold: {way: found.index(gold) + 1 if gold in found else None for way, found in one.found.items()}
                    for gold in one.query.relevant
                },
                "first": list(one.found["final"][:3]),
            }
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def values(relevant: Mapping[str, int], found: Sequence[str]) -> dict[str, float]:
    """METRICS of the ids `found`, best first, for a question that the ids `relevant` answer."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    measures = dict(zip(METRICS, (nDCG @ 10, R @ 10, R @ 100, RR @ 10), strict=True))
    qrels = [ir_measures.Qrel("q", key, score) for key, score in relevant.items()]
    run = [ir_measures.ScoredDoc("q", key, -float(rank)) for rank, key in enumerate(found)]
    if not run:
        return dict.fromkeys(METRICS, 0.0)
    results = ir_measures.calc_aggregate(list(measures.values()), qrels, run)
    return {name: float(results[measure]) for name, measure in measures.items()}


def _lines(path: Path) -> Iterator[dict[str, object]]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if not isinstance(entry, dict) or not ({"id", "_id"} & entry.keys()) or "text" not in entry:
                raise ValueError("缺 id 或 text")
        except ValueError as error:
            raise BadBenchmark(f"{path} 第 {number} 行读不懂（{error}），请改正后再试。") from None
        yield entry


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "不是 UTF-8 文本"
        raise BadBenchmark(f"基准文件 {path} 读不出来（{reason}）。") from None


def _id(entry: Mapping[str, object]) -> str:
    return str(entry["id"] if "id" in entry else entry["_id"])
