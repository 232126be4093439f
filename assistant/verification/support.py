"""Does a sentence say only what its sources say? A score in 0..1, and what is wrong with it if anything is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.verification import actors, modality, words
from assistant.verification.bindings import torn
from assistant.verification.evidence import Evidence, Weights, bigrams, comparable, squeeze
from assistant.verification.facts import facts
from assistant.verification.faults import Fault
from assistant.verification.figures import figures_within, wrong_figure
from assistant.verification.formulations import Formulation, flaws
from assistant.verification.short_answers import direct_answer, topic_of

ENOUGH: Final = 0.72  # the least score of a supported sentence (docs/verifier.md tells how it was chosen)
EACH_STRETCH: Final = 0.65  # and of each of its clauses and items
LEAST_CONTENT: Final = 2  # characters with a claim make a statement: `五日内` has none
ABOUT_IT: Final = 0.5  # the share of a question's content that the source of a short answer to it must hold
SAYS_SOMETHING: Final = 4  # characters with a claim make a clause that must stand in one source
NEARLY: Final = 0.95  # sources that hold so nearly as much of a clause as the best one are asked as well

_CLAUSE = re.compile(r"[^,;。:!?]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """`score` is the share of the sentence's content that its sources hold; with a `fault` they do not support it. `what`
    are the words at fault."""

    score: float
    fault: Fault | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """The sources of one sentence, each by itself and all `together`."""

    together: Evidence
    each: tuple[Evidence, ...]


def judge(
    text: str, cited: Cited, weights: Weights, formulations: Sequence[Formulation] = (), enough: float = ENOUGH
) -> Finding:
    """How far `cited` supports the sentence `text`. `formulations` are 固定表述 with their members,
    which must be counted and named right; a score below `enough` is a fault."""
    plain, evidence = comparable(text), cited.together
    if words.content(plain) < LEAST_CONTENT:
        return _short_answer(plain, evidence, weights)
    if opened := direct_answer(plain):
        if not opened.agrees:
            return Finding(0.0, Fault.POLARITY, opened.opening)
        plain = opened.rest
    score = words.score(plain, evidence, weights)
    if not words.share(plain, evidence.own_bigrams, weights):
        return Finding(score, Fault.FRAGMENT, plain)  # `会员卡`: no more than a word of the title
    found = (
        wrong_figure(plain, evidence)
        or _wrong_words(plain, evidence, formulations)
        or _wrong(plain, evidence)
        or _torn(plain, evidence, weights)
        or (_wrong_clause(plain, cited, weights) if len(cited.each) > 1 else None)
    )
    if found:
        return Finding(score, *found)
    if score < enough:
        return Finding(score, Fault.WORDS, text)
    if word := words.foreign(plain, evidence):
        return Finding(score, Fault.WORDS, word)
    least, stretch = words.weakest(plain, evidence)
    if least < EACH_STRETCH:
        return Finding(score, Fault.WORDS, stretch)
    return Finding(score)


def _short_answer(plain: str, evidence: Evidence, weights: Weights) -> Finding:
    """`十日内。`: what is true in ten days stands in the question, and the source must speak of that."""
    topic = topic_of(evidence.question)
    if not topic or words.foreign(plain, evidence) or words.share(topic, evidence.bigrams, weights) < ABOUT_IT:
        return Finding(0.0, Fault.FRAGMENT, plain)
    whole = f"{topic}{plain}"
    found = wrong_figure(whole, evidence) or _turned(whole, evidence)
    return Finding(1.0, *found) if found else Finding(1.0)


def _wrong_words(plain: str, evidence: Evidence, formulations: Sequence[Formulation]) -> tuple[Fault, str] | None:
    said = facts(plain)
    for quote in said.quotes:
        if squeeze(quote) not in evidence.squeezed:
            return Fault.QUOTE, quote
    for title in said.titles:
        if title not in evidence.plain and not any(held.endswith(title) for held in evidence.titles):
            return Fault.TITLE, title
    wrong = [flaw for flaw in flaws(plain, formulations) if flaw not in flaws(evidence.plain, formulations)]
    if wrong:
        return Fault.FORMULATION, wrong[0]
    return None


def _wrong(plain: str, evidence: Evidence) -> tuple[Fault, str] | None:
    said = actors.mentions(plain)
    if who := actors.stranger(said, evidence.plain, evidence.places):
        return Fault.SUBJECT, who
    if who := actors.another_level(plain, f"{evidence.plain}\n{evidence.places}"):
        return Fault.SUBJECT, who
    if who := actors.changed_sides(said, evidence.actors):
        return Fault.SUBJECT, who
    if who := actors.mixed_up_with(plain, said, evidence.plain, evidence.actors):
        return Fault.SUBJECT, who
    if who := actors.out_of_order(plain, said, evidence.actors):
        return Fault.SUBJECT, who
    return _turned(plain, evidence)


def _turned(plain: str, evidence: Evidence) -> tuple[Fault, str] | None:
    if clause := modality.turned(modality.clauses(plain), evidence.clauses):
        return Fault.POLARITY, clause
    return None


def _torn(plain: str, evidence: Evidence, weights: Weights) -> tuple[Fault, str] | None:
    def hold(clause: str, source: str) -> float:
        others = actors.mentions(source)
        same_actors = all(any(one.same(other) for other in others) for one in actors.mentions(clause))
        if not same_actors or not figures_within(clause, source):
            return 0.0
        return words.share(clause, frozenset(bigrams(source)), weights)

    singles = [one for one in modality.clauses(plain) if "," not in one.text]
    if clause := torn(singles, evidence.plain, hold):
        return Fault.CONDITION, clause
    return None


def _wrong_clause(plain: str, cited: Cited, weights: Weights) -> tuple[Fault, str] | None:
    """What is wrong with the first clause that no single source bears out, by the source that holds most of it. So what
    one source says of one thing is not said of another's."""
    for match in _CLAUSE.finditer(plain):
        clause = match[0]
        if words.content(clause) < SAYS_SOMETHING:
            continue
        scores = [words.score(clause, one, weights) for one in cited.each]
        best = max(scores)
        near = [one for one, score in zip(cited.each, scores, strict=True) if score >= best * NEARLY]
        faults = [wrong_figure(clause, one) or _wrong(clause, one) for one in near]
        if all(faults):
            return faults[0]
    return None
