"""How far a judge agrees with people, beyond what chance would give: Cohen's kappa (Cohen 1960)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: The floor: from here on agreement is called substantial (Landis and Koch 1977). Below it figures are not to be trusted.
LEAST_KAPPA = 0.6
#: With fewer judgements of people kappa says little, whatever it is.
FEWEST_JUDGEMENTS = 50


@dataclass(frozen=True, slots=True)
class Agreement:
    """`agreed` of `judgements` verdicts were those of people; `unsaid` were neither 对 nor 错, which agrees with nobody.
    `kappa` is None where people, or the judge, said the same of every answer: then nothing can be told."""

    judgements: int
    agreed: int
    unsaid: int
    too_kind: int  # people: wrong, judge: right
    too_strict: int  # people: right, judge: wrong
    kappa: float | None

    @property
    def share(self) -> float:
        return self.agreed / self.judgements

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the judge's figures are not to be trusted, a sentence each; none when they are."""
        found = []
        if self.judgements < FEWEST_JUDGEMENTS:
            found.append(f"人的判断只有 {self.judgements} 条，至少要 {FEWEST_JUDGEMENTS} 条。")
        if self.kappa is None:
            found.append("人或模型对每个回答的判断都一样，看不出一致不一致。")
        elif self.kappa < LEAST_KAPPA:
            found.append(f"与人的一致程度 κ = {self.kappa:.2f}，低于底线 {LEAST_KAPPA}。")
        return tuple(found)

    @property
    def trusted(self) -> bool:
        return not self.doubts


def agreement(people: Sequence[bool], judge: Sequence[bool | None]) -> Agreement:
    """Of the same answers in the same order."""
    pairs = list(zip(people, judge, strict=True))
    count = len(pairs)
    agreed = sum(one == other for one, other in pairs)
    by_chance = sum(
        (sum(one is said for one in people) / count) * (sum(one is said for one in judge) / count)
        for said in (True, False)
    )
    alike = len(set(people)) < 2 or len(set(judge)) < 2
    return Agreement(
        count,
        agreed,
        sum(one is None for one in judge),
        sum(not one and other is True for one, other in pairs),
        sum(one and other is False for one, other in pairs),
        None if alike else (agreed / count - by_chance) / (1 - by_chance),
    )
