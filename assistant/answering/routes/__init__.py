"""The ways to answer: an article looked up, two editions compared, the headings of a text, sentences of passages."""

from assistant.answering.routes.choice import compose
from assistant.answering.routes.composed import Composed

__all__ = ["Composed", "compose"]
