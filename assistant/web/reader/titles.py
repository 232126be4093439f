"""《文件名》 inside a text leads to the document, where the library holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.editions import current
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.validity import series_key
from knowledge.model import Document

_NAMED = re.compile(r"(《[^《》\n]{2,60}》)")


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text; `document` is the id of the one that they name, None for words that name none."""

    text: str
    document: int | None = None


class Titles:
    """Finds the titles of what readers of `library` may see. Safe to share between threads."""

    def __init__(self, library: KnowledgeBase) -> None:
        self._library = library
        self._known: tuple[Sequence[Document], dict[str, int]] = ((), {})

    def __call__(self, text: str, of: int | None = None) -> tuple[Words, ...]:
        """`text` in pieces; the document `of` which it is is not named by it."""
        if "《" not in text:
            return (Words(text),)
        held = self._held()
        found = (Words(part, self._named(part, held)) for part in _NAMED.split(text) if part)
        return tuple(Words(one.text) if one.document == of else one for one in found)

    def _named(self, part: str, held: dict[str, int]) -> int | None:
        if not _NAMED.fullmatch(part):
            return None
        entry = self._library.register.by_title(part)
        return held.get(series_key(part[1:-1])) or (held.get(series_key(entry.title)) if entry else None)

    def _held(self) -> dict[str, int]:
        """The edition in force of each text, by its title."""
        published = self._library.published()
        known = self._known  # another thread, of a reader who sees other documents, may put its own there
        if known[0] is not published:
            series: dict[str, list[Document]] = {}
            for document in reversed(published):
                series.setdefault(series_key(document.card.title), []).append(document)
            known = (published, {key: current(editions).id for key, editions in series.items()})
            self._known = known
        return known[1]
