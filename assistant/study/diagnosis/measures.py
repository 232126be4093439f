"""What the background speech of the library says to do about 不会, 不敢 and 不想: found by its headings, quoted with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.study.diagnosis.statements import STATEMENTS, Block, Level
from assistant.study.excerpt import Excerpt
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Section
from knowledge.text.quantities import ITEM

#: 一是狠抓专业训练。 – how a speech names its measures, in sentences of their own.
_MEASURE = re.compile(rf"(?<=[。\n])[ 　]*[{ITEM}]是(?P<words>[^。，；：\n]{{4,30}})。")
_SENTENCE = re.compile(r"[^。]+。")
MOST = 2  # measures of the block that stands out most; one of the next
LONGEST = 160  # characters of a quote


@dataclass(frozen=True, slots=True)
class Measure:
    """`words` name it; `source` are the words of the speech that say it first."""

    block: Block
    words: str
    source: Excerpt


def speech_in(kb: KnowledgeBase) -> Document | None:
    """The published text that has one heading each with “不会”, “不敢” and “不想”; None when there is none."""
    return next((one for one in kb.published() if len(_sections(kb, one)) == len(Block)), None)


def measures_in(kb: KnowledgeBase, speech: Document) -> list[Measure]:
    """All measures of the speech in its order; the address of each is the part of the speech in which it stands."""
    text = kb.text(speech.version_id)
    found: list[Measure] = []
    for block, section in _sections(kb, speech).items():
        for match in _MEASURE.finditer(text, section.start, section.end):
            start = match.start("words") - 2
            end = match.end()
            further = _SENTENCE.match(text, end, section.end)
            if further and further.end() - start <= LONGEST:
                end = further.end()
            quote = Excerpt(speech.id, speech.version_id, speech.card.title, section.path, text[start:end], start, end)
            found.append(Measure(block, match["words"], quote))
    return found


def picked(measures: Sequence[Measure], answers: Sequence[int], standing: Mapping[Block, Level]) -> list[Measure]:
    """Two measures of the block that stands out most and one of the next, if that stands out at all: those that answer best to
    what was found true. `standing` has the block that stands out most first."""
    chosen: list[Measure] = []
    for place, (block, level) in enumerate(list(standing.items())[:2]):
        if place and level is Level.LOW:
            break
        own = [one for one in measures if one.block is block]
        own.sort(key=lambda one: -_weight(one, answers))  # stable: the order of the speech decides between equals
        chosen += own[: MOST if place == 0 else 1]
    return chosen


def _weight(measure: Measure, answers: Sequence[int]) -> int:
    said = measure.words + measure.source.quote
    return sum(
        answer * (2 if any(word in measure.words for word in one.about) else 1)
        for answer, one in zip(answers, STATEMENTS, strict=True)
        if one.block is measure.block and any(word in said for word in one.about)
    )


def _sections(kb: KnowledgeBase, document: Document) -> dict[Block, Section]:
    text = kb.text(document.version_id)
    if not all(f"“{block}”" in text for block in Block):
        return {}
    sections = kb.outline(document.version_id).sections
    return {
        block: section
        for block in Block
        for section in sections
        if section.depth == 0 and f"“{block}”" in section.title
    }
