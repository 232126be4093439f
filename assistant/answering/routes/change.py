"""What a revision changed: two editions of one document, article by article."""

from __future__ import annotations

import re

from assistant.answering import compare, refusals
from assistant.answering.draft import Draft
from assistant.answering.editions import edition_in_words, two_editions, year_of
from assistant.answering.question import Question
from assistant.answering.routes.composed import Composed
from assistant.understanding.named_documents import Named
from knowledge.model import Document, Hit
from knowledge.retrieval.search import Scope


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
    without = re.sub(
        r"(?:19|20)\d{2}年?版?|新旧|前后|两[个版]|版本|修[订改正]|变化|变|不同|区别|差别|改动|改|调整|新增|增加|删[除去掉]?|新版|旧版|"
        r"和|与|跟|相比|对比|比|较|内容|地方|方面|主要|作|做|条例|条|在|对|关于|上|里|中|后|前|年|版",
        "",
        core,
    )
    return re.sub(r"\s+", "", without)
