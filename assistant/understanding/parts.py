"""Several questions in one: `试用期多长，表现不好能不能延长` asks two things, and each wants its own provision."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from assistant.understanding.followup import said
from knowledge.text.word_lists import WordLists

LISTS: Final = WordLists(Path(__file__).with_name("lists") / "parts.yaml")
_ASKS = LISTS.words("asks")
_CLAUSE = re.compile(r"(?<=[，,；;？?。！!\s])")
_ENDS = "，,；;。！!？? "
# A clause that says less is asked of the matter of the one before it: `谁批`, `多久给答复`.
_BY_ITSELF: Final = 6


def parts(text: str) -> tuple[str, ...]:
    """The questions that `text` asks, each as it would be asked alone, in order; empty when it asks one thing."""
    asked: list[str] = []
    told = ""  # what was said before a question and is asked of by it
    for clause in filter(None, (piece.strip(_ENDS) for piece in _CLAUSE.split(text))):
        if not _ASKS.search(clause):
            told += f"{clause}，"
        else:
            asked.append(f"{told}{clause}")
            told = ""
    if len(asked) < 2:
        return ()
    return tuple(
        one if not i or len(said(one)) >= _BY_ITSELF else f"{asked[i - 1]}，{one}" for i, one in enumerate(asked)
    )
