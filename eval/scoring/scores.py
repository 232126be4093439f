"""Scores of one answer against its case, each with the reason in words. A score that does not apply is None, not 0."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.refusals import COURTESY
from assistant.model import Answer, Citation, Mode, Role
from eval.scoring.gold import Gold
from eval.suite import Case, Evidence
from knowledge.metadata.validity import series_key
from knowledge.model import Hit, Validity
from knowledge.text.normalise import searchable
from knowledge.text.quantities import NUMERAL

USUAL_LENGTH = 400
#: What is asked for here may take more than the usual length: a list, a comparison, a whole article.
MAY_BE_LONG = frozenset({"list", "comparison", "article", "edition_changed", "procedure"})
_DIGIT = f"[{NUMERAL}]"


@dataclass(frozen=True, slots=True)
class Score:
    """`value` lies in 0..1, higher is better; None when the metric does not apply to the case."""

    metric: str
    value: float | None
    reason: str = ""


def score(case: Case, answer: Answer, hits: Sequence[Hit], text_of: Callable[[int], str], gold: Gold) -> list[Score]:
    """All scores of one answer. `hits` is what a plain search for the question found, for the baseline that copies the
    top passage; how good the search itself is, `eval.scoring.retrieval` says."""
    scores = [quotes(answer, text_of), refusal(case, answer, shows_gold(case, answer, gold)), supported(answer)]
    if case.answerable:
        said = answer.text if answer.mode is not Mode.REFUSE else ""
        copied = key_points(case, hits[0].passage.text if hits else "")
        scores += [
            key_points(case, said),
            key_points_capped(case, answer),
            Score("key_points_top1", copied.value, f"照抄检索到的第一段：{copied.reason}"),
            evidence_recall(case, answer.citations, gold),
            citation_precision(case, answer.citations, gold),
            forbidden(case, answer),
            in_force_first(case, answer),
            article_exact(case, answer, gold),
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
        if (
            answer.mode is not Mode.GENERATE
            and sentence.citations
            and sentence.text not in by_marker[sentence.citations[0]]
        ):
            return Score("quotes", 0.0, f"句子不在引文中：{sentence.text[:20]}")
    return Score("quotes", 1.0, f"{len(answer.citations) + len(nearest)} 处引文与原文一致")


def supported(answer: Answer) -> Score:
    """Share of the sentences that a language model wrote whose grounds were found in what they cite."""
    if answer.mode is not Mode.GENERATE:
        return Score("supported", None, "不是 AI 生成的回答")
    written = [sentence for sentence in answer.sentences if sentence.role is not Role.NOTE]
    doubtful = [sentence.text for sentence in written if not sentence.supported]
    reason = f"没有依据：{'；'.join(doubtful)}" if doubtful else "句句有依据"
    return Score("supported", 1 - len(doubtful) / len(written) if written else None, reason)


def shows_gold(case: Case, answer: Answer, gold: Gold) -> bool:
    """Whether the answer quotes a gold place or holds every key point."""
    cited = any(gold.quoted(citation, place) for citation in answer.citations for place in case.evidence)
    return cited or (bool(case.key_points) and key_points(case, answer.text).value == 1.0)


def refusal(case: Case, answer: Answer, shown: bool = True) -> Score:
    """1 when an answerable case is answered and an unanswerable one refused (or answered as `accept` allows). Provisions that
    are possible answers count as an answer when they hold the right one (`shown`), else as neither: None. A greeting in
    place of an answer is neither an answer nor a refusal, so it is wrong for both."""
    polite = answer.refusal is not None and answer.refusal.code == COURTESY
    refused = answer.mode is Mode.REFUSE and not polite
    if polite:
        return Score("answered" if case.answerable else "refused", 0.0, f"只回了客套话：{answer.text[:60]}")
    if answer.mode is Mode.POSSIBLE and not (case.answerable and shown):
        metric = "answered" if case.answerable else "refused"
        return Score(metric, None, f"只给出可能相关的规定：{answer.text[:60]}")
    if case.answerable:
        return Score("answered", float(not refused), answer.refusal.reason if answer.refusal else "已作答")
    cautious = "caution" in case.accept and bool(answer.notices_of_matter)
    reason = "已拒答" if refused else f"{'答了，但有提示' if cautious else '答了'}：{answer.text[:60]}"
    return Score("refused", float(refused or cautious), reason)


def key_points(case: Case, text: str) -> Score:
    """Share of key points of which one accepted wording stands in `text`."""
    if not case.key_points:
        return Score("key_points", None, "这道题没有列要点")
    missed = [point for point in case.key_points if not any(says(text, form) for form in point)]
    reason = f"缺：{'；'.join('|'.join(point) for point in missed)}" if missed else "要点齐全"
    return Score("key_points", 1 - len(missed) / len(case.key_points), reason)


def key_points_capped(case: Case, answer: Answer) -> Score:
    """`key_points` of what a reader gets within the usual length; what may be long counts whole."""
    if answer.mode is Mode.REFUSE:
        found = key_points(case, "")
    elif case.type in MAY_BE_LONG:
        found = key_points(case, answer.text)
    else:
        left, kept = USUAL_LENGTH, []
        for sentence in answer.sentences:
            kept.append(sentence.text[:left])
            left -= len(kept[-1])
        found = key_points(case, "\n".join(kept))
    return Score("key_points_capped", found.value, found.reason)


def evidence_recall(case: Case, citations: Sequence[Citation], gold: Gold) -> Score:
    """Share of the gold places of which some passage is cited."""
    if not case.evidence:
        return Score("evidence_recall", None, "这道题没有金标准出处")
    missed = [place for place in case.evidence if not any(gold.cited(citation, place) for citation in citations)]
    reason = f"没引：{'；'.join(_place(place) for place in missed)}" if missed else "出处引全"
    return Score("evidence_recall", 1 - len(missed) / len(case.evidence), reason)


def citation_precision(case: Case, citations: Sequence[Citation], gold: Gold) -> Score:
    """Share of citations that are taken from a passage of a gold place."""
    if not case.evidence or not citations:
        return Score("citation_precision", None, "没有引文" if case.evidence else "这道题没有金标准出处")
    places = (*case.evidence, *case.also)
    beside = [citation for citation in citations if not any(gold.cited(citation, place) for place in places)]
    reason = f"多引：{'；'.join(f'{one.document.title} {one.address}' for one in beside)}" if beside else "引得都对"
    return Score("citation_precision", 1 - len(beside) / len(citations), reason)


def forbidden(case: Case, answer: Answer) -> Score:
    """0 when the answer says something a right one must not say."""
    if not case.forbidden:
        return Score("nothing_forbidden", None, "这道题没有禁说的话")
    said = [wrong for wrong in case.forbidden if says(answer.text, wrong)]
    return Score("nothing_forbidden", float(not said), f"说了：{'；'.join(said)}" if said else "没说错话")


def in_force_first(case: Case, answer: Answer) -> Score:
    """For questions on the current rule: the first citation is in force."""
    if case.type != "edition_current" or not answer.citations:
        return Score("in_force_first", None, "不是问现行版本的题" if answer.citations else "没有引文")
    first = answer.citations[0].document
    reason = f"先引《{first.title}》{first.edition or ''}（{first.validity}）"
    return Score("in_force_first", float(first.validity is Validity.IN_FORCE), reason)


def article_exact(case: Case, answer: Answer, gold: Gold) -> Score:
    """For a question about an article by its number: what is quoted is that article (paragraph, item) and nothing else."""
    places = [place for place in case.evidence if place.address]
    if case.type != "article" or not places:
        return Score("article_exact", None, "不是查条文的题" if case.type != "article" else "库中没有这一条的原文")
    outside = [one for one in answer.citations if not any(gold.inside(one, place) for place in places)]
    missed = [place for place in places if not any(gold.inside(one, place) for one in answer.citations)]
    wrong = [f"多出 {one.document.title} {one.address}" for one in outside] + [f"没有 {_place(one)}" for one in missed]
    return Score("article_exact", float(not wrong), "；".join(wrong) or "正是所问条文")


def same_standalone(case: Case, answer: Answer, alone: Answer) -> Score:
    """For a follow-up: `alone`, the answer to the standalone question without history, is refused or not like `answer`,
    and holds the same key points."""
    differ = []
    if answer.mode is not alone.mode and (Mode.REFUSE in (answer.mode, alone.mode)):
        differ.append(f"单独问时{'拒答' if alone.mode is Mode.REFUSE else '作答'}")
    if key_points(case, answer.text).reason != key_points(case, alone.text).reason:
        differ.append(f"单独问时{key_points(case, alone.text).reason}")
    reason = "，".join(differ) or "与单独问一致"
    return Score("same_standalone", float(not differ), f"{reason}（独立问题：{answer.standalone}）")


def hit_at(case: Case, hits: Sequence[Hit], k: int, gold: Gold) -> Score:
    """1 when a gold place is among the first `k` hits."""
    if not case.evidence or case.history:
        return Score(f"hit@{k}", None, "追问，只看回答" if case.history else "这道题没有金标准出处")
    found = any(gold.found(hit, place) for hit in hits[:k] for place in case.evidence)
    return Score(f"hit@{k}", float(found), f"前 {k} 段里{'有' if found else '没有'}金标准出处")


def length(case: Case, answer: Answer) -> Score:
    """Within the usual length; a list, a comparison or an article may be longer."""
    if case.type in MAY_BE_LONG:
        return Score("length", None, "这类题可以长")
    characters = sum(len(sentence.text) for sentence in answer.sentences)
    return Score("length", float(characters <= USUAL_LENGTH), f"{characters} 字")


def names_the_missing(case: Case, answer: Answer) -> Score:
    """The refusal names the document that would answer."""
    beside = next((notice.title for notice in answer.notices if notice.title), None)
    missing = answer.refusal.missing if answer.refusal else beside
    right = missing is not None and series_key(missing) == series_key(case.missing_document or "")
    said = f"说的是《{missing}》" if missing else "没有指出缺哪部文件"
    return Score("names_missing", float(right), f"{said}，应为《{case.missing_document}》")


def says(text: str, wording: str) -> bool:
    """Whether `text` holds `wording` with its numbers whole: `十日` is not found in `三十日`."""
    plain, sought = searchable(text).replace(" ", ""), searchable(wording).replace(" ", "")
    before = rf"(?<!{_DIGIT})" if re.match(_DIGIT, sought) else ""
    after = rf"(?!{_DIGIT})" if re.search(rf"{_DIGIT}$", sought) else ""
    return re.search(before + re.escape(sought) + after, plain) is not None


def _place(place: Evidence) -> str:
    return f"{place.document} {place.address or ''}".strip()
