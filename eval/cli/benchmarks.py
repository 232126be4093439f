"""`xuesi eval beir` and `xuesi eval exam`: public benchmarks and question banks, searched the way the product searches."""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from eval.benchmarks.beir import METRICS, WAYS, index, read_benchmark, search, summary, write_outcomes
from eval.benchmarks.exam import read_bank, result, result_json, sample, sit, write_marked
from eval.cli.bench import bench
from eval.scoring.significance import Interval
from knowledge.cli.console import DataOption, JsonOption, bar, chinese_errors, print_json, progress
from knowledge.retrieval.lexicon import Lexicon


def register(app: typer.Typer) -> None:
    """Add the benchmark commands to `xuesi eval`."""
    app.command("beir")(beir)
    app.command("exam")(exam)
    app.command("bench")(bench)


@chinese_errors
def beir(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", help="含 corpus.jsonl、queries.jsonl、qrels.tsv（或 qrels/test.tsv）。")
    ],
    split: Annotated[str | None, typer.Option(help="用 qrels/名字.tsv。")] = None,
    limit: Annotated[int | None, typer.Option(help="只用前多少个问题。", min=1)] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="文件", help="逐题结果写到哪里，默认 eval-runs/时间-名字.jsonl，最差的在前。")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    data: DataOption = None,
) -> None:
    """用一个 BEIR 格式的检索基准，给词法、语义、融合和最终四种检索打分。

    段落存进 --data 的文件夹（默认用户缓存），已有同样的段落时直接使用。例：xuesi eval beir ./stard_train
    """
    benchmark = read_benchmark(folder, split)
    kb = ctx.obj.knowledge_base(data or _cache(benchmark.name))
    with bar("编码段落") as advance:
        indexing = index(benchmark, kb, advance)
    if limit:
        benchmark = benchmark.first(limit)
    start = time.perf_counter()
    outcomes = search(benchmark, kb, Lexicon.load().expand, partial(progress, what="检索"))
    means = summary(outcomes)
    found = {
        "queries": len(outcomes),
        "passages": len(benchmark.corpus),
        **means,
        "seconds": {"index": round(indexing, 1), "search": round(time.perf_counter() - start, 1)},
    }
    out = out or _questions(benchmark.name)
    write_outcomes(outcomes, out)
    if as_json:
        print_json(found)
        return
    print(f"{benchmark.name}：{len(outcomes)} 个问题，{len(benchmark.corpus)} 段，逐题结果在 {out}")
    print(f"  {'':<8} " + " ".join(f"{name:>10}" for name in METRICS))
    for way in WAYS:
        print(f"  {way:<8} " + " ".join(f"{means[way][name]:>10.4f}" for name in METRICS))
    tests = means["significance"]
    for half in ("lexical", "dense"):
        print(f"  final 比 {half}：nDCG@10 {tests[f'final-{half}']:+.4f}，p={tests[f'p final-{half}']:.4f}")


@chinese_errors
def exam(
    ctx: typer.Context,
    bank: Annotated[Path, typer.Argument(metavar="题库", help=".jsonl，每行 question、options、answer。")],
    limit: Annotated[int | None, typer.Option(help="随机抽多少题，默认全部。", min=1)] = None,
    seed: Annotated[int, typer.Option(help="抽题用的随机种子。")] = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="文件", help="逐题结果写到哪里，默认 eval-runs/时间-名字.jsonl，做错的在前。")
    ] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """用文件库做一套选择题、判断题：选库中依据最足的选项；与只用词法检索和瞎猜相比。

    没有选项的题不计。例：xuesi eval exam 题库.jsonl --limit 300 --data ./official-data
    """
    questions, left_out = read_bank(bank)
    drawn = sample(questions, limit, seed)
    marked = list(
        sit(drawn, ctx.obj.knowledge_base(data), ctx.obj.answerer(data).searcher, partial(progress, what="做题"))
    )
    found = result(marked)
    out = out or _questions(bank.stem)
    write_marked(marked, out)
    if as_json:
        print_json({**result_json(found), "left_out": left_out})
        return
    print(f"{bank.name}：{len(marked)} 题" + (f"，另有 {left_out} 行没有可用的选项，不计" if left_out else ""))
    print(f"  逐题结果    {out}")
    print(f"  全部作答    {_rate(found.accuracy)}")
    print(f"  只用词法    {_rate(found.lexical)}  p={found.p:.4f}（McNemar）")
    print(f"  瞎猜        {found.chance:.3f}")
    sure = found.accuracy_when_sure
    print(f"  有把握才答  {_rate(sure) if sure else '没有一题'}  答了 {found.coverage:.1%} 的题")


def _questions(name: str) -> Path:
    """Where the results per question go when nothing else is said."""
    return Path("eval-runs") / f"{datetime.now():%Y%m%d-%H%M%S}-{name}.jsonl"


def _rate(found: Interval) -> str:
    between = "" if found.low is None or found.high is None else f"  [{found.low:.3f}, {found.high:.3f}]"
    return f"{found.mean:.3f}{between}"


def _cache(name: str) -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("xuesi", appauthor=False)) / "bench" / name
