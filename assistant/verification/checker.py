"""Every sentence of a model is checked against the sources it cites before anybody sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from assistant.verification.evidence import Evidence, Weights, comparable
from assistant.verification.faults import OF_FIGURES, Fault
from assistant.verification.formulations import Formulation
from assistant.verification.markers import Part, Segment, Segmenter
from assistant.verification.sources import Source
from assistant.verification.support import ENOUGH, Cited, Finding, judge

#: A sentence with so much of its content in what it cites is about just that: what it gets wrong is no wrong marker.
ABOUT: Final = 0.5


class Support(StrEnum):
    """What becomes of a sentence: shown with its citations, shown with the mark 未在来源中找到依据, or not shown."""

    SUPPORTED = "supported"
    UNFOUND = "unfound"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Policy:
    """What to do with a sentence that its sources do not hold: `figures` when a number, date, 文号 or article differs,
    `otherwise` in all other cases. `enough` is the share of a sentence's content that its sources must hold."""

    figures: Support = Support.REMOVED
    otherwise: Support = Support.UNFOUND
    enough: float = ENOUGH


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence without markers. `citations` are ids of sources, in order; only a supported sentence has any. `fault`
    says why another is not, `what` the words at fault."""

    text: str
    support: Support
    citations: tuple[int, ...] = ()
    fault: Fault | None = None
    what: str = ""


class Checker:
    """Checks one answer, piece by piece as the model writes it, against its numbered sources."""

    def __init__(
        self,
        sources: Sequence[Source],
        policy: Policy | None = None,
        formulations: Sequence[Formulation] = (),
        question: str = "",
    ) -> None:
        """`question` is what the answer answers, "" when it answers none."""
        self._sources = {source.id: source for source in sources}
        self._policy = policy or Policy()
        self._formulations = tuple(formulations)
        self._segments = Segmenter(max(self._sources, default=0))
        self._weights = Weights(sources)
        self._question = comparable(question)
        self._passages: dict[tuple[str, str], str] = {}  # all that is given of a passage, by document and address
        for source in sources:
            place = source.document, source.address
            self._passages[place] = f"{self._passages.get(place, '')}{comparable(source.text)}\n"
        self._evidence = lru_cache(maxsize=256)(self._read)

    @property
    def dropped(self) -> Counter[str]:
        """Markers that were not taken over, by reason: `unknown`, `unreadable`, `stray`, `wrong`."""
        return self._segments.dropped

    def feed(self, piece: str) -> Iterator[Checked]:
        """The sentences that end in `piece`."""
        for segment in self._segments.feed(piece):
            yield self._check(segment)

    def finish(self) -> Iterator[Checked]:
        """The last sentence, when the model has ended without a full stop."""
        for segment in self._segments.finish():
            yield self._check(segment)

    def _check(self, segment: Segment) -> Checked:
        finding = self._as_cited(segment)
        if finding and not finding.fault:
            return Checked(segment.text, Support.SUPPORTED, segment.ids)
        alone = None if finding and finding.score >= ABOUT else self._only_one(segment.text)
        if alone is not None:
            if segment.ids:
                self._segments.dropped["wrong"] += len(segment.ids)
            return Checked(segment.text, Support.SUPPORTED, (alone,))
        finding = finding or self._nearest(segment.text)
        treatment = self._policy.figures if finding.fault in OF_FIGURES else self._policy.otherwise
        return Checked(segment.text, treatment, (), finding.fault, finding.what)

    def _as_cited(self, segment: Segment) -> Finding | None:
        """The worst finding over the parts of a sentence, each against its own sources; None when it cites nothing."""
        if not segment.ids:
            return None
        whole = self._judge(segment.text, segment.ids)
        parts = [Part(part.text, part.ids or segment.ids) for part in segment.parts]
        findings = [self._judge(part.text, part.ids) for part in parts] if len(parts) > 1 else []
        return min((whole, *findings), key=lambda finding: (finding.fault is None, finding.score))

    def _only_one(self, text: str) -> int | None:
        """The one source that supports a sentence by itself; None when there is none or there are several. Sources with the
        same words count once, and so do items with the lead-in that is all they share; of several in one passage it is the
        one that holds most."""
        scores = {one: self._judge(text, (one,)) for one in self._sources}
        supporting = [one for one, finding in scores.items() if not finding.fault]
        if not supporting:
            return None
        shortest = min(supporting, key=lambda one: len(self._sources[one].text))
        same = self._sources[shortest].text
        if all(same in self._sources[one].text for one in supporting):
            return shortest
        places = {(self._sources[one].document, self._sources[one].address) for one in supporting}
        return max(supporting, key=lambda one: scores[one].score) if len(places) == 1 else None

    def _nearest(self, text: str) -> Finding:
        """Why no source supports a sentence without a marker: what is wrong with it by the source most like it."""
        findings = (self._judge(text, (one,)) for one in self._sources)
        return max(findings, key=lambda finding: finding.score, default=Finding(0.0, Fault.UNCITED))

    def _judge(self, text: str, ids: tuple[int, ...]) -> Finding:
        return judge(text, self._evidence(tuple(sorted(ids))), self._weights, self._formulations, self._policy.enough)

    def _read(self, ids: tuple[int, ...]) -> Cited:
        sources = [self._sources[one] for one in ids]
        places = dict.fromkeys((one.document, one.address) for one in sources)
        together = Evidence(sources, self._question, "".join(self._passages[place] for place in places))
        if len(sources) == 1:
            return Cited(together, (together,))
        return Cited(together, tuple(each for one in ids for each in self._evidence((one,)).each))
