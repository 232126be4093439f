"""`xuesi kb learn`: a query adapter from a library's own confirmed questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.errors import BadLesson
from eval.suite import load_suite
from eval.training.learn import Teacher, confirmed_by
from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json
from knowledge.embeddings.adapter import FILE, SHIPPED, QueryAdapter

#: Where a library's own cases are kept, in its data folder.
CASES = "cases.jsonl"


@chinese_errors
def learn(
    ctx: typer.Context,
    cases: Annotated[
        list[Path] | None,
        typer.Option(metavar="文件", help="评测题 .jsonl，可给多个；默认数据文件夹里的 cases.jsonl。"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试，不启用。")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """从确认过答案的问题里学习怎样检索；在没学过的那部分问题上显著变好才启用。

    原来学到的在没有变好时保持不变。例：xuesi kb learn --cases 题目.jsonl --dry-run
    """
    folder = ctx.obj.data_folder(data)
    files = cases or [folder / CASES]
    if missing := [str(file) for file in files if not file.is_file()]:
        raise BadLesson(f"没有评测题文件 {'、'.join(missing)}；请用 --cases 指定，或先在检索试查页保存评测题。")
    kb = ctx.obj.knowledge_base(data)
    found = [case for file in files for case in load_suite(str(file)).cases]
    shipped = QueryAdapter.load(SHIPPED)
    teacher = Teacher(kb, confirmed_by(found, kb), shipped if shipped.encoder == kb.encoder.name else None)
    trial = teacher.trial()
    enabled = trial.pays and not dry_run
    if enabled:
        teacher.learn().save(folder / FILE)
    if as_json:
        print_json(
            {
                "questions": trial.questions,
                "ndcg@10": {"before": round(trial.before, 4), "after": round(trial.after, 4)},
                "p": trial.p,
                "pays": trial.pays,
                "enabled": enabled,
            }
        )
        return
    print(
        f"{trial.questions} 个问题，每次拿出五分之一不学只考：nDCG@10 {trial.before:.4f} → {trial.after:.4f}，p={trial.p:.4f}"
    )
    if enabled:
        print(f"显著变好，已启用：{folder / FILE}（删去这个文件就恢复原样）。")
    else:
        print("显著变好；去掉 --dry-run 就启用。" if trial.pays else "没有显著变好，检索保持原样。")
