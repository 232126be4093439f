"""Numbered sources and a question go to the model; checked sentences come back, or a reason why there are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

import prompts
from assistant.generation.cache import Cache, key_of
from assistant.generation.completion import Completion, replayed
from assistant.generation.condensing import condense
from assistant.generation.context import BUDGET, Candidate, Numbered, TextOf, clean, from_extract, number, written_out
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import Failure, GenerationFailed, NotWritten
from assistant.generation.output import (
    NO_ANSWER,
    laid_out,
    looping,
    only_a_label,
    refuses,
    unnumbered,
    without_thoughts,
)
from assistant.generation.quota import Allowance
from assistant.generation.written import Written
from assistant.model import Citation, Generation, Message, Mode, Role, Said, Sentence
from assistant.verification.checker import Checked, Checker, Policy, Support
from assistant.verification.formulations import Formulation
from knowledge.model import Hit
from knowledge.text.confidential import marked
from knowledge.text.masking import mask

LONGEST_OUTPUT: Final = 6000  # characters; what comes after is not read
AHEAD: Final = 5  # so many more sentences without grounds than with: nobody need read on
REPEATS_UNTIL_LOOP: Final = 3  # the same sentence so many times


class Writer:
    """Has answers written by the model behind one endpoint. Safe to share between threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        policy: Policy | None = None,
        *,
        allowance: Allowance | None = None,
        cache: Cache | None = None,
        budget: int = BUDGET,
        formulations: Callable[[], Sequence[Formulation]] = tuple,
    ) -> None:
        """`budget` are the characters of sources that go with a question: fewer make a small computer quicker.
        `formulations` gives the 固定表述 as they stand when an answer is written."""
        self._endpoint = endpoint
        self._policy = policy or Policy()
        self._allowance = allowance or Allowance()
        self._cache = cache
        self._budget = budget
        self._formulations = formulations

    def condense(self, question: str, history: Sequence[Message]) -> str | None:
        """`question` as it would be asked with no history; None when the rules must do."""
        return condense(self._endpoint, question, history)

    def answer(
        self,
        question: str,
        cited: Sequence[Citation],
        hits: Sequence[Hit],
        text_of: TextOf,
        reader: str = "",
        meets: Callable[[str], bool] = bool,
    ) -> Generator[Said, None, Written]:
        """An answer for `reader` to `question` from the passages of an extract (`cited`) and the other `hits`, best first,
        sentence by sentence as each is checked. Raises NotWritten, also when the supported sentences do not have what the
        question asks for (`meets`). `text_of` gives the text of a version."""
        return self.write("answer", {"question": question}, from_extract(cited, hits), text_of, reader, meets)

    def write(
        self,
        name: str,
        values: Mapping[str, str],
        candidates: Sequence[Candidate],
        text_of: TextOf,
        reader: str = "",
        meets: Callable[[str], bool] = bool,
    ) -> Generator[Said, None, Written]:
        """The text that the prompt `name` asks for, sentence by sentence as each is checked, from `candidates` (best
        first). `values` fill the prompt's variables but for `sources` and `no_answer`; `meets` tells whether the supported
        sentences together will do. Raises NotWritten, perhaps after some sentences. Nothing is sent of a marked document;
        when it holds a wanted passage, nothing at all."""
        prompt = prompts.load(name)
        unmarked = [one for one in candidates if not one.document_is_marked(text_of)]
        if any(one.wanted for one in candidates if one not in unmarked):
            raise self._refused(Failure.CONFIDENTIAL, prompt.version)
        numbered = number(unmarked, text_of, self._budget)
        if not numbered:
            raise self._refused(Failure.EMPTY, prompt.version)  # an empty context never reaches the model
        pad = _Pad(numbered, self._endpoint.settings.model, prompt.version)
        try:
            if any(marked(value) for value in values.values()):
                raise GenerationFailed(Failure.CONFIDENTIAL)
            told = prompt.fill(
                **{variable: mask(clean(value)) for variable, value in values.items()},
                sources=mask(written_out(numbered)),
                no_answer=NO_ANSWER,
            )
            settings = self._endpoint.settings
            key = key_of(settings.model, settings.base_url, *(message.text for message in told))
            kept = self._cache.get(key) if self._cache else None
            if kept is None:
                self._allowance.take(reader)
            checker = Checker(
                [one.source for one in numbered], self._policy, self._formulations(), values.get("question", "")
            )
            pad.cached = kept is not None  # what was kept is checked like anything else
            pad.completion = replayed(kept) if kept else self._endpoint.complete(told)
            try:
                yield from _checked(checker, pad)
            finally:
                pad.dropped = sum(checker.dropped.values())
            if not (pad.supported or pad.waiting or pad.removed):
                raise GenerationFailed(Failure.EMPTY)
            if pad.unsupported > pad.supported or not pad.supported:
                raise GenerationFailed(Failure.UNSUPPORTED)
            wanted = {one.passage.id for one in candidates if one.wanted}
            if wanted and not wanted & {citation.passage_id for citation in pad.citations}:
                raise GenerationFailed(Failure.OFF_TOPIC)
            if not meets("".join(sentence.text for sentence in pad.sentences if sentence.supported)):
                raise GenerationFailed(Failure.OFF_TOPIC)
        except GenerationFailed as error:
            raise NotWritten(error, pad.generation(error.failure)) from None
        if self._cache and kept is None and pad.completion.whole:
            self._cache.put(key, pad.text)
        return Written(tuple(pad.sentences), tuple(pad.citations), pad.generation())

    def _refused(self, failure: Failure, prompt: str) -> NotWritten:
        return NotWritten(
            GenerationFailed(failure), Generation(self._endpoint.settings.model, prompt, failure=str(failure))
        )


def _checked(checker: Checker, pad: _Pad) -> Iterator[Said]:
    """Sentences as they pass the check, up to the model's end, a loop or the greatest length."""
    assert pad.completion is not None
    with closing(iter(pad.completion)) as pieces:  # so that its times are known as soon as nobody reads on
        for piece in without_thoughts(pieces):
            pad.text += piece
            for checked in checker.feed(piece):
                yield from pad.take(checked)
            if pad.loops or looping(pad.text):
                if not pad.supported:
                    raise GenerationFailed(Failure.LOOPING)
                return
            if len(pad.text) > LONGEST_OUTPUT:
                return
    if not pad.text.strip():
        raise GenerationFailed(Failure.EMPTY)
    if pad.completion.whole:  # else the last sentence is cut off in the middle
        for checked in checker.finish():
            yield from pad.take(checked)


@dataclass
class _Pad:
    """The answer so far."""

    numbered: Sequence[Numbered]
    model: str
    prompt: str
    completion: Completion | None = None
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    waiting: list[Sentence] = field(default_factory=list)  # without grounds; not shown before one that has some
    supported: int = 0
    marked: int = 0
    removed: int = 0
    dropped: int = 0
    loops: bool = False
    cached: bool = False
    text: str = ""  # as the model wrote it
    _times: Counter[str] = field(default_factory=Counter)
    _markers: dict[int, int] = field(default_factory=dict)

    def take(self, checked: Checked) -> Iterator[Said]:
        """One checked sentence: shown, kept waiting or left out."""
        text, role = laid_out(checked.text)
        if not text or only_a_label(text):
            return
        words = unnumbered(text)
        self._times[words] += 1
        if self._times[words] > 1:
            self.loops = self._times[words] >= REPEATS_UNTIL_LOOP
            return
        if checked.support is not Support.SUPPORTED and refuses(text):
            if not self.supported:
                raise GenerationFailed(Failure.REFUSED)
            return
        if checked.support is Support.REMOVED:
            self.removed += 1
            self._give_up_far_behind()
        elif checked.support is Support.UNFOUND:
            self.waiting.append(Sentence(text, (), role, supported=False))
            self._give_up_far_behind()
            if self.supported:
                yield from self._release()
        else:
            self.supported += 1
            yield from self._release()
            if role is Role.ITEM:
                yield from self._introduce(checked.citations[0])
            before = len(self.citations)
            markers = tuple(dict.fromkeys(self._marker(identifier) for identifier in checked.citations))
            sentence = Sentence(text, markers, role)
            self.sentences.append(sentence)
            yield Said(sentence, tuple(self.citations[before:]), Mode.GENERATE)

    def _introduce(self, identifier: int) -> Iterator[Said]:
        """The sentence of the source that introduces the item `identifier`, when the model began with the items: of what
        they are the list must be seen."""
        numbered = self.numbered[identifier - 1]
        if numbered.lead is None or any(one.role is Role.LEAD and one.supported for one in self.sentences[-1:]):
            return
        lead = next((one for one in self.numbered if one.unit == numbered.lead), None)
        if lead is None or any((one.start, one.end) == (lead.unit.start, lead.unit.end) for one in self.citations):
            return
        marker = self._marker(lead.source.id)
        sentence = Sentence(lead.unit.text, (marker,), Role.LEAD)
        self.sentences.append(sentence)
        yield Said(sentence, (self.citations[marker - 1],), Mode.GENERATE)

    def generation(self, failure: Failure | None = None) -> Generation:
        """The record of what happened so far."""
        completion = self.completion
        return Generation(
            model=self.model,
            prompt=self.prompt,
            failure=str(failure) if failure else None,
            supported=self.supported,
            marked=self.marked,
            removed=self.removed,
            dropped=self.dropped,
            prompt_tokens=completion.prompt_tokens if completion else None,
            completion_tokens=completion.completion_tokens if completion else None,
            first_ms=round(completion.first_ms, 1) if completion else 0.0,
            total_ms=round(completion.total_ms, 1) if completion else 0.0,
            cached=self.cached,
        )

    @property
    def unsupported(self) -> int:
        """Sentences that were marked, wait to be, or were removed."""
        return self.marked + len(self.waiting) + self.removed

    def _give_up_far_behind(self) -> None:
        if self.unsupported > self.supported + AHEAD:
            raise GenerationFailed(Failure.UNSUPPORTED)

    def _release(self) -> Iterator[Said]:
        for sentence in self.waiting:
            self.marked += 1
            self.sentences.append(sentence)
            yield Said(sentence, (), Mode.GENERATE)
        self.waiting.clear()

    def _marker(self, identifier: int) -> int:
        if identifier not in self._markers:
            self._markers[identifier] = len(self.citations) + 1
            self.citations.append(self.numbered[identifier - 1].cite(self._markers[identifier]))
        return self._markers[identifier]
