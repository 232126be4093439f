"""`xuesi eval bench`: rivals run in processes of their own, and our growth is measured on copied vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import Wiring, cli
from assistant.cli.settings import Settings
from eval.benchmarks.beir import Benchmark, Query, index
from eval.benchmarks.bench_chart import draw
from eval.benchmarks.growth import Growth, Size, copy_part, grow
from eval.benchmarks.rivals import RIVALS
from eval.benchmarks.side_by_side import NAMES, Measured, Process, compare, part, ratios
from eval.errors import BadBenchmark, MissingExtra
from knowledge.embeddings import builtin, open_encoder
from knowledge.ingestion.collection import Item
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

TEXTS = {
    "a": "公园在冬季每日七时开放，十八时关闭。",
    "b": "游船每人每次收费二十元，儿童减半。",
    "c": "遗失的物品由值班室登记，保管六十日。",
    "d": "园内不得生火、露营或者携带烈性犬。",
    "e": "举办展览的，应当提前十五日提出申请。",
}
PARK = Benchmark(
    "park",
    [Item(key, "公园", text) for key, text in TEXTS.items()],
    [Query("1", "坐船要多少钱", {"b": 1}), Query("2", "遗失的物品保管多久", {"c": 1})],
)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[KnowledgeBase]:
    opened = KnowledgeBase.open(tmp_path / "full", open_encoder, register=Register.load())
    yield opened
    opened.close()


def test_a_part_holds_the_answers_of_its_questions() -> None:
    small = part(PARK, 2, 1, seed=1)
    assert len(small.corpus) == 2
    assert len(small.queries) == 1
    assert small.queries[0].relevant.keys() <= {item.key for item in small.corpus}
    assert part(PARK, 99, 99).corpus == PARK.corpus


@pytest.mark.slow
def test_every_rival_has_a_name_and_ours_finds_what_answers(tmp_path: Path) -> None:
    assert NAMES.keys() == RIVALS.keys()
    encoder, ours = compare(PARK, ["encoder", "xuesi"], tmp_path, lambda _name: builtin.folder())
    assert encoder.ndcg is None
    assert ours.ndcg == 1.0
    assert min(ours.rate, ours.cpu_rate, ours.p50, ours.mb) > 0
    assert ours.p50 <= ours.p95
    assert set(ratios([encoder, ours])) == {"index / bare encoder", "query p50 / bare encoding"}


def test_ratios_say_how_many_times_faster_we_are() -> None:
    found = ratios([Measured("xuesi", 200, 100, 5, 9, 300, 0.5), Measured("txtai", 100, 50, 20, 30, 600, 0.4)])
    assert found["index / txtai"] == 2.0
    assert found["txtai query p50 / ours"] == 4.0
    assert found["ndcg@10 - txtai"] == 0.1


def test_a_missing_package_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = tmp_path / "absent"
    absent.mkdir()
    (absent / "txtai.py").write_text("raise ModuleNotFoundError('No module', name='txtai')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(absent))
    with pytest.raises(MissingExtra, match=r"缺少对比用的软件包 txtai；.*requirements-bench\.lock"):
        Process("txtai", tmp_path / "work", builtin.folder())
    assert MissingExtra.exit_code == 2


def test_a_rival_that_dies_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadBenchmark, match="nobody 没有跑完（KeyError"):
        Process("nobody", tmp_path / "work", builtin.folder())


@pytest.mark.slow
def test_langchain_finds_the_same_passage(tmp_path: Path) -> None:
    pytest.importorskip("langchain_chroma")
    pytest.importorskip("langchain_huggingface")
    (found,) = compare(PARK, ["langchain-int8"], tmp_path, lambda _name: builtin.folder())
    assert found.ndcg == 1.0


@pytest.mark.slow
def test_growth_is_measured_on_copied_vectors(full: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(BadBenchmark, match="缺 5 段的向量"):
        copy_part(PARK, full, tmp_path / "early")
    index(PARK, full)
    found = grow(PARK, full, (3, 5), 2, tmp_path / "work")
    assert [size.passages for size in found.sizes] == [3, 5]
    assert all(0 < size.p50 <= size.p95 for size in found.sizes)
    assert found.server_passages == 5
    assert 50 < found.server_mb < 2_000


def test_the_chart_names_everybody_and_shows_growth(tmp_path: Path) -> None:
    found = [
        Measured("xuesi", 200, 100, 5, 9, 300, 0.5),
        Measured("langchain", 90, 50, 25, 40, 900, 0.4),
        Measured("encoder", 220, 110, 4, 6, 200, None),
    ]
    growth = Growth((Size(1000, 8, 12, 400), Size(10_000, 9, 14, 420)), 5, 7, 10_000, 500)
    draw(found, growth, tmp_path / "bench.svg")
    assert (tmp_path / "bench.svg").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [(["--only", "xuesi,nobody"], "没有“nobody”这个对比对象"), (["--only", "txtai"], "要有 xuesi")],
)
def test_wrong_rivals_end_with_one_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"id": "a", "text": "甲"}), encoding="utf-8")
    result = CliRunner().invoke(cli, ["eval", "bench", str(tmp_path), *options], obj=Wiring(Settings()))
    assert result.exit_code == 2
    assert sentence in result.stderr
