"""The figures that a release has to reach (DESIGN §10), and what a run says of each: reached, missed, or too few cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answering.refusals import COURTESY
from assistant.model import Mode
from eval.scoring.metrics import type_label
from eval.scoring.result import Result
from eval.scoring.significance import Interval

#: With fewer cases a share says too little: at 20 of 20 right, the true share may still be .86 (rule of three).
FEWEST = 20


class Standing(StrEnum):
    """What a run says of a floor."""

    REACHED = "达标"
    MISSED = "没有达标"
    TOO_FEW = "题数不够"


@dataclass(frozen=True, slots=True)
class Floor:
    """The mean of `metric` over the cases of `types` (None: all) is to be `least` or more. No build is fit for release
    whose suite cannot judge what is `required`."""

    metric: str
    label: str
    least: float
    types: frozenset[str] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A floor beside what a run found: the mean with its interval over `cases`, None without any."""

    floor: Floor
    found: Interval | None

    @property
    def cases(self) -> int:
        return self.found.cases if self.found else 0

    @property
    def standing(self) -> Standing:
        """A mean below the floor is a miss whatever the number of cases: too few excuse nobody."""
        if self.found is not None and self.found.mean < self.floor.least:
            return Standing.MISSED
        return Standing.REACHED if self.cases >= FEWEST else Standing.TOO_FEW

    @property
    def may_be_chance(self) -> bool:
        """Whether the interval reaches the floor."""
        return self.found is not None and self.found.high is not None and self.found.high >= self.floor.least


SITUATION = frozenset({"situation"})
FLOORS: tuple[Floor, ...] = (
    Floor("refused", "该拒答的拒答", 0.95, required=True),
    Floor("answered", "该回答的回答", 0.95, required=True),
    Floor("key_points_capped", "要点齐全（400 字内）", 0.85, required=True),
    Floor("key_points_capped", "要点齐全：情景题", 0.75, SITUATION),
    Floor("hit@10", "前十段命中：情景题", 0.85, SITUATION),
    Floor("in_force_first", "先引现行版本", 0.98),
    Floor("sure_right", "把握较大的答对", 0.95),
)

LEAST = {floor.metric: floor.least for floor in FLOORS if floor.types is None}  # of all kinds together


def floors(results: Sequence[Result], mean: Callable[[Sequence[Result], str], Interval | None]) -> tuple[Judged, ...]:
    """Every floor with what `results` found; of those that are not required only what was measured. `mean` is that of a
    metric over some results, None where it applies to none of them."""
    judged = []
    for floor in FLOORS:
        found = mean([one for one in results if floor.types is None or one.case.type in floor.types], floor.metric)
        if floor.required or found is not None:
            judged.append(Judged(floor, found))
    return tuple(judged)


def few(results: Sequence[Result]) -> tuple[tuple[str, int], ...]:
    """The kinds of cases with fewer than FEWEST of them, by their names on the screen, the fewest first."""
    counts: dict[str, int] = {}
    for one in results:
        counts[one.case.type] = counts.get(one.case.type, 0) + 1
    return tuple(sorted(((type_label(kind), n) for kind, n in counts.items() if n < FEWEST), key=lambda one: one[1]))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many of some cases were answered, shown what may be the answer, refused, or met with a courtesy."""

    answered: int
    possible: int
    refused: int
    courtesy: int


def outcomes(results: Sequence[Result], answerable: bool) -> Outcomes:
    """Of the answerable or the unanswerable cases."""
    modes = [one.answer for one in results if one.case.answerable is answerable]
    polite = sum(one.refusal is not None and one.refusal.code == COURTESY for one in modes)
    return Outcomes(
        sum(one.mode.answers for one in modes),
        sum(one.mode is Mode.POSSIBLE for one in modes),
        sum(one.mode is Mode.REFUSE for one in modes) - polite,
        polite,
    )
