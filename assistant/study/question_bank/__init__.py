"""题库: items with answer, explanation and source; bringing them in, making them from passages, checking their sources."""

from __future__ import annotations

from assistant.study.question_bank.bank import Filter, Item, QuestionBank
from assistant.study.question_bank.content import BLANK, FALSE, LETTERS, TRUE, Content, Finding, Kind, Status, checked

__all__ = [
    "BLANK",
    "FALSE",
    "LETTERS",
    "TRUE",
    "Content",
    "Filter",
    "Finding",
    "Item",
    "Kind",
    "QuestionBank",
    "Status",
    "checked",
]
