"""Words that stand for one another, so that a follow-up naming one asks what was asked of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

FILE: Final = Path(__file__).with_name("alternatives.yaml")


@dataclass(frozen=True, slots=True)
class Alternatives:
    """`members` of one kind. `swaps` are a question, a follow-up and what is asked then; `keeps` a question and a follow-up
    of another kind: both are the list's own tests."""

    why: str
    members: tuple[str, ...]
    swaps: tuple[str, str, str]
    keeps: tuple[str, str]


@lru_cache(maxsize=1)
def load() -> Mapping[str, Alternatives]:
    """By name."""
    stored = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        name: Alternatives(one["why"], tuple(one["members"]), tuple(one["swaps"]), tuple(one["keeps"]))
        for name, one in stored.items()
    }


def swap(word: str, topic: str) -> str | None:
    """`topic` with `word` in place of the word of the same kind in it; None when there is none."""
    for one in load().values():
        if word not in one.members:
            continue
        for other in sorted(one.members, key=len, reverse=True):
            if other in topic:
                return topic.replace(other, word, 1) if other != word else None
    return None
