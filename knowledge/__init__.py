"""The library: files in, ranked passages out. `KnowledgeBase` is the door; it knows no language model and no pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.knowledge_base import KnowledgeBase

__all__ = ["KnowledgeBase"]


def __getattr__(name: str) -> object:
    if name == "KnowledgeBase":  # it needs every room, and the rooms need this package
        from knowledge.knowledge_base import KnowledgeBase

        return KnowledgeBase
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
