"""Whether the library can answer: a calibrated probability from what is known, not a threshold on one score."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.answering.answerability.requirements import met
from assistant.answering.question import Question
from assistant.understanding.focus import Focus
from assistant.understanding.named_documents import Names
from knowledge.metadata.register import Entry
from knowledge.metadata.validity import series_key
from knowledge.model import GUIDE, Document, Hit
from knowledge.retrieval.finder import Fits
from knowledge.text.normalise import searchable
from knowledge.text.tokenizer import tokenize

CALIBRATION = Path(__file__).with_name("calibration.json")

# A missing document is named when what speaks for it comes to so much (`_missing`): no document is better than a wrong one. Of the suites'
# questions, dev half / test half, 85 / 88 are named rightly so, 21 / 25 wrongly or where none is missing; at 0.03 91 / 92 and 30 / 31.
CLEARLY = 0.036
# What a share of its subjects' words counts for, in cosines.
WORDS = 0.125
# How much nearer than what the library covers it can count: in a small library everything known is nearer.
NEARER = 0.03
# Below it a question is not in the field at all: of 29 questions on weather, cooking or computers none reached it.
IN_THE_FIELD = 0.885
# Up to here the closest known subject is that of a question from outside the field: on 19 such questions of the dev half the
# greatest was .882, of 70 in the field that were judged not to be answered 64 were closer.
FOREIGN = 0.883
# A passage as near as this (cosine) is near whatever the register knows: of 49 questions from outside the field and of 61 in
# the field whose document was missing, the best passages came up to .764 and from .753 on, one in ten up to .775.
NEAR_PASSAGE = 0.767
# From this probability what was found may well be the answer. Of the dev half's questions that were refused below it, 4 could be
# answered and 44 not; between it and the threshold of an answer 33 and 35.
NEAR = 0.15
# So many characters of its title a question must share with an office's own rule to be about it, none of them common.
_SUBJECT = 4
_COMMON = re.compile(r"管理|实施|暂行|试行|工作|若干|有关|规定|办法|条例|细则|规则|意见|通知|方案|人民|政府")
_CENTRAL = re.compile(r"中央|中共|中国|中华|国家|国务院|全国")
# In a small library the tenth passage is about something else altogether, which says nothing of the first.
WIDEST = 0.2
# A study guide is taken to be so much less close than the closest document that one reports (cosine).
UNKNOWN = 0.02


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for or against an answer; the calibration gives each its weight.

    cosine: of the best passage. coverage: idf share of the question that the best passage with its title and
    section holds. together: the same for the best three. rarest: largest idf missing from the best three, over the
    largest idf of the question. sentence: the same share for the best single sentence. gap: best fused score over the
    tenth, at most WIDEST. lead: best fused score over the second. foreign: fit of the best known document that is neither held nor
    reported by a study guide (register). home: fit of the best one that is. here: fit of the document that the best
    passage stands in. elsewhere: by how much foreign exceeds home. satisfied, behind: how well the demand for
    a number or a body is met (`requirements.met`). named: 1 when the question names a held document.
    closest: cosine of the closest sentence. beyond: by how much the closest subject of a document that is neither held nor
    reported is closer than the closest of one that is (cosines). aside: by how much it is closer than the closest subject of
    the document that the best passage stands in. relevance: of the best passage, token by token.
    """

    cosine: float
    coverage: float
    together: float
    rarest: float
    sentence: float
    gap: float
    lead: float
    foreign: float
    home: float
    here: float
    elsewhere: float
    satisfied: float
    behind: float
    named: float
    closest: float
    beyond: float
    aside: float
    relevance: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """`probability` that the best passages answer; they may well do so when they are `near`. `missing` is the known document
    that would answer, when one fits."""

    probability: float
    answerable: bool
    near: bool
    missing: Entry | None
    signals: Signals


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over the signals, fitted by `xuesi eval calibrate`; `fitted_on` is a hash of its cases."""

    weights: Mapping[str, float]
    bias: float
    threshold: float
    fitted_on: str

    @classmethod
    def load(cls, path: Path = CALIBRATION) -> Calibration:
        """The stored model."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(stored["weights"], stored["bias"], stored["threshold"], stored["fitted_on"])

    def probability(self, signals: Signals) -> float:
        """1 / (1 + e^-(w·x + b))."""
        values = asdict(signals)
        return 1 / (1 + math.exp(-(self.bias + sum(weight * values[name] for name, weight in self.weights.items()))))


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of a question. `fits` tells by the words of their subjects (0..1) which documents it touches,
    `close` by their meaning (cosine of the closest subject); `names` which documents the library holds or reports."""

    names: Names
    fits: Fits
    close: Fits

    def best(self, values: Fits, covered: bool) -> tuple[Entry | None, float]:
        """The best document of those that the library covers, or of those that it does not; (None, 0.0) without any."""
        some = (value for key, value in values.items() if self.names.covers(key) is covered)
        return max(some, key=lambda one: one[1], default=(None, 0.0))


def judge(question: Question, focus: Focus, hits: Sequence[Hit], calibration: Calibration) -> Verdict:
    """Judge whether `hits` (best first, not empty) answer the question."""
    fits = question.resources.finder.fits(question.text)[1]
    known = Known(question.names, fits, question.resources.subjects.closest(question.vector))
    _, home = known.best(fits, covered=True)
    _, foreign = known.best(fits, covered=False)
    beyond, aside = _elsewhere(hits[0].document, known)
    own = _is_own_subject(question.text, hits[0].document, known)
    if own:  # what the register knows of other documents says nothing of an office's own rule
        foreign = home
    held = [_tokens(hit) for hit in hits[:3]]
    together = set().union(*held)
    demand = met(question, focus, hits[:5])
    signals = Signals(
        cosine=max(hit.dense for hit in hits[:3]),
        coverage=max(focus.held(tokens) for tokens in held),
        together=focus.held(together),
        rarest=focus.missing(together) / (max(focus.weights.values(), default=0.0) or 1.0),
        sentence=max(focus.coverage(unit.text) for hit in hits[:3] for unit in question.units(hit)),
        gap=min(WIDEST, hits[0].score - hits[min(9, len(hits) - 1)].score),
        lead=hits[0].score - hits[min(1, len(hits) - 1)].score,
        foreign=foreign,
        home=home,
        here=fits[hits[0].document.series][1] if hits[0].document.series in fits else 0.0,
        elsewhere=max(0.0, foreign - home),
        satisfied=demand.held,
        behind=demand.behind,
        named=float(own or bool(question.understood.held)),
        closest=max(hit.closest for hit in hits[:5]),
        beyond=beyond,
        aside=aside,
        relevance=max(hit.relevance for hit in hits[:3]),
    )
    probability = calibration.probability(signals)
    near = probability >= NEAR and (_in_the_field(known) or bool(question.understood.held))
    answerable = probability >= calibration.threshold and not demand.lacking
    return Verdict(probability, answerable, near, None if own else _missing(known), signals)


def worth_showing(question: Question, hits: Sequence[Hit]) -> Sequence[Hit]:
    """`hits`, which do not answer, to be shown as what is nearest; none where nothing is near, as for 红烧肉怎么做."""
    if question.understood.named or max((hit.dense for hit in hits), default=0.0) > NEAR_PASSAGE:
        return hits
    known = Known(question.names, {}, question.resources.subjects.closest(question.vector))
    return hits if _in_the_field(known) else ()


def _in_the_field(known: Known) -> bool:
    return max((cosine for _, cosine in known.close.values()), default=1.0) > FOREIGN


def _missing(known: Known) -> Entry | None:
    """The known document that would answer: one that the library lacks and that is clearly nearer than any it covers, in words
    and in meaning, and than any other it lacks."""
    _, home = known.best(known.fits, covered=True)
    _, inside = known.best(known.close, covered=True)
    outside = sorted(
        ((cosine, entry.title) for key, (entry, cosine) in known.close.items() if not known.names.covers(key)),
        reverse=True,
    )
    entries = [entry for values in (known.fits, known.close) if (entry := known.best(values, covered=False)[0])]
    best, most = None, CLEARLY
    for entry in entries:
        key = series_key(entry.title)
        _, fit = known.fits.get(key, (entry, 0.0))
        _, cosine = known.close.get(key, (entry, 0.0))
        rival = next((other for other, title in outside if title != entry.title), 0.0)
        clearly = WORDS * (fit - home) + min(cosine - inside, NEARER) + (cosine - rival)
        if clearly >= most and cosine > IN_THE_FIELD:
            best, most = entry, clearly
    return best


def _is_own_subject(text: str, found: Document, known: Known) -> bool:
    """Whether the question says what a text that the register does not know has in its title: 村级议事会多久开会 and
    《青禾县村级议事会管理办法》."""
    title = searchable(found.card.title)
    if found.series in known.close or found.card.kind == GUIDE or _CENTRAL.search(title):
        return False
    plain = searchable(text)
    pieces = (title[i : i + _SUBJECT] for i in range(len(title) - _SUBJECT + 1))
    return any(piece in plain and not _COMMON.search(piece) for piece in pieces)


def _elsewhere(found: Document, known: Known) -> tuple[float, float]:
    """`Signals.beyond` and `Signals.aside`. Both are 0 where the best passage stands in a text of which the register knows
    nothing, such as a rule of one's own office: the register cannot tell then who answers better."""
    here = known.close.get(found.series)
    if here is None and found.card.kind != GUIDE:
        return 0.0, 0.0
    _, inside = known.best(known.close, covered=True)
    _, outside = known.best(known.close, covered=False)
    return outside - inside, outside - (inside - UNKNOWN if here is None else here[1])


def _tokens(hit: Hit) -> set[str]:
    return set(tokenize(f"{hit.document.card.title} {hit.passage.context} {hit.passage.text}"))
