"""Whether what was found answers a question, and what its sentences must hold to do so."""

from assistant.answering.answerability.judge import CALIBRATION, Calibration, Signals, Verdict, judge, worth_showing
from assistant.answering.answerability.requirements import holds, presumed

__all__ = ["CALIBRATION", "Calibration", "Signals", "Verdict", "holds", "judge", "presumed", "worth_showing"]
