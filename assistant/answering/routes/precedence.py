"""Which text leads: a rule before a speech or a list that quotes it, a newer or higher rule before an older or lower one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.answering.answerability import holds
from assistant.answering.editions import is_own_words, year_of
from assistant.answering.question import Question
from assistant.understanding.focus import Focus
from knowledge.model import Document, Hit, Validity

#: Cosine of two passages from which they provide for one matter: of pairs read, 公务接待 2025/2013 .950, 公务用车更新 .948, 处分期 .959.
SAME_MATTER: Final = 0.945
#: How far a rule may stand behind a speech, a guide or a list and still lead.
YIELDS: Final = 0.05
_OVER: Final = (Validity.EXPIRED, Validity.REPEALED)
LOOKED_AT: Final = 20  # neighbours of the best passage

_LISTS = (None, "清单")
#: By title and kind, the highest first; the last is what has no rank of its own.
_RANKS = (
    re.compile(r"^中华人民共和国宪法|^中国共产党章程"),
    re.compile(r"^中华人民共和国.*法(?:[（(].*)?$"),
    re.compile(r"(?:条例|准则)(?:[（(].*)?$"),
    re.compile(r"(?:规定|规则|办法|细则)(?:[（(].*)?$"),
)


@dataclass(frozen=True, slots=True)
class Led:
    """A newer or higher rule (`first`) and the passage that it comes before."""

    first: Hit
    before: Hit


def is_rule(document: Document) -> bool:
    """Whether a text provides by itself: no speech, no study guide, no list of what others provide."""
    kind = document.card.kind
    return not is_own_words(kind, document.card.title) and kind not in _LISTS


def beats(one: Document, other: Document) -> bool:
    """Whether `one` is higher than `other` and not known to be older, or of one rank with it and newer."""
    ranks = _rank(one), _rank(other)
    years = year_of(one), year_of(other)
    if ranks[0] != ranks[1]:
        return ranks[0] < ranks[1] and (not years[0] or years[0] >= years[1])
    return bool(years[0] and years[1]) and years[0] > years[1]


def rules_first(hits: Sequence[Hit]) -> list[Hit]:
    """`hits` (best first) with the best rule that is not over in front, when it is nearly as good as what is none."""
    if not hits or _may_lead(hits[0].document):
        return list(hits)
    for hit in hits:
        if hit.score < hits[0].score - YIELDS:
            break
        if _may_lead(hit.document):
            return [replace(hit, score=hits[0].score), *(other for other in hits if other is not hit)]
    return list(hits)


def _may_lead(document: Document) -> bool:
    return is_rule(document) and document.validity not in _OVER


def newer_rule(question: Question, topic: Focus, hits: Sequence[Hit]) -> Led | None:
    """The rule in force that provides for the matter of the best of `hits` and is newer or higher than it, if the question's
    words stand in it as well and it has what is asked for."""
    top, kb = hits[0], question.kb
    if not is_rule(top.document):
        return None
    [vector] = kb.indexes.vectors([top.passage.id])
    near = dict(kb.dense.search(vector, LOOKED_AT))
    there = topic.coverage(top.passage.text)
    for passage_id, (passage, document) in kb.get_passages(near).items():
        if near[passage_id] < SAME_MATTER or document.series == top.document.series:
            continue
        if document.validity is not Validity.IN_FORCE or not is_rule(document):
            continue
        if top.document.validity not in _OVER and not beats(document, top.document):
            continue  # what has ended leads no rule that is in force, be it newer or higher
        asked = question.understood.kind, question.text
        if topic.coverage(passage.text) >= there and holds(*asked, passage.text) >= holds(*asked, top.passage.text):
            return Led(replace(top, passage=passage, document=document, folded=()), top)
    return None


def _rank(document: Document) -> int:
    title = document.card.title
    return next((rank for rank, pattern in enumerate(_RANKS) if pattern.search(title)), len(_RANKS))
