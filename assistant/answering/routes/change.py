"""What a revision changed: two editions of one document, article by article."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from assistant.answering import compare, refusals
from assistant.answering.draft import Draft
from assistant.answering.editions import edition_in_words, two_editions, year_of
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from assistant.understanding.named_documents import Named
from knowledge.model import Document, Hit
from knowledge.retrieval.search import Scope
from knowledge.text.word_lists import WordLists

LISTS: Final = WordLists(Path(__file__).with_name("lists") / "change.yaml")
_ASKING = LISTS.words("asking")


def changes(question: Question, named: Named) -> Composed:
    """The two editions meant side by side: what they say on the question's topic, or what was added and changed."""
    understood, draft = question.understood, Draft()
    pair = two_editions(named, understood)
    if pair is None:
        wanted = edition_in_words(understood.years[0]) if understood.years else "可以对照的另一个版本"
        held = [year_of(document) for document in named.documents]
        return Composed(draft, 0.0, refusals.missing_edition(named.title, wanted, held))
    old, new = pair
    subject = _topic(question.focus((named,)).core)

    def about(document: Document) -> list[Hit]:
        scope = Scope(frozenset({document.id}), any_edition=True)
        return question.resources.finder.searcher.search(subject, 3, scope)

    table = compare.editions(old, new, question.kb, draft, about if len(subject) >= 2 else None)
    return Composed(draft, 0.9, table=table)


def _topic(core: str) -> str:
    """What the change is about: `对礼金的规定` of `2018年版和2023年版对礼金的规定有什么变化`."""
    without = _ASKING.sub("", core)
    return re.sub(r"\s+", "", without)
