"""A document whose parts are asked for by their right number: `八项规定是哪八条` gets its eight headings."""

from __future__ import annotations

import re

from assistant.answering.draft import Draft
from assistant.answering.editions import asked_for, passages_of
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from assistant.answering.sentences import units
from assistant.understanding.named_documents import Named
from assistant.understanding.question import Kind
from knowledge.text.normalise import searchable
from knowledge.text.quantities import ITEM, to_int

_HOW_MANY_PARTS = re.compile(rf"哪?([{ITEM[1:]}]{{1,2}}|[0-9]{{1,2}})(?:个?(?:条|项|方面|部分|点|大?任务|要求|内容))")


def headings(question: Question, named: Named) -> Composed | None:
    """The first words of every part; None when the question asks for something else or for another number of parts."""
    understood, kb, draft = question.understood, question.kb, Draft()
    document = asked_for(named, understood)
    asked = _HOW_MANY_PARTS.search(searchable(understood.standalone))
    count = to_int(asked[1]) if asked else None
    if document is None or count is None or understood.kind is not Kind.LIST:
        return None
    parts = [section for section in kb.outline(document.version_id).sections if section.depth == 0]
    numbered = [section for section in parts if section.level == "一"]
    if len(numbered) != count:
        return None
    for section in numbered:
        inside = passages_of(section, kb.passages(document.version_id))
        first = units(inside[0].text, inside[0].start)[:1] if inside else []
        if first:
            draft.quote(inside[0], document, first)
    return Composed(draft, 0.95)
