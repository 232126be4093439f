"""`xuesi eval beir`: a benchmark is read with care, indexed once, and scored half by half."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.benchmarks.beir import (
    METRICS,
    WAYS,
    Benchmark,
    index,
    read_benchmark,
    search,
    summary,
    values,
    write_outcomes,
)
from eval.errors import BadBenchmark
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

CORPUS = {
    "a": "公园在冬季每日七时开放，十八时关闭。",
    "b": "游船每人每次收费二十元，儿童减半。",
    "c": "遗失的物品由值班室登记，保管六十日。",
    "d": "园内不得生火、露营或者携带烈性犬。",
}
QUERIES = {"1": "坐船要多少钱", "2": "遗失的物品保管多久", "3": "没有答案的问题"}
QRELS = "query-id\tcorpus-id\tscore\n1\tb\t1\n2\tc\t2\n2\ta\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "park"
    (path / "qrels").mkdir(parents=True)
    write_lines(path / "corpus.jsonl", [{"_id": key, "title": "公园", "text": text} for key, text in CORPUS.items()])
    write_lines(path / "queries.jsonl", [{"id": key, "text": text} for key, text in QUERIES.items()])
    (path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    (path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\tb\t1\n", encoding="utf-8")
    return path


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KnowledgeBase]:
    opened = KnowledgeBase.open(tmp_path / "data", open_encoder, register=Register.load())
    yield opened
    opened.close()


def write_lines(path: Path, lines: list[dict[str, str]]) -> None:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")


def test_questions_that_nothing_answers_are_left_out(folder: Path) -> None:
    found = read_benchmark(folder)
    assert [(query.id, query.relevant) for query in found.queries] == [("1", {"b": 1}), ("2", {"c": 2})]
    assert [item.key for item in found.corpus] == ["a", "b", "c", "d"]
    assert [query.id for query in read_benchmark(folder, "test").queries] == ["1"]


def test_a_standard_folder_with_its_judgements_under_qrels_needs_no_option(folder: Path) -> None:
    (folder / "qrels.tsv").unlink()
    assert [query.id for query in read_benchmark(folder).queries] == ["1"]


@pytest.mark.parametrize("line", ["1 b 1", "1\tmissing\t1", "1\tb\tgut"])
def test_a_wrong_line_of_judgements_is_named(folder: Path, line: str) -> None:
    (folder / "qrels.tsv").write_text(f"{QRELS}{line}\n", encoding="utf-8")
    with pytest.raises(BadBenchmark, match=r"qrels\.tsv 第 5 行"):
        read_benchmark(folder)


def test_a_wrong_line_of_the_corpus_is_named(folder: Path) -> None:
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n{"id": "e"}')
    with pytest.raises(BadBenchmark, match=r"corpus\.jsonl 第 5 行"):
        read_benchmark(folder)
    with pytest.raises(BadBenchmark, match="读不出来"):
        read_benchmark(folder / "nowhere")


def test_the_same_corpus_is_indexed_once_and_another_is_not_mixed_in(folder: Path, kb: KnowledgeBase) -> None:
    benchmark = read_benchmark(folder)
    index(benchmark, kb)
    generation = kb.generation
    index(benchmark, kb)
    assert kb.generation == generation
    with pytest.raises(BadBenchmark, match="已有别的文件"):
        index(Benchmark("other", benchmark.corpus[:2], benchmark.queries), kb)


def test_every_way_is_scored_on_the_same_questions(folder: Path, kb: KnowledgeBase, tmp_path: Path) -> None:
    benchmark = read_benchmark(folder)
    index(benchmark, kb)
    outcomes = search(benchmark, kb, lambda _question: ())
    found = summary(outcomes)
    assert {way for way in found if way in WAYS} == set(WAYS)
    assert all(set(found[way]) == set(METRICS) for way in WAYS)
    assert found["final"]["ndcg@10"] == 1.0  # four passages, two plain questions
    # The words of the first question are in no passage, those of the second are.
    assert [one.values["lexical"]["mrr@10"] for one in outcomes] == [0.0, 1.0]
    write_outcomes(outcomes, tmp_path / "out" / "questions.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out" / "questions.jsonl").read_text("utf-8").splitlines()]
    assert {line["question"]: line["ranks"] for line in lines}[QUERIES["1"]]["b"]["lexical"] is None


def test_the_metrics_are_those_of_a_ranking_worked_out_by_hand() -> None:
    second = values({"x": 1}, ["y", "x"])
    assert second["mrr@10"] == 0.5
    assert second["ndcg@10"] == pytest.approx(0.6309, abs=1e-4)  # 1 / log2(3)
    assert values({"x": 1, "z": 1}, ["x"])["recall@10"] == 0.5
    assert values({"x": 1}, []) == dict.fromkeys(METRICS, 0.0)
