"""`xuesi eval`: run a suite and show what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from assistant.answerer import Answerer
from assistant.answering.answerability import CALIBRATION, Signals
from assistant.model import Mode
from assistant.understanding.own_topic import WEIGHTS, Leaning
from eval.cli import benchmarks
from eval.cli.judging import judge_run
from eval.errors import BadRun
from eval.reporting.report import report
from eval.running.compare import Change, compare, comparison_json
from eval.running.folder import SUMMARY, read, write
from eval.running.gate import read_baseline, scores_by_case, told, write_baseline
from eval.running.run import aggregates, causes, run
from eval.running.verdict import judge, verdict
from eval.scoring.causes import LABELS
from eval.scoring.metrics import chance, label, ordered
from eval.scoring.result import Result
from eval.suite import Case, Suite, load_suite, version_of
from eval.suite_diff import SuiteDiff, suite_diff
from eval.training import own_topic
from eval.training.calibrate import collect, fit
from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json, progress

app = typer.Typer(help="评测：成批提问，逐题打分。", no_args_is_help=True)

NAMED = 20  # cases or documents named in one line
_WAYS = {"auto": None, "extract": Mode.EXTRACT, "generate": Mode.GENERATE}


@app.command("run")
@chinese_errors
def run_suite(
    ctx: typer.Context,
    suite: Annotated[str, typer.Argument(help="自带评测集的名字（如 official），或一个 .jsonl 文件。")],
    out: Annotated[Path | None, typer.Option(help="结果文件夹，默认 eval-runs/时间。")] = None,
    split: Annotated[str | None, typer.Option(help="只评 dev 或 test 部分。")] = None,
    mode: Annotated[str, typer.Option(help="auto、extract（原文摘录）或 generate（AI生成，需要配置模型）。")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    data: DataOption = None,
) -> None:
    """逐题提问并打分，把回答、分数和汇总写进结果文件夹。

    例：xuesi eval run official --split dev --data ./official-data --out eval-runs/today
    """
    if mode not in _WAYS:
        raise BadRun(f"没有“{mode}”这种回答方式，请用 auto、extract 或 generate。")
    if _WAYS[mode] is Mode.GENERATE and ctx.obj.writer_for() is None:
        raise BadRun("还没有配置语言模型，不能用 generate；请去掉 --mode，或用 --mode extract。")
    cases = load_suite(suite, split)
    folder = out or Path("eval-runs") / datetime.now().strftime("%Y%m%d-%H%M%S")
    results = _asked(ctx, cases, data, _WAYS[mode])
    write(results, cases, ctx.obj.knowledge_base(data), folder, {"split": split, "mode": mode})
    if as_json:
        print((folder / SUMMARY).read_text(encoding="utf-8").strip())
        return
    print(f"{cases.name}：{len(results)} 题，结果在 {folder}")
    print("\n".join(judge(read(folder), None).told()))
    _print_means(results)
    _print_causes(results)


@app.command("gate")
@chinese_errors
def gate(
    ctx: typer.Context,
    suite: Annotated[str, typer.Argument(help="评测集的名字，例如 starter。")],
    accept: Annotated[bool, typer.Option("--accept", help="把这次的结果定为新的基线。")] = False,
    out: Annotated[Path | None, typer.Option(help="另把结果写进这个文件夹，供 report 和 compare 使用。")] = None,
    data: DataOption = None,
) -> None:
    """与提交的基线逐题比较：有显著下降，或有引文与原文不符，就以退出码 1 结束并列出是哪些题。

    例：xuesi eval gate starter --data ./data
    """
    cases = load_suite(suite)
    baseline = {} if accept else read_baseline(cases.name)
    # A model's words differ from day to day; what is held to the baseline does not.
    results = _asked(ctx, cases, data, Mode.EXTRACT)
    judged = verdict(results, baseline, "提交的基线" if baseline else None)
    print("\n".join(judged.told()))
    _print_means(results)
    if out:
        write(results, cases, ctx.obj.knowledge_base(data), out, {"split": None, "mode": "extract"})
    if accept:
        print(f"新的基线：{write_baseline(cases.name, scores_by_case(results))}")
        return
    if judged.falls:
        print("\n".join(told(judged.falls, results)))
        raise typer.Exit(1)
    print("没有显著变差。")


@app.command("compare")
@chinese_errors
def compare_runs(
    before: Annotated[Path, typer.Argument(metavar="结果文件夹A", help="先前的结果。")],
    after: Annotated[Path, typer.Argument(metavar="结果文件夹B", help="后来的结果。")],
    as_json: JsonOption = False,
) -> None:
    """逐题比较同一评测集的两次结果：每项变好、变差还是看不出差别，是哪些题。

    例：xuesi eval compare eval-runs/monday eval-runs/today
    """
    found = compare(read(before), read(after))
    if as_json:
        print_json(comparison_json(found))
        return
    apart = f"，另有 {found.left_out} 道只在一边或改过，没有比" if found.left_out else ""
    print(f"{found.after.suite}：{found.common} 道相同的题{apart}")
    if found.suite:
        print("评测集改过：")
        _print_diff(found.suite)
    if found.library:
        print("两次评测用的文件库不一样：")
        for words, names in (("只有先前有", found.library.gone), ("只有后来有", found.library.new)):
            print(f"  {words}（{len(names)}）  {_some(names) or '无'}")
        print(f"  内容改过（{len(found.library.changed)}）  {_some(found.library.changed) or '无'}")
    for change in found.changes:
        if change.moved:
            print(f"  {change.verdict}  {_change(change)}")
    print(f"  没有变化  {'、'.join(label(change.metric) for change in found.changes if not change.moved)}")
    for word, cases in (("变差", found.worse), ("变好", found.better)):
        print(f"{word}的题（{len(cases)} 道）：")
        for moved in cases:
            print(f"  {moved.case.id}  {moved.case.question}")
            for step in moved.steps:
                print(f"      {label(step.metric)} {step.before:.2f} → {step.after:.2f}  {step.now}")


@app.command("diff")
@chinese_errors
def diff(
    before: Annotated[str, typer.Argument(metavar="评测集A", help="评测集的名字、.jsonl 文件，或结果文件夹。")],
    after: Annotated[str, typer.Argument(metavar="评测集B", help="同上。")],
    as_json: JsonOption = False,
) -> None:
    """评测集的两个版本差在哪里：多了、少了、改了哪些题。

    例：xuesi eval diff eval-runs/monday starter
    """
    (old, old_version), (new, new_version) = _cases(before), _cases(after)
    found = suite_diff(old, new)
    if as_json:
        print_json({"before": old_version, "after": new_version, **asdict(found)})
        return
    if old_version == new_version:
        print(f"同一个版本（{new_version}）。")
        return
    print(f"{before}（{old_version}，{len(old)} 题）→ {after}（{new_version}，{len(new)} 题）")
    _print_diff(found)


@app.command("report")
@chinese_errors
def report_run(
    folder: Annotated[Path, typer.Argument(metavar="结果文件夹", help="xuesi eval run 的结果文件夹。")],
    against: Annotated[Path | None, typer.Option(metavar="结果文件夹", help="先前的结果，逐题比较。")] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件", help="写到哪里，默认结果文件夹里的 report.html。")] = None,
) -> None:
    """写一份单个网页的报告：能不能发布、各项指标、图，以及每道题的回答和得分。

    例：xuesi eval report eval-runs/today --against eval-runs/monday
    """
    target = out or folder / "report.html"
    page = report(read(folder), read(against) if against else None)
    try:
        target.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadRun(f"报告写不到 {target}（{error.strerror}）；请换一个 --out。") from None
    print(target)


@app.command("calibrate")
@chinese_errors
def calibrate(
    ctx: typer.Context,
    pairs: Annotated[list[str], typer.Argument(metavar="评测集=数据文件夹…", help="用哪些评测集的 dev 部分来拟合。")],
) -> None:
    """重新拟合“能不能回答”的判断，写入 assistant/answering/answerability/calibration.json。

    例：xuesi eval calibrate official=./official-data starter=./data
    """
    found: list[tuple[Case, Signals]] = []
    for name, answerer in _answerers(ctx, pairs):
        found += collect(answerer, load_suite(name, "dev").cases)
    stored = json.dumps(fit(found), ensure_ascii=False, indent=2)
    CALIBRATION.write_text(stored + "\n", encoding="utf-8")
    print(stored)


@app.command("own-topic")
@chinese_errors
def fit_own_topic(
    ctx: typer.Context,
    pairs: Annotated[list[str], typer.Argument(metavar="评测集=数据文件夹…", help="用哪些评测集来拟合。")],
) -> None:
    """重新拟合“短问题是追问还是另起话题”的判断，写入 assistant/understanding/own_topic.json。

    例：xuesi eval own-topic official=./official-data starter=./data
    """
    found: list[tuple[bool, Leaning]] = []
    for name, answerer in _answerers(ctx, pairs):
        found += own_topic.collect(answerer, load_suite(name).cases)
    stored = json.dumps(own_topic.fit(found, ctx.obj.encoder.name), ensure_ascii=False, indent=2)
    WEIGHTS.write_text(stored + "\n", encoding="utf-8")
    print(stored)


benchmarks.register(app)
app.command("judge")(judge_run)


def _answerers(ctx: typer.Context, pairs: Sequence[str]) -> Iterator[tuple[str, Answerer]]:
    """For each `suite=data folder` the suite's name and who answers from that folder."""
    for pair in pairs:
        name, _, folder = pair.partition("=")
        yield name, ctx.obj.answerer(Path(folder))


def _asked(ctx: typer.Context, suite: Suite, data: Path | None, mode: Mode | None) -> list[Result]:
    """Every case asked and scored, with a bar that says how far it is."""
    bar = partial(progress, what="评测")
    return run(suite, ctx.obj.knowledge_base(data), ctx.obj.answerer(data), bar, mode)


def _print_means(results: Sequence[Result]) -> None:
    means = aggregates(results)
    for metric in ordered(means):
        one = means[metric]
        between = "" if one.low is None or one.high is None else f"  [{one.low:.3f}, {one.high:.3f}]"
        print(f"  {metric:<20} {one.mean:.3f}{between}  ({one.cases} 题)  {label(metric)}")


def _cases(name: str) -> tuple[tuple[Case, ...], str]:
    """The cases of a suite, or those a run was made with, and the version."""
    if (Path(name) / SUMMARY).is_file():
        found = read(Path(name))
        return tuple(one.case for one in found.results), version_of(found.suite_sha256)
    suite = load_suite(name)
    return suite.cases, suite.version


def _print_diff(found: SuiteDiff) -> None:
    for words, ids in (("新增", found.added), ("删去", found.removed)):
        print(f"  {words} {len(ids)} 题  {_some(ids)}".rstrip())
    print(f"  改动 {len(found.changed)} 题")
    for case, names in found.changed:
        print(f"    {case}  {'、'.join(names)}")


def _some(names: Sequence[str]) -> str:
    """The first of many; `--json` has all of them."""
    return "、".join(names[:NAMED]) + (" 等" if len(names) > NAMED else "")


def _print_causes(results: Sequence[Result]) -> None:
    """`31 题  前十段里没有  修好后：答好的题 +7.5 个百分点，要点齐全 +5.1 个百分点`."""
    lost = causes(results)
    print("没答好的题，原因（程序判断）：" if lost else "每道题都答好了。")
    for toll in lost:
        gain = f"答好的题 +{toll.served * 100:.1f} 个百分点，要点齐全 +{toll.key_points * 100:.1f} 个百分点"
        print(f"  {len(toll.cases):>4} 题  {LABELS[toll.cause]}（{toll.cause}）  修好后：{gain}")


def _change(change: Change) -> str:
    """`0.871 → 0.846  差 -0.024 [-0.050, +0.002]  p=0.031，校正后 p=0.218（置换，205 题）  要点齐全`."""
    one = change.difference
    between = "" if one.low is None or one.high is None else f" [{one.low:+.3f}, {one.high:+.3f}]"
    sure = f"{chance(change.p)}，校正后 {chance(change.adjusted)}（{change.test}，{one.cases} 题）"
    return f"{change.before:.3f} → {change.after:.3f}  差 {one.mean:+.3f}{between}  {sure}  {label(change.metric)}"
