"""Why a case was not served well: the program names the stage that lost the answer, and what mending it would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.model import Answer, Mode
from eval.scoring.gold import Gold
from eval.scoring.scores import Score
from eval.scoring.served import served
from eval.suite import Case, Evidence
from knowledge.model import Hit

#: A gold passage that stands behind this place of the ten best is seldom what an answer is made of.
HIGH = 3


class Cause(StrEnum):
    """In the order of the stages that a question passes; LABELS gives the words on the screen."""

    NOT_IN_LIBRARY = "not_in_library"
    NOT_FOUND = "not_found"
    RANKED_LOW = "ranked_low"
    REFUSED = "refused"
    WRONG_EDITION = "wrong_edition"
    WRONG_SENTENCE = "wrong_sentence"
    ANSWERED = "answered"
    MISQUOTED = "misquoted"


LABELS = {
    Cause.NOT_IN_LIBRARY: "库里没有",
    Cause.NOT_FOUND: "前十段里没有",
    Cause.RANKED_LOW: "排得靠后",
    Cause.REFUSED: "找到了没敢答",
    Cause.WRONG_EDITION: "版本不对",
    Cause.WRONG_SENTENCE: "句子选得不对",
    Cause.ANSWERED: "不该答的答了",
    Cause.MISQUOTED: "引文与原文不符",
}
MEANINGS = {
    Cause.NOT_IN_LIBRARY: "文件库里没有这道题的金标准出处",
    Cause.NOT_FOUND: "检索的前十段里没有金标准出处",
    Cause.RANKED_LOW: f"金标准出处在前十段里，但不在前 {HIGH} 段",
    Cause.REFUSED: f"金标准出处在前 {HIGH} 段里，却拒答，或只给了别的可能相关的规定",
    Cause.WRONG_EDITION: "引了同一文件的另一个版本",
    Cause.WRONG_SENTENCE: f"金标准出处在前 {HIGH} 段里，回答却没有用对其中的话",
    Cause.ANSWERED: "库里没有答案的题，作了回答",
    Cause.MISQUOTED: "引文与原文不一致",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """The stage at which a case was lost, and what tells so."""

    cause: Cause
    why: str


@dataclass(frozen=True, slots=True)
class Toll:
    """What one cause costs: the cases lost to it, and what mending all of them would add to the share of all cases that
    are served well (`served`) and to the mean share of key points within the usual length (`key_points`), both 0..1."""

    cause: Cause
    cases: tuple[str, ...]
    served: float
    key_points: float


def failure(case: Case, answer: Answer, scores: Sequence[Score], hits: Sequence[Hit], gold: Gold) -> Failure | None:
    """None for a case that was served well. `hits` are the ten best passages that the answerer looked at."""
    values = {one.metric: one.value for one in scores}
    if values.get("quotes") == 0.0:
        return Failure(Cause.MISQUOTED, "引文与原文不一致")
    if not case.answerable:
        wrong = values.get("refused") == 0.0
        polite = answer.mode is Mode.REFUSE
        return Failure(Cause.ANSWERED, "只回了客套话" if polite else "库里没有答案，却没有拒答") if wrong else None
    if served(case, scores):
        return None
    return _lost(case, answer, hits, gold)


def tolls(failures: Sequence[tuple[Case, Failure | None, float | None]]) -> tuple[Toll, ...]:
    """What each cause costs, dearest first. One triple per case of a run: the case, its failure, and its share of key
    points (None where it has none to say)."""
    counted = [share for _, _, share in failures if share is not None]
    found = []
    for cause in Cause:
        lost = [(case, share) for case, failed, share in failures if failed is not None and failed.cause is cause]
        if lost:
            missed = sum(1 - share for _, share in lost if share is not None)
            found.append(
                Toll(
                    cause,
                    tuple(case.id for case, _ in lost),
                    len(lost) / len(failures),
                    missed / len(counted) if counted else 0.0,
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.served, -one.key_points)))


def _lost(case: Case, answer: Answer, hits: Sequence[Hit], gold: Gold) -> Failure:
    if not case.evidence:
        refused = answer.mode in (Mode.REFUSE, Mode.POSSIBLE)
        return Failure(Cause.REFUSED if refused else Cause.WRONG_SENTENCE, "这道题没有金标准出处，只看回答")
    if absent := [place for place in case.evidence if not gold.held(place)]:
        return Failure(Cause.NOT_IN_LIBRARY, f"库里没有：{'；'.join(map(_named, absent))}")
    ranks = {place: _rank(place, hits, gold) for place in case.evidence}
    if not answer.mode.answers:
        # One gold place found is enough to answer from; the best one says how far the search came.
        place = min(case.evidence, key=lambda one: ranks[one] or len(hits) + 1)
        return _by_rank(place, ranks[place]) or Failure(Cause.REFUSED, f"{_named(place)} 排第 {ranks[place]}，没有作答")
    missed = [one for one in case.evidence if not any(gold.cited(citation, one) for citation in answer.citations)]
    for place in missed:
        other = next((one for one in answer.citations if gold.of_other_edition(one, place)), None)
        if other is not None:
            return Failure(Cause.WRONG_EDITION, f"引了{other.document.edition}年版，应引{place.edition}年版")
    for place in missed:
        if found := _by_rank(place, ranks[place]):
            return found
    which = f"没有引 {_named(missed[0])}" if missed else "引了金标准出处，但要点没有说全或说错"
    return Failure(Cause.WRONG_SENTENCE, which)


def _by_rank(place: Evidence, rank: int | None) -> Failure | None:
    if rank is None:
        return Failure(Cause.NOT_FOUND, f"{_named(place)} 不在前十段里")
    return Failure(Cause.RANKED_LOW, f"{_named(place)} 排第 {rank}") if rank > HIGH else None


def _rank(place: Evidence, hits: Sequence[Hit], gold: Gold) -> int | None:
    return next((rank for rank, hit in enumerate(hits, start=1) if gold.found(hit, place)), None)


def _named(place: Evidence) -> str:
    where = place.address or (f"“{place.quote[:20]}”" if place.quote else "")
    return f"《{place.document}》{where}"
