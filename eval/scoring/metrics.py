"""What each score is called on the screen and what it means; what it has to reach, `floors` says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """Every case of a `hard` one must score 1. A `watched` one may not fall significantly. `outcome`: it says whether a
    reader was served well, so a case that falls in it got worse."""

    name: str
    label: str
    meaning: str
    hard: bool = False
    watched: bool = False
    outcome: bool = False


#: In the order in which they are shown.
METRICS: tuple[Metric, ...] = (
    Metric("quotes", "引文与原文一致", "每处引文与原文逐字相同", hard=True, outcome=True),
    Metric("refused", "该拒答的拒答", "库里没有答案的题，拒答或按要求提示", watched=True, outcome=True),
    Metric("answered", "该回答的回答", "库里有答案的题没有误拒", watched=True, outcome=True),
    Metric("key_points_capped", "要点齐全（400 字内）", "前 400 字（清单等除外）说到的要点占比", outcome=True),
    Metric("in_force_first", "先引现行版本", "问现行规定的题，第一处引文现行有效", watched=True, outcome=True),
    Metric("key_points", "要点齐全（不限字数）", "整个回答说到的要点占比", watched=True),
    Metric("nothing_forbidden", "没说错话", "没有出现不该说的内容（如旧版数字）", watched=True, outcome=True),
    Metric("evidence_recall", "出处引全", "金标准出处被引到的占比", watched=True, outcome=True),
    Metric("citation_precision", "引文切题", "引文中属于金标准出处的占比"),
    Metric("article_exact", "查条文准确", "按条号查询，引的正是那一条", outcome=True),
    Metric("same_standalone", "追问不走样", "追问与把话说全的问题结果一致", outcome=True),
    Metric("names_missing", "说出缺哪部文件", "拒答时指出真正缺少的文件", outcome=True),
    Metric("supported", "AI 的话有依据", "AI 生成的句子里，在所引原文中找到依据的占比", outcome=True),
    Metric("sure_right", "把握较大的答对", "说把握较大的回答里，出自金标准出处、要点至少说到一半、没有说错的占比"),
    Metric("length", "篇幅合适", "不超过 400 字（清单等除外）"),
    Metric("recall@10", "检索召回@10", "前 10 段里找到的金标准出处占比"),
    Metric("ndcg@10", "检索 nDCG@10", "金标准出处排得越前越高"),
    Metric("mrr@10", "检索 MRR@10", "第一个金标准出处名次的倒数"),
    Metric("hit@1", "第一段命中", "第一段出自金标准文件或条文"),
    Metric("hit@10", "前十段命中", "前 10 段里有金标准文件或条文"),
    Metric("key_points_top1", "对照：照抄第一段", "不加工、照抄检索第一段时说到的要点占比"),
)
BY_NAME = {metric.name: metric for metric in METRICS}
HARD = tuple(metric.name for metric in METRICS if metric.hard)
WATCHED = tuple(metric.name for metric in METRICS if metric.watched)
OUTCOMES = tuple(metric.name for metric in METRICS if metric.outcome)

TYPES = {
    "article": "查条文",
    "comparison": "比较",
    "definition": "定义",
    "edition_changed": "新旧对照",
    "edition_current": "现行版本",
    "edition_old": "旧版本",
    "false_premise": "前提不实",
    "list": "列举",
    "missing_article": "条号不存在",
    "missing_edition": "版本不在库",
    "not_stated": "原文没有规定",
    "multi_turn": "追问",
    "not_in_library": "文件不在库",
    "number": "数字",
    "other_field": "领域之外",
    "personal_case": "个人处理",
    "prediction": "预测",
    "procedure": "程序",
    "situation": "情景",
    "time_limit": "期限",
    "typo": "错字简称",
    "under_specified": "问得太泛",
    "who": "主体",
}


def label(metric: str) -> str:
    """The Chinese name; a metric that is not known keeps its own."""
    return BY_NAME[metric].label if metric in BY_NAME else metric


def type_label(type: str) -> str:
    """The Chinese name of a type of case; a type that is not known keeps its own."""
    return TYPES.get(type, type)


def ordered(names: Iterable[str]) -> list[str]:
    """The metrics among `names` in the order in which they are shown, unknown ones last by name."""
    given = set(names)
    known = [metric.name for metric in METRICS if metric.name in given]
    return known + sorted(given - set(known))


def chance(p: float) -> str:
    """A p-value as it is read."""
    return "p<0.001" if p < 0.001 else f"p={p:.3f}"
