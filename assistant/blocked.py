"""Topics that are not answered: a list kept by trainers, and the one reply to all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from assistant.errors import InvalidQuestion
from assistant.model import Refusal
from knowledge.normalise import searchable

FILE = "blocked.txt"  # in the data folder: a word or phrase a line; a line with # in front is a remark
REPLY = "这个话题不在本系统的回答范围内，请查阅权威发布，或向主管部门咨询。"


class BlockedTopics:
    """Words and phrases; a question that holds one of them gets the fixed reply. Widths, spaces and traditional
    characters make no difference."""

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._phrases = tuple(filter(None, (_plain(phrase) for phrase in phrases)))

    @classmethod
    def load(cls, path: Path) -> BlockedTopics:
        """The list in `path`; an absent file is an empty list. Raises InvalidQuestion when it is not UTF-8 text."""
        if not path.exists():
            return cls()
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            raise InvalidQuestion(f"读不了不予回答的话题清单 {path}，请存为 UTF-8 编码的文本。") from None
        return cls(line for line in lines if not line.lstrip().startswith("#"))

    def refusal(self, question: str) -> Refusal | None:
        """The fixed reply when `question` touches a blocked topic."""
        plain = _plain(question)
        return Refusal("blocked", REPLY) if any(phrase in plain for phrase in self._phrases) else None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", searchable(text)).lower()
