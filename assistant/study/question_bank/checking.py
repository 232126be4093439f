"""Searches the sources of many items, and says how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from assistant.study.question_bank.bank import Item, QuestionBank
from assistant.study.question_bank.content import Finding
from assistant.study.question_bank.source_search import find_source
from knowledge.knowledge_base import KnowledgeBase


def check_sources(
    bank: QuestionBank, kb: KnowledgeBase, items: Sequence[Item], on_step: Callable[[int, int], None] | None = None
) -> Counter[Finding]:
    """Look for the source of each item and keep what is found; what a trainer confirmed stays as it is."""
    counts: Counter[Finding] = Counter()
    for done, item in enumerate(items, start=1):
        if item.finding is not Finding.CONFIRMED:
            found = find_source(kb, item.content)
            bank.settle(item.id, found.finding, found.source, found.reason)
            counts[found.finding] += 1
        if on_step:
            on_step(done, len(items))
    return counts
