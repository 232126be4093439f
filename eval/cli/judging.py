"""`xuesi eval judge`: a language model judges the answers of a run, once it was measured against people."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from eval.errors import NoJudge
from eval.judging import kept
from eval.judging.agreement import LEAST_KAPPA, Agreement, agreement
from eval.judging.judge import Judge, judge_all
from eval.judging.judgements import of_result, read_judgements
from eval.running.folder import read
from knowledge.cli.console import JsonOption, chinese_errors, print_json, progress


@chinese_errors
def judge_run(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="结果文件夹", help="xuesi eval run 的结果文件夹。")],
    people: Annotated[
        Path,
        typer.Option(
            metavar="文件", help="人的判断（JSONL：question、reference、answer、right），先用它量模型与人是否一致。"
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """用配置的语言模型给一次评测的回答评卷；先量它与人的一致程度，低于底线的评卷结果标为不可信。

    例：xuesi eval judge eval-runs/today --people data/judgements.jsonl
    """
    endpoint = ctx.obj.endpoint
    if endpoint is None:
        raise NoJudge("还没有配置语言模型，不能评卷；请设 XUESI_LLM_BASE_URL 和 XUESI_LLM_MODEL 后再试。")
    run, said = read(folder), read_judgements(people)
    judge = Judge(endpoint)
    measured = agreement([bool(one.right) for one in said], judge_all(judge, said, partial(progress, what="与人对照")))
    answers = [of_result(result) for result in run.results]
    verdicts = judge_all(judge, answers, partial(progress, what="评卷"))
    found = kept.figures(judge.name, verdicts, measured)
    kept.write(folder, answers, verdicts, found)
    if as_json:
        print_json(kept.figures_json(found))
        return
    print("\n".join(_told(measured)))
    share = f"{found.right / found.judged:.3f}" if found.judged else "—"
    unsaid = f"，{found.unsaid} 题没有说对错" if found.unsaid else ""
    print(f"评卷（{found.name}）：{found.judged} 题里 {found.right} 题答对，{share}{unsaid}")
    if not measured.trusted:
        print("以上评卷结果不可信，不要用来下结论。")


def _told(measured: Agreement) -> list[str]:
    kappa = "算不出" if measured.kappa is None else f"{measured.kappa:.3f}"
    lines = [
        f"与人对照：{measured.judgements} 条，一致 {measured.agreed} 条（{measured.share:.3f}），"
        f"Cohen κ {kappa}（底线 {LEAST_KAPPA}）",
        f"  人判错、模型判对 {measured.too_kind} 条；人判对、模型判错 {measured.too_strict} 条；"
        f"模型没有说对错 {measured.unsaid} 条",
    ]
    return [*lines, *(f"  不可信：{doubt}" for doubt in measured.doubts)]
