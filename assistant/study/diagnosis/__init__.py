"""自我诊断: statements on 不会, 不敢 and 不想, what stands out in the answers, and what the library's speech says to do about it."""

from __future__ import annotations

from assistant.study.diagnosis.kept import Diagnoses, Kept
from assistant.study.diagnosis.measures import Measure, measures_in, picked, speech_in
from assistant.study.diagnosis.statements import (
    LEVELS,
    SCALE,
    STATEMENTS,
    Block,
    Level,
    Statement,
    answers_in,
    levels,
)

__all__ = [
    "LEVELS",
    "SCALE",
    "STATEMENTS",
    "Block",
    "Diagnoses",
    "Kept",
    "Level",
    "Measure",
    "Statement",
    "answers_in",
    "levels",
    "measures_in",
    "picked",
    "speech_in",
]
