"""A follow-up made standalone by the model, kept only when it adds nothing to what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence

import prompts
from assistant.generation.context import clean
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import GenerationFailed
from assistant.generation.output import refuses, without_thoughts
from assistant.model import Message
from knowledge.text.confidential import marked
from knowledge.text.masking import mask
from knowledge.text.normalise import searchable
from knowledge.text.quantities import CHINESE

LONGEST = 200  # characters of a rewritten question
TURNS = 3  # earlier questions and answers that the model is shown
SHOWN = 200  # characters of each
PATIENCE = 10.0  # seconds; the rules need none
KNOWN_SHARE = 0.85  # of the rewritten question's character pairs that must have been said before

_DIGITS = re.compile(f"[0-9]+|[{CHINESE}]+")
_WRAPPING = re.compile(r"^(?:改写后的问题|问题|改写)[:：]\s*|^[\"“「]|[\"”」]$")


def condense(endpoint: Endpoint, question: str, history: Sequence[Message]) -> str | None:
    """`question`, which leans on its history (oldest first), as it would be asked with none; None when the model fails,
    leaves it as it was or says something that was not said, and the rules must do."""
    shown = [message.content[:SHOWN] for message in history[-2 * TURNS :]]
    if any(marked(text) for text in (*shown, question)):
        return None
    names = {"user": "问", "assistant": "答"}
    told = [f"{names[one.role]}：{clean(one.content[:SHOWN])}" for one in history[-2 * TURNS :]]
    prompt = prompts.load("condense").fill(history=mask("\n".join(told)), question=mask(clean(question)))
    completion = endpoint.complete(prompt, max_tokens=150, within=PATIENCE)
    try:
        text = "".join(without_thoughts(iter(completion)))
    except GenerationFailed:
        return None
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    rewritten = _WRAPPING.sub("", _WRAPPING.sub("", lines[0])).strip()
    if set(_pairs(searchable(rewritten))) <= set(_pairs(searchable(question))):
        return None  # said again as it was, it still leans on what was said before
    return rewritten if _adds_nothing(rewritten, question, shown) else None


def _adds_nothing(rewritten: str, question: str, history: Sequence[str]) -> bool:
    """Whether the rewritten question is made of the words that were said, with no number that was not."""
    if not rewritten or len(rewritten) > LONGEST or refuses(rewritten):
        return False
    said = searchable("\n".join((*history, question)))
    plain = searchable(rewritten)
    if any(number not in said for number in _DIGITS.findall(plain)):
        return False
    pairs = _pairs(plain)
    known = sum(pair in said for pair in pairs)
    asked = _pairs(searchable(question))
    kept = sum(pair in plain for pair in asked)
    return bool(pairs) and known >= KNOWN_SHARE * len(pairs) and 2 * kept >= len(asked)


def _pairs(text: str) -> list[str]:
    letters = re.sub(r"\W", "", text)
    return [letters[start : start + 2] for start in range(len(letters) - 1)]
