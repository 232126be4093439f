"""May the build be released? First what it has to reach, then whether it got worse; what cannot be judged is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.errors import BadRun
from eval.running.folder import Run
from eval.running.gate import Fall, Scores, falls, read_baseline, scores_by_case
from eval.running.run import mean
from eval.scoring.floors import FEWEST, Judged, Outcomes, Standing, few, floors, outcomes
from eval.scoring.result import Result


@dataclass(frozen=True, slots=True)
class Verdict:
    """`floors` are the figures of DESIGN §10 with what was found, `falls` what broke or got worse; `few` are kinds with too
    few cases to say anything of; `against` says what it was compared with, None when there was nothing."""

    floors: tuple[Judged, ...]
    falls: tuple[Fall, ...]
    few: tuple[tuple[str, int], ...]
    answerable: Outcomes
    unanswerable: Outcomes
    against: str | None

    @property
    def missed(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.floors if one.standing is Standing.MISSED)

    @property
    def unjudged(self) -> tuple[Judged, ...]:
        """What a release needs and the run has too few cases for."""
        return tuple(one for one in self.floors if one.floor.required and one.standing is Standing.TOO_FEW)

    @property
    def releasable(self) -> bool:
        return not (self.missed or self.falls or self.unjudged) and self.against is not None

    @property
    def word(self) -> str:
        """The verdict in a few words, the worst of it first."""
        worse = [fall for fall in self.falls if fall.p is not None]
        if self.missed or len(worse) < len(self.falls):
            return "没有达标，也变差了" if worse else "没有达标"
        if worse:
            return "变差了，不可发布"
        if self.unjudged:
            return "题数不够，不能判断"
        return "可以发布" if self.against is not None else "达标，还没有比较"

    @property
    def tone(self) -> str:
        """`good`, `half` or `bad`."""
        return "good" if self.releasable else "bad" if self.missed or self.falls else "half"

    def told(self) -> list[str]:
        """The verdict in lines for people."""
        lines = [self.word]
        for one in self.missed:
            assert one.found is not None
            chance = "，在误差范围内" if one.may_be_chance else ""
            lines.append(f"  没有达标：{one.floor.label} {one.found.mean:.3f}，底线 {one.floor.least:.2f}{chance}")
        for one in self.unjudged:
            lines.append(f"  题数不够：{one.floor.label} 只有 {one.cases} 题，至少要 {FEWEST} 题")
        return lines


def judge(run: Run, other: Run | None) -> Verdict:
    """Against `other`, else against the committed baseline of the suite when there is one."""
    if other is not None:
        asked = {result.case for result in run.results}
        before = scores_by_case([one for one in other.results if one.case in asked])
        return verdict(run.results, before, f"“{other.folder.name}”")
    try:
        return verdict(run.results, read_baseline(run.suite), "提交的基线")
    except BadRun:
        return verdict(run.results, {}, None)


def verdict(results: Sequence[Result], before: Scores, against: str | None) -> Verdict:
    """What `results` come to beside the scores `before`."""
    return Verdict(
        floors(results, mean),
        tuple(falls(before, results)),
        few(results),
        outcomes(results, answerable=True),
        outcomes(results, answerable=False),
        against,
    )
