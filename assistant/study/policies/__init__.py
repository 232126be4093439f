"""激励政策: what a policy grants to whom and when, read with evidence, confirmed by a trainer, walked through condition by condition."""

from assistant.study.policies.card import Condition, Join, Part, PolicyCard, Quote, Stretch, Window
from assistant.study.policies.reading import read_card
from assistant.study.policies.windows import closes, is_open

__all__ = [
    "Condition",
    "Join",
    "Part",
    "PolicyCard",
    "Quote",
    "Stretch",
    "Window",
    "closes",
    "is_open",
    "read_card",
]
