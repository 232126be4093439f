"""Where a quote stands, in words: an address whose numbers say nothing by themselves is told by its headings."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.web.answer_layout import address_in_words
from knowledge.errors import NotInLibrary
from knowledge.knowledge_base import KnowledgeBase

#: Levels that are numbered anew in every text and have no name of their own. 第三条 and its （一） are cited as they are.
BARE = frozenset({"一", "（一）", "1", "（1）", "一是", "部分"})
LONGEST = 16  # characters of a heading, its number with it
KEPT = 5000  # addresses in mind; the text of a version never changes
_PART = re.compile(r"(.*?)((?:·\d+)?(?:至.*)?)", re.DOTALL)  # `二·1至3`: pieces of a section, or several of them
_ENDS = re.compile(r"[。；：:！？?\n]|(?<=^首先)，|(?<=^其次)，")


class Places:
    """For one library. Safe to share between threads."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._kb = knowledge_base
        self._words = lru_cache(KEPT)(self._in_words)

    def __call__(self, version_id: int, address: str) -> str:
        """`四` of a text → `四、严明党的政治纪律`; `第二章/第三条` → `第二章 › 第三条`."""
        return self._words(version_id, address)

    def _in_words(self, version_id: int, address: str) -> str:
        try:
            sections = self._kb.outline(version_id).sections
            text = self._kb.text(version_id)
        except NotInLibrary:
            return address_in_words(address)
        named = {one.path: text[one.start : one.end] for one in sections if one.level in BARE}
        parts: list[str] = []
        path = ""
        for part in address.split("/"):
            label, rest = _PART.fullmatch(part).groups()  # type: ignore[union-attr]
            path = f"{path}/{label}" if path else label
            words = heading(named[path]).replace("/", "／") if path in named else label
            parts.append(words + rest)
        return address_in_words("/".join(parts))


def heading(section: str) -> str:
    """How a section begins, up to the end of its heading or of what could be one.

    >>> heading("四、严明党的政治纪律\\n纪律严明是全党统一意志……")
    '四、严明党的政治纪律'
    """
    words = _ENDS.split(section.strip(), maxsplit=1)[0].strip()
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
