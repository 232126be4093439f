"""Scores of one answer against its case, each with the reason in words. A score that does not apply is None, not 0."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.model import Answer, Citation, Mode
from eval.suite import Case, Evidence
from knowledge.model import Document, Hit, Validity
from knowledge.normalise import searchable
from knowledge.validity import series_key

USUAL_LENGTH = 400
_DIGIT = "[0-9〇零一二三四五六七八九十百千]"


@dataclass(frozen=True, slots=True)
class Score:
    """`value` lies in 0..1, higher is better; None when the metric does not apply to the case."""

    metric: str
    value: float | None
    reason: str = ""


class Gold:
    """The gold places of a case, matched against citations. The edition of a place counts only where the library holds
    several editions of that series."""

    def __init__(self, library: Sequence[Document]) -> None:
        self._held = Counter(document.series for document in library)

    def same_place(self, title: str, edition: str | None, address: str, gold: Evidence) -> bool:
        """Whether `address` of the document called `title` is the gold place or lies inside it."""
        series = series_key(title)
        if series != series_key(gold.document):
            return False
        if self._held[series] > 1 and gold.edition and edition and gold.edition != edition:
            return False
        parts = re.sub("[《》]", "", address).split("/")
        return gold.address is None or gold.address.split("/")[0] in parts

    def cited(self, citation: Citation, gold: Evidence) -> bool:
        """Whether `citation` points at the gold place."""
        return self.same_place(citation.document.title, citation.document.edition, citation.address, gold)


def score(case: Case, answer: Answer, hits: Sequence[Hit], text_of: Callable[[int], str], gold: Gold) -> list[Score]:
    """All scores of one case. `hits` is what a plain search for the question found, for the retrieval metrics and the
    copy-the-top-passage baseline."""
    scores = [quotes(answer, text_of), refusal(case, answer)]
    if case.answerable:
        scores += [
            key_points(case, answer.text if answer.mode is not Mode.REFUSE else ""),
            Score("key_points_top1", key_points(case, hits[0].passage.text if hits else "").value),
            evidence_recall(case, answer.citations, gold),
            citation_precision(case, answer.citations, gold),
            forbidden(case, answer),
            in_force_first(case, answer),
            hit_at(case, hits, 1, gold),
            hit_at(case, hits, 10, gold),
            length(case, answer),
        ]
    elif case.missing_document:
        scores.append(names_the_missing(case, answer))
    return scores


def quotes(answer: Answer, text_of: Callable[[int], str]) -> Score:
    """Hard gate: every quote is the canonical text at its offsets, every sentence of an extract stands in a quote."""
    nearest = answer.refusal.nearest if answer.refusal else ()
    for citation in (*answer.citations, *nearest):
        if text_of(citation.version_id)[citation.start : citation.end] != citation.quote:
            return Score("quotes", 0.0, f"引文 [{citation.marker}] 与原文不符")
    by_marker = {citation.marker: citation.quote for citation in answer.citations}
    for sentence in answer.sentences:
        if answer.mode is Mode.EXTRACT and sentence.citations and sentence.text not in by_marker[sentence.citations[0]]:
            return Score("quotes", 0.0, f"句子不在引文中：{sentence.text[:20]}")
    return Score("quotes", 1.0)


def refusal(case: Case, answer: Answer) -> Score:
    """1 when an answerable case is answered and an unanswerable one refused (or answered as `accept` allows)."""
    refused = answer.mode is Mode.REFUSE
    if case.answerable:
        return Score("answered", float(not refused), answer.refusal.reason if answer.refusal else "")
    cautious = "caution" in case.accept and bool(answer.notices)
    return Score("refused", float(refused or cautious), "" if refused else f"答了：{answer.text[:60]}")


def key_points(case: Case, text: str) -> Score:
    """Share of key points of which one accepted wording stands in `text`."""
    if not case.key_points:
        return Score("key_points", None)
    missed = [point for point in case.key_points if not any(says(text, form) for form in point)]
    reason = f"缺：{'；'.join('|'.join(point) for point in missed)}" if missed else ""
    return Score("key_points", 1 - len(missed) / len(case.key_points), reason)


def evidence_recall(case: Case, citations: Sequence[Citation], gold: Gold) -> Score:
    """Share of the gold places that some citation points at."""
    if not case.evidence:
        return Score("evidence_recall", None)
    missed = [place for place in case.evidence if not any(gold.cited(citation, place) for citation in citations)]
    reason = f"没引：{'；'.join(f'{place.document} {place.address}' for place in missed)}" if missed else ""
    return Score("evidence_recall", 1 - len(missed) / len(case.evidence), reason)


def citation_precision(case: Case, citations: Sequence[Citation], gold: Gold) -> Score:
    """Share of citations that point at a gold place."""
    if not case.evidence or not citations:
        return Score("citation_precision", None)
    places = (*case.evidence, *case.also)
    right = [citation for citation in citations if any(gold.cited(citation, place) for place in places)]
    return Score("citation_precision", len(right) / len(citations))


def forbidden(case: Case, answer: Answer) -> Score:
    """0 when the answer says something a right one must not say."""
    if not case.forbidden:
        return Score("nothing_forbidden", None)
    said = [wrong for wrong in case.forbidden if says(answer.text, wrong)]
    return Score("nothing_forbidden", float(not said), f"说了：{'；'.join(said)}" if said else "")


def in_force_first(case: Case, answer: Answer) -> Score:
    """For questions on the current rule: the first citation is in force."""
    if case.type != "edition_current" or not answer.citations:
        return Score("in_force_first", None)
    first = answer.citations[0].document
    return Score("in_force_first", float(first.validity is Validity.IN_FORCE), f"{first.title} {first.edition}")


def hit_at(case: Case, hits: Sequence[Hit], k: int, gold: Gold) -> Score:
    """1 when a gold place is among the first `k` hits."""
    if not case.evidence or case.history:
        return Score(f"hit@{k}", None)
    found = any(
        gold.same_place(hit.document.card.title, hit.document.card.edition, hit.passage.address, place)
        for hit in hits[:k]
        for place in case.evidence
    )
    return Score(f"hit@{k}", float(found))


def length(case: Case, answer: Answer) -> Score:
    """Within the usual length; a list, a comparison or an article may be longer."""
    if case.type in ("list", "comparison", "article", "edition_changed", "procedure"):
        return Score("length", None)
    characters = sum(len(sentence.text) for sentence in answer.sentences)
    return Score("length", float(characters <= USUAL_LENGTH), f"{characters} 字")


def names_the_missing(case: Case, answer: Answer) -> Score:
    """The refusal names the document that would answer."""
    missing = answer.refusal.missing if answer.refusal else None
    right = missing is not None and series_key(missing) == series_key(case.missing_document or "")
    return Score("names_missing", float(right), f"应为《{case.missing_document}》，实为《{missing}》")


def says(text: str, wording: str) -> bool:
    """Whether `text` holds `wording` with its numbers whole: `十日` is not found in `三十日`."""
    plain, sought = searchable(text).replace(" ", ""), searchable(wording).replace(" ", "")
    before = rf"(?<!{_DIGIT})" if re.match(_DIGIT, sought) else ""
    after = rf"(?!{_DIGIT})" if re.search(rf"{_DIGIT}$", sought) else ""
    return re.search(before + re.escape(sought) + after, plain) is not None
