"""自测: practice and papers, their marking, wrong answers, and what trainers see of a class."""

from __future__ import annotations

from assistant.study.self_test.marking import Mark, fits, mark
from assistant.study.self_test.tests import Mode, Reply, SelfTests, Test, picked

__all__ = ["Mark", "Mode", "Reply", "SelfTests", "Test", "fits", "mark", "picked"]
