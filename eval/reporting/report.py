"""A run as one page that needs nothing else: may it be released, how good is it, and every case with what was missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.model import LABELS, UNSUPPORTED_MARK, Mode
from eval.judging import kept
from eval.reporting import charts
from eval.running.compare import Comparison, Moved, compare
from eval.running.folder import Run
from eval.running.run import aggregates, by_type, causes, milliseconds
from eval.running.verdict import judge
from eval.scoring.causes import LABELS as CAUSES
from eval.scoring.causes import MEANINGS as CAUSE_MEANINGS
from eval.scoring.confidence import Confidence, confidence
from eval.scoring.floors import FEWEST, LEAST
from eval.scoring.metrics import BY_NAME, HARD, chance, label, ordered, type_label
from eval.scoring.result import Result
from eval.scoring.scores import says
from eval.scoring.significance import Interval

TEMPLATES = Path(__file__).parents[1] / "templates"
REPORT = "report.html"

#: What became of a case, the worst first: word → whether a reader was served well ("good", "half", "bad").
OUTCOMES = {
    "引文不符": "bad",
    "误答": "bad",
    "误拒": "bad",
    "说错": "bad",
    "要点全缺": "bad",
    "出处不对": "bad",
    "要点不全": "half",
    "可能相关": "half",
    "提示得当": "good",
    "拒答得当": "good",
    "回答得当": "good",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as the page shows it. `points` are key points with whether the answer says them; `before` is the result
    of the run compared with, for a case that moved."""

    result: Result
    outcome: str
    points: tuple[tuple[str, bool], ...]
    worse: Moved | None
    better: Moved | None
    before: Result | None


def outcome(result: Result) -> str:
    """A key of OUTCOMES."""
    if result.value("quotes") == 0.0:
        return "引文不符"
    if not result.case.answerable:
        if result.answer.mode is Mode.POSSIBLE:
            return "可能相关"
        if not result.value("refused"):
            return "误答"
        return "拒答得当" if result.answer.mode is Mode.REFUSE else "提示得当"
    if result.value("answered") is None:
        return "可能相关"
    if not result.value("answered"):
        return "误拒"
    if result.value("nothing_forbidden") == 0.0:
        return "说错"
    points = result.value("key_points_capped")
    if result.value("evidence_recall") == 0.0 and points != 0.0:
        return "出处不对"
    if points is None or points == 1.0:
        return "回答得当"
    return "要点不全" if points else "要点全缺"


def shown(run: Run, comparison: Comparison | None) -> list[Shown]:
    """The cases: those that got worse first, then by outcome, worst first."""
    worse = {moved.case.id: moved for moved in comparison.worse} if comparison else {}
    better = {moved.case.id: moved for moved in comparison.better} if comparison else {}
    earlier = {result.case.id: result for result in comparison.before.results} if comparison else {}
    rank = list(OUTCOMES)
    cases = []
    for result in run.results:
        name = result.case.id
        text = "" if result.answer.mode is Mode.REFUSE else result.answer.text
        points = tuple(("|".join(p), any(says(text, form) for form in p)) for p in result.case.key_points)
        before = earlier.get(name) if name in worse or name in better else None
        cases.append(Shown(result, outcome(result), points, worse.get(name), better.get(name), before))
    return sorted(cases, key=lambda one: (one.worse is None, rank.index(one.outcome)))


def report(run: Run, other: Run | None = None) -> str:
    """A whole HTML page that needs nothing else. With `other` it also compares, `other` being the earlier run. Raises
    BadRun as `compare` does."""
    return _alone().get_template(REPORT).render(frame="page.html", style=style("alone"), **contents(run, other))


def contents(run: Run, other: Run | None = None) -> dict[str, object]:
    """What the template REPORT shows."""
    comparison = compare(other, run) if other else None
    judged = confidence(run.results)
    cases = shown(run, comparison)
    failures = [result.failure.cause for result in run.results if result.failure]
    return {
        "run": run,
        "other": other,
        "verdict": judge(run, other),
        "causes": causes(run.results),
        "means": aggregates(run.results),
        "comparison": comparison,
        "changes": {change.metric: change for change in comparison.changes} if comparison else {},
        "confidence": judged,
        "speed": milliseconds(run.results) if run.results else None,
        "pictures": _pictures(run.results, judged, comparison),
        "cases": cases,
        "types": sorted({one.result.case.type for one in cases}, key=type_label),
        "outcomes": {word: sum(one.outcome == word for one in cases) for word in OUTCOMES},
        "failures": {cause: failures.count(cause) for cause in CAUSES},
        "script": script(),
        "judge": kept.read(run.folder),
    }


@cache
def style(frame: str) -> Markup:
    """The style sheet that every page carries in itself: `alone`, or `framed` by the desk."""
    return Markup("".join((TEMPLATES / f"{name}.css").read_text(encoding="utf-8") for name in (frame, "report")))


@cache
def script() -> Markup:
    """The filters of the list of cases."""
    return Markup((TEMPLATES / "report.js").read_text(encoding="utf-8"))


def _pictures(
    results: Sequence[Result], judged: Confidence | None, comparison: Comparison | None
) -> list[tuple[str, str, Markup]]:
    """(title, what it says, picture)."""
    pictures = []
    if comparison and any(change.moved for change in comparison.changes):
        words = "点是两次结果逐题之差的平均，线是 95% 区间；绿色显著变好，红色显著变差，灰色看不出差别。"
        pictures.append(("各项指标的变化", words, charts.differences_chart(comparison)))
    words = "红点：要点齐全（400 字内）；绿点：该拒答的拒答。线是按文件聚类的 95% 区间，括号里是题数。"
    before = None
    if comparison:
        words += "灰圈是上次。"
        before = by_type(comparison.before.results)
    pictures.append(("各类题", words, charts.types_chart(by_type(results), before)))
    if judged:
        words = "十组题数相等；点在虚线上，说八成把握就真有八成能答。只算经过判断的题，不算查条文等固定把握的题。"
        pictures.append(("把握是否可信", words, charts.reliability_chart(judged)))
    if judged and judged.curve:
        words = "把回答按把握从大到小排，只留前面一部分时要点说到了多少；曲线向右下走，说明把握有用。"
        pictures.append(("只留有把握的回答", words, charts.coverage_chart(judged)))
    return pictures


@cache
def _alone() -> Environment:
    return furnished(
        Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )


def furnished(environment: Environment) -> Environment:
    """`environment` with what the templates of this room call."""
    environment.globals.update(
        BY_NAME=BY_NAME,
        HARD=HARD,
        LABELS=LABELS,
        UNSUPPORTED_MARK=UNSUPPORTED_MARK,
        OUTCOMES=OUTCOMES,
        CAUSES=CAUSES,
        CAUSE_MEANINGS=CAUSE_MEANINGS,
        FEWEST=FEWEST,
        LEAST=LEAST,
        Mode=Mode,
        ordered=ordered,
    )
    environment.filters.update(
        label=label, type=type_label, chance=chance, percent=percent, points=points, between=between, moment=moment
    )
    return environment


def percent(value: float) -> str:
    """`87.1%`; `100%` and `0%` only for what is wholly so."""
    if abs(value * 100 - round(value * 100)) < 1e-9:
        return f"{value * 100:.0f}%"
    return f"{min(max(value * 100, 0.1), 99.9):.1f}%"


def points(difference: float) -> str:
    """`+2.4`: percentage points, with a sign."""
    return f"{difference * 100:+.1f}"


def moment(at: str) -> str:
    """`2026-11-24 15:22` of an ISO time, as the clock showed where the run was made."""
    return at[:16].replace("T", " ")


def between(found: Interval) -> str:
    """`82.0–91.2%`; a dash when nothing can be said: one document only, or all cases alike."""
    if found.low is None or found.high is None or found.low == found.high:
        return "—"
    return f"{found.low * 100:.1f}–{found.high * 100:.1f}%"
