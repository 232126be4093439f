"""激励政策: what a policy grants to whom and when, read with evidence, confirmed by a trainer, walked through condition by condition."""

from assistant.study.policies.card import Condition, Join, Part, PolicyCard, Quote, Stretch, Window
from assistant.study.policies.edited import lines_of, quotes_of
from assistant.study.policies.reading import read_card
from assistant.study.policies.shelf import Group, Policies, Policy, Walk
from assistant.study.policies.walking import (
    WORDS,
    WORDS_EXCLUDED,
    Outcome,
    Reply,
    Step,
    answered,
    outcome,
    replies_in,
    steps,
    taken_back,
)
from assistant.study.policies.windows import closes, is_open

__all__ = [
    "WORDS",
    "WORDS_EXCLUDED",
    "Condition",
    "Group",
    "Join",
    "Outcome",
    "Part",
    "Policies",
    "Policy",
    "PolicyCard",
    "Quote",
    "Reply",
    "Step",
    "Stretch",
    "Walk",
    "Window",
    "answered",
    "closes",
    "is_open",
    "lines_of",
    "outcome",
    "quotes_of",
    "read_card",
    "replies_in",
    "steps",
    "taken_back",
]
