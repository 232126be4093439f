"""Topics that are not answered: a list kept by trainers, each with its reply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from assistant.errors import InvalidQuestion
from assistant.model import Refusal
from knowledge.text.normalise import searchable

BLOCKED = "blocked"  # the code of such a refusal; nothing new in the library changes it
FILE = "blocked.yaml"  # in the data folder: `words: reply` a line; without a reply the general one is given
REPLY = "这个话题不在本系统的回答范围内，请查阅权威发布，或向主管部门咨询。"


class BlockedTopics:
    """Words and phrases with their replies; a question that holds one of them gets its reply. Widths, spaces and
    traditional characters make no difference; of several the first one listed counts."""

    def __init__(self, topics: Mapping[str, str] | None = None) -> None:
        self.topics = dict(topics or {})
        self._plain = {plain: reply or REPLY for words, reply in self.topics.items() if (plain := _plain(words))}

    @classmethod
    def load(cls, path: Path) -> BlockedTopics:
        """The list in `path`; an absent file is an empty list. Raises InvalidQuestion when it cannot be read."""
        return cls.parse(path.read_bytes(), str(path)) if path.exists() else cls()

    @classmethod
    def parse(cls, content: bytes, name: str) -> BlockedTopics:
        """The list that the file called `name` holds. Raises InvalidQuestion."""
        try:
            topics = yaml.load(content.decode("utf-8-sig"), Loader=yaml.CSafeLoader) or {}
        except (UnicodeDecodeError, yaml.YAMLError):
            raise InvalidQuestion(
                f"不予回答的话题清单 {name} 读不了，请存为 UTF-8 编码，每行写成“话题: 答复”（冒号后空一格）。"
            ) from None
        if not isinstance(topics, dict) or not all(
            isinstance(words, str) and isinstance(reply, str | None) for words, reply in topics.items()
        ):
            raise InvalidQuestion(f"不予回答的话题清单 {name} 应当每行一条，写成“话题: 答复”；数字请加引号。")
        return cls({words: (reply or "").strip() for words, reply in topics.items()})

    def refusal(self, question: str) -> Refusal | None:
        """The reply when `question` touches a blocked topic."""
        plain = _plain(question)
        return next((Refusal(BLOCKED, reply) for words, reply in self._plain.items() if words in plain), None)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", searchable(text)).lower()
