"""`xuesi eval bench`: speed, memory and quality side by side with plain LangChain and txtai, in one run."""

from __future__ import annotations

import json
import platform
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from eval.benchmarks import bench_chart
from eval.benchmarks.beir import read_benchmark
from eval.benchmarks.growth import Growth, grow
from eval.benchmarks.rivals import ON_TORCH, RIVALS
from eval.benchmarks.side_by_side import NAMES, Measured, compare, part, ratios
from eval.errors import BadBenchmark
from eval.training import torch_model
from knowledge.cli.console import JsonOption, bar, chinese_errors, print_json
from knowledge.embeddings import ensure_builtin

SIZES = (1_000, 10_000, 55_000)


@chinese_errors
def bench(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="含 corpus.jsonl、queries.jsonl、qrels.tsv。")],
    passages: Annotated[int, typer.Option(help="对比用多少段。", min=100)] = 2_000,
    questions: Annotated[int, typer.Option(help="用多少个问题。", min=10)] = 200,
    only: Annotated[str, typer.Option(help=f"只比其中几个，用逗号分开：{'、'.join(RIVALS)}。")] = ",".join(RIVALS),
    full: Annotated[
        Path | None, typer.Option(metavar="数据文件夹", help="eval beir 建好的数据文件夹；给了就再测段落增多时的快慢。")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件夹", help="把 bench.json 和 bench.svg 写到这里。")] = None,
    as_json: JsonOption = False,
) -> None:
    """同样的段落、问题和模型，与 LangChain、txtai 比快慢、内存和检索质量。

    先运行 python -m pip install --no-deps -r requirements-bench.lock。例：xuesi eval bench ./stard_train --out docs
    """
    names = [name.strip() for name in only.split(",") if name.strip()]
    if unknown := [name for name in names if name not in RIVALS]:
        raise BadBenchmark(f"没有“{'、'.join(unknown)}”这个对比对象；可以用 {'、'.join(RIVALS)}。")
    if "xuesi" not in names:
        raise BadBenchmark("对比对象里要有 xuesi，比率都是和它相比。")
    benchmark = read_benchmark(folder)
    builtin = ensure_builtin()

    def model_of(name: str) -> Path:
        cache = Path(platformdirs.user_cache_dir("xuesi", appauthor=False))
        return torch_model.ensure(cache / "bench" / "torch-model") if name in ON_TORCH else builtin

    growth = None
    with tempfile.TemporaryDirectory(prefix="xuesi-bench-") as temporary:
        work = Path(temporary)
        with bar("对比") as advance:
            found = compare(part(benchmark, passages, questions), names, work, model_of, advance)
        if full is not None:
            with bar("段落增多") as advance:
                growth = grow(benchmark, ctx.obj.knowledge_base(full), SIZES, questions, work, advance)
    told = _told(benchmark.name, passages, questions, found, growth)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "bench.json").write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        bench_chart.draw(found, growth, out / "bench.svg")
    if as_json:
        print_json(told)
        return
    _print(found, growth)


def _told(name: str, passages: int, questions: int, found: list[Measured], growth: Growth | None) -> dict[str, object]:
    return {
        "benchmark": name,
        "date": date.today().isoformat(),
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "passages": passages,
        "questions": questions,
        "measured": [{key: value for key, value in asdict(one).items() if key != "questions"} for one in found],
        "ratios": {**ratios(found), **(_growth_ratios(growth) if growth else {})},
        "growth": asdict(growth) if growth else None,
    }


def _growth_ratios(growth: Growth) -> dict[str, float]:
    by = {one.passages: one for one in growth.sizes}
    middle, largest = by[sorted(by)[len(by) // 2]], by[max(by)]
    return {
        f"query p50 / encoding p50, {middle.passages} passages": round(middle.p50 / growth.encoding_p50, 3),
        f"query p95, {largest.passages} / {middle.passages} passages": round(largest.p95 / middle.p95, 3),
    }


def _print(found: list[Measured], growth: Growth | None) -> None:
    print(f"{'':<22}{'入库 字/秒':>12}{'字/CPU秒':>10}{'检索 p50':>10}{'p95 毫秒':>10}{'内存 MB':>9}{'nDCG@10':>10}")
    for one in found:
        quality = "" if one.ndcg is None else f"{one.ndcg:.4f}"
        print(
            f"{NAMES[one.name]:<22}{one.rate:>12,.0f}{one.cpu_rate:>10,.0f}{one.p50:>10.1f}{one.p95:>10.1f}{one.mb:>9,.0f}{quality:>10}"
        )
    for name, value in {**ratios(found), **(_growth_ratios(growth) if growth else {})}.items():
        print(f"  {name}: {value}")
    if growth:
        for size in growth.sizes:
            print(f"{size.passages:>8,} 段：检索 p50 {size.p50:.1f}，p95 {size.p95:.1f} 毫秒，内存 {size.mb:,.0f} MB")
        print(f"只编码问题：p50 {growth.encoding_p50:.1f}，p95 {growth.encoding_p95:.1f} 毫秒")
        print(f"xuesi serve（{growth.server_passages:,} 段）：内存 {growth.server_mb:,.0f} MB")
