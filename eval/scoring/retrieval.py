"""How good the plain search is: recall, nDCG and reciprocal rank of the gold places among the first ten passages."""

from __future__ import annotations

from collections.abc import Sequence

from eval.scoring.gold import Gold
from eval.scoring.scores import Score
from eval.suite import Case, Evidence
from knowledge.model import Hit

DEPTH = 10


def retrieval(case: Case, hits: Sequence[Hit], gold: Gold) -> list[Score]:
    """`recall@10`, `ndcg@10` and `mrr@10` of `hits`, best first. A gold place is relevant or not; several passages of
    one place count once, at the rank of the first. None for a follow-up, whose search goes by another question."""
    import ir_measures

    names = {"recall": ir_measures.R, "ndcg": ir_measures.nDCG, "mrr": ir_measures.RR}
    if not case.answerable or not case.evidence or case.history:
        why = "追问，检索用的是改写后的问题" if case.history else "这道题没有金标准出处"
        return [Score(f"{name}@{DEPTH}", None, why) for name in names]
    places = _places(case)
    ranking, reason = _ranked(hits, places, gold)
    qrels = [ir_measures.Qrel("q", f"gold-{number}", 1) for number in range(len(places))]
    run = [ir_measures.ScoredDoc("q", name, -float(rank)) for rank, name in enumerate(ranking)]
    measures = {name: kind @ DEPTH for name, kind in names.items()}
    values = ir_measures.calc_aggregate(list(measures.values()), qrels, run) if run else {}
    return [Score(f"{name}@{DEPTH}", float(values.get(one, 0.0)), reason) for name, one in measures.items()]


def _places(case: Case) -> list[Evidence]:
    """The gold places, each once: two paragraphs of one article are one place, a passage being an article."""
    each = {
        (place.document, place.edition, place.quote or (place.address or "").split("/")[0]): place
        for place in reversed(case.evidence)
    }
    return list(reversed(each.values()))


def _ranked(hits: Sequence[Hit], places: Sequence[Evidence], gold: Gold) -> tuple[list[str], str]:
    """A name per hit: `gold-<number>` for the first passage of a place, which no later one gets again; and in words
    where each place was found."""
    ranking: list[str] = []
    found: dict[int, int] = {}
    for rank, hit in enumerate(hits[:DEPTH], start=1):
        holds = [number for number, place in enumerate(places) if gold.found(hit, place)]
        new = [number for number in holds if number not in found][:1]
        if holds and not new:
            continue  # more of a place that has been counted is neither gain nor error
        found |= dict.fromkeys(new, rank)
        ranking.append(f"gold-{new[0]}" if new else f"other-{rank}")
    where = [
        f"{place.document} {place.address or ''}".strip() + (f" 排第 {found[number]}" if number in found else " 没找到")
        for number, place in enumerate(places)
    ]
    return ranking, "；".join(where)
