"""`xuesi eval`: run a suite and show what it says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.answerability import CALIBRATION, Signals
from eval.calibrate import collect, fit
from eval.folder import SUMMARY, write
from eval.gate import falls, read_baseline, scores_by_case, write_baseline
from eval.run import Result, aggregates, run
from eval.suite import Case, load_suite
from knowledge.console import DataOption, chinese_errors, progress

app = typer.Typer(help="评测：成批提问，逐题打分。", no_args_is_help=True)


@app.command("run")
@chinese_errors
def run_suite(
    ctx: typer.Context,
    suite: Annotated[str, typer.Argument(help="自带评测集的名字（如 official），或一个 .jsonl 文件。")],
    out: Annotated[Path | None, typer.Option(help="结果文件夹，默认 eval-runs/时间。")] = None,
    split: Annotated[str | None, typer.Option(help="只评 dev 或 test 部分。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    data: DataOption = None,
) -> None:
    """逐题提问并打分，把回答、分数和汇总写进结果文件夹。

    例：xuesi eval run official --split dev --data ./official-data --out eval-runs/today
    """
    cases = load_suite(suite, split)
    folder = out or Path("eval-runs") / datetime.now().strftime("%Y%m%d-%H%M%S")
    results = run(
        cases, ctx.obj.knowledge_base(data), ctx.obj.answerer(data), lambda all_cases: progress(all_cases, "评测")
    )
    write(results, cases, ctx.obj.knowledge_base(data), folder, split)
    if as_json:
        print((folder / SUMMARY).read_text(encoding="utf-8").strip())
        return
    print(f"{cases.name}：{len(results)} 题，结果在 {folder}")
    _print_means(results)


@app.command("gate")
@chinese_errors
def gate(
    ctx: typer.Context,
    suite: Annotated[str, typer.Argument(help="评测集的名字，例如 starter。")],
    accept: Annotated[bool, typer.Option("--accept", help="把这次的结果定为新的基线。")] = False,
    data: DataOption = None,
) -> None:
    """与提交的基线逐题比较：有显著下降，或有引文与原文不符，就以退出码 1 结束并列出题号。

    例：xuesi eval gate starter --data ./data
    """
    cases = load_suite(suite)
    results = run(
        cases, ctx.obj.knowledge_base(data), ctx.obj.answerer(data), lambda all_cases: progress(all_cases, "评测")
    )
    scores = scores_by_case(results)
    _print_means(results)
    if accept:
        print(f"新的基线：{write_baseline(cases.name, scores)}")
        return
    fallen = falls(read_baseline(cases.name), scores)
    for fall in fallen:
        chance = "" if fall.p is None else f"，p={fall.p:.3f}"
        print(f"变差：{fall.metric} {fall.before:.3f} → {fall.now:.3f}{chance}；题号：{'、'.join(fall.cases[:30])}")
    if fallen:
        raise typer.Exit(1)
    print("没有显著变差。")


@app.command("calibrate")
@chinese_errors
def calibrate(
    ctx: typer.Context,
    pairs: Annotated[list[str], typer.Argument(metavar="评测集=数据文件夹…", help="用哪些评测集的 dev 部分来拟合。")],
) -> None:
    """重新拟合“能不能回答”的判断，写入 assistant/answerability.json。

    例：xuesi eval calibrate official=./official-data starter=./data
    """
    found: list[tuple[Case, Signals]] = []
    for pair in pairs:
        name, _, folder = pair.partition("=")
        found += collect(ctx.obj.answerer(Path(folder)), load_suite(name, "dev").cases)
    stored = json.dumps(fit(found), ensure_ascii=False, indent=2)
    CALIBRATION.write_text(stored + "\n", encoding="utf-8")
    print(stored)


def _print_means(results: Sequence[Result]) -> None:
    for metric, one in aggregates(results).items():
        between = "" if one.low is None or one.high is None else f"  [{one.low:.3f}, {one.high:.3f}]"
        print(f"  {metric:<20} {one.mean:.3f}{between}  ({one.cases} 题)")
