"""学习计划: steps with days, how far documents were read, and the record of what was read and passed. Nothing counts minutes."""

from __future__ import annotations

from assistant.study.plans.evidence import PASSED, Step, Tested, passed, stepped, tested
from assistant.study.plans.plans import Plan, Plans, Task, Wanted
from assistant.study.plans.reading import Progress, Readings

__all__ = [
    "PASSED",
    "Plan",
    "Plans",
    "Progress",
    "Readings",
    "Step",
    "Task",
    "Tested",
    "Wanted",
    "passed",
    "stepped",
    "tested",
]
