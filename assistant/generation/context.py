"""What the model is given: the sentences of the best passages, numbered, cleaned and within a budget."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.answering.draft import cite
from assistant.answering.editions import edition_in_words
from assistant.answering.sentences import Unit, units
from assistant.model import Citation
from assistant.verification.sources import Source
from knowledge.model import Document, Hit, Passage
from knowledge.text.confidential import document_marked
from knowledge.text.quantities import ARABIC
from knowledge.text.word_lists import WordLists

BUDGET = 2400  # characters of sources; a Chinese character is about one token for current models, never more than two
LONGEST_PASSAGE = 700  # of a longer passage only the sentences around the wanted ones are given
PASSAGES = 6  # at most; more only distracts small models
NEAR_BEST = 0.06  # a passage that the extract did without comes along when its score is so near the best one's
MARGIN = 2  # sentences before and after a wanted one
TextOf = Callable[[int], str]

_MARKER = re.compile(rf"[\[［【]\s*([{ARABIC}]{{1,3}}(?:\s*[,，、\-–~～][\s{ARABIC},，、\-–~～]*)?)\s*[\]］】]")
_FENCE = re.compile(r"</?\s*资料\s*>|`{3,}|<\|[^|<>]{0,40}\|>")
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "context.yaml")
#: No official document speaks to a language model; what does is not sent, so that it can be neither obeyed nor cited.
_COMMANDS = LISTS.words("commands")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A source with the stored text it stands for: a unit of a passage, and the unit that introduces it if it is an
    item."""

    source: Source
    passage: Passage
    document: Document
    unit: Unit
    lead: Unit | None = None

    def cite(self, marker: int) -> Citation:
        """The citation of the unit; its quote is the canonical text at its offsets."""
        return cite(self.passage, self.document, marker, self.unit.start, self.unit.end)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may go in. `wanted` are spans of the canonical text that must not be left out."""

    passage: Passage
    document: Document
    wanted: tuple[tuple[int, int], ...] = ()

    def document_is_marked(self, text_of: TextOf) -> bool:
        """Whether the document bears a mark of secrecy, so that none of it may be sent."""
        return document_marked(self.document.card.title, self.document.file_name, text_of(self.document.version_id))


def from_extract(cited: Sequence[Citation], hits: Sequence[Hit]) -> list[Candidate]:
    """The passages that an extract cites, in its order, then those of the other `hits` that score nearly as well."""
    wanted: dict[int, list[tuple[int, int]]] = {}
    for citation in cited:
        wanted.setdefault(citation.passage_id, []).append((citation.start, citation.end))
    order = list(wanted)
    first = sorted((hit for hit in hits if hit.passage.id in wanted), key=lambda hit: order.index(hit.passage.id))
    near = [hit for hit in hits if hit.passage.id not in wanted and hit.score >= hits[0].score - NEAR_BEST]
    return [
        Candidate(hit.passage, hit.document, tuple(wanted.get(hit.passage.id, ())))
        for hit in [*first, *near][:PASSAGES]
    ]


def number(candidates: Sequence[Candidate], text_of: TextOf, budget: int = BUDGET) -> list[Numbered]:
    """Sentences of `candidates` (best first) numbered from 1, as many passages as the budget holds.

    The best passage comes last, next to the question: small models use what stands there best (Liu et al. 2023, "Lost
    in the Middle": Llama-2 7B gains from recency only, larger models from both ends). Sentences that are not the stored
    text at their offsets, and those that speak to a language model, are left out. `text_of` gives the text of a version.
    """
    chosen: list[list[tuple[Unit, Unit | None, int, Candidate]]] = []
    left = budget
    for candidate in candidates:
        taken: list[tuple[Unit, Unit | None, int, Candidate]] = []
        for unit, lead, list_size in _chosen(candidate):
            size = len(unit.text) + 6
            if size > left:
                break
            left -= size
            taken.append((unit, lead, list_size, candidate))
        if taken:
            chosen.append(taken)
        if left < 40:
            break
    numbered: list[Numbered] = []
    for taken in reversed(chosen):
        for unit, lead, list_size, candidate in taken:
            passage, document = candidate.passage, candidate.document
            if text_of(passage.version_id)[unit.start : unit.end] != unit.text or _COMMANDS.search(unit.text):
                continue
            source = Source(
                id=len(numbered) + 1,
                text=f"{lead.text}{unit.text}" if lead else unit.text,
                document=document.card.title,
                address=passage.address,
                edition=document.card.edition,
                validity=str(document.validity),
                list_size=list_size,
            )
            numbered.append(Numbered(source, passage, document, unit, lead))
    return numbered


def written_out(numbered: Iterable[Numbered]) -> str:
    """The sources as the model reads them: a line for each passage with where it stands, then its numbered sentences."""
    lines: list[str] = []
    passage_id: int | None = None
    for one in numbered:
        if one.passage.id != passage_id:
            passage_id = one.passage.id
            source = one.source
            edition = f"{edition_in_words(source.edition)}，" if source.edition else ""
            lines.append(
                clean(f"《{source.document}》（{edition}{source.validity}）{source.address.replace('/', ' ')}")
            )
        lines.append(f"[{one.source.id}] {clean(one.unit.text)}")
    return "\n".join(lines)


def clean(text: str) -> str:
    """`text` on one line as harmless data: no invisible or control characters, nothing that looks like a marker of ours
    or the end of the sources."""
    visible = "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    )
    visible = _FENCE.sub(" ", visible)
    return _MARKER.sub(lambda match: f"（{match[1].strip()}）", _BLANK.sub(" ", visible)).strip()


def _list_size(head: Unit, every: Sequence[Unit]) -> int:
    """How many items the list has that `head` introduces; 0 when it introduces none, or they may go on in another
    passage."""
    items = [one for one in every if one.lead is not None and every[one.lead].start == head.start]
    return len(items) if items and items[-1].text.rstrip().endswith("。") else 0


def _chosen(candidate: Candidate) -> list[tuple[Unit, Unit | None, int]]:
    """The units of a passage that say something, each with its lead-in and the size of its list; of a long passage those
    around the wanted spans."""
    passage = candidate.passage
    every = units(passage.text, passage.start)
    told = [unit for unit in every if not unit.heading] or every
    if len(passage.text) > LONGEST_PASSAGE and candidate.wanted:
        near = {
            index
            for place, unit in enumerate(told)
            if any(unit.start < end and start < unit.end for start, end in candidate.wanted)
            for index in range(max(0, place - MARGIN), min(len(told), place + MARGIN + 1))
        }
        leads = {every[told[index].lead or 0].start for index in near if told[index].lead is not None}
        told = [unit for index, unit in enumerate(told) if index in near or unit.start in leads] or told
    leading = ((unit, every[unit.lead] if unit.lead is not None else None) for unit in told)
    return [(unit, lead, _list_size(lead or unit, every)) for unit, lead in leading]
