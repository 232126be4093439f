"""`xuesi eval close`: how well questions that ask the same are told from those that only look alike."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Annotated

import typer

from assistant.curated_answers.similarity import CALIBRATION, Calibration
from eval.scoring.closeness import SPLITS, fit, likenesses, load_pairs, rates, with_saved
from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json, progress


@chinese_errors
def close(
    ctx: typer.Context,
    refit: Annotated[
        bool, typer.Option("--fit", help="重新拟合，写入 assistant/curated_answers/similarity.json。")
    ] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """量一量审定答案的匹配：同一问题的不同问法认出多少，看着像而不同的问题认错多少。

    例：xuesi eval close --data ./official-data
    """
    answerer, kb = ctx.obj.answerer(data), ctx.obj.knowledge_base(data)
    pairs = load_pairs()
    found = likenesses(list(progress(pairs, "比较问题")), lru_cache(maxsize=None)(answerer.asked), kb)
    if refit:
        CALIBRATION.write_text(json.dumps(fit(pairs, found), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    calibration = Calibration.load()
    measured, saved = {}, {}
    for split in SPLITS:
        half = [(pair, one) for pair, one in zip(pairs, found, strict=True) if pair.split == split]
        some, likes = [pair for pair, _ in half], [one for _, one in half]
        measured[split], saved[split] = rates(some, likes, calibration), with_saved(some, likes, calibration)
    if as_json:
        print_json({split: {**asdict(one), "others_saved": saved[split]} for split, one in measured.items()})
        return
    for split, one in measured.items():
        print(
            f"{split}：{one.pairs} 对，同一问题认出 {one.found:.1%}，不同问题认错 {one.mistaken:.1%}；"
            f"只看余弦、认错一样多时认出 {one.by_cosine:.1%}；"
            f"存了其余问法再问一种，认出 {saved[split]['found']:.1%}、认错 {saved[split]['mistaken']:.1%}，"
            f"连同提示 {saved[split]['offered']:.1%}、错提示 {saved[split]['offered_wrongly']:.1%}"
        )
