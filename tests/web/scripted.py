"""The real answerer, with some questions answered from a script whose every step the test lets through."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import date

from browsing import PATIENCE

from assistant.conversations.runs import Answers
from assistant.model import Answer, Event, Finished, Message, Mode, Progress, Said
from knowledge.retrieval.search import Scope


class Gate:
    """Holds a script back; `open(n)` lets n steps through."""

    def __init__(self) -> None:
        self._steps = threading.Semaphore(0)

    def open(self, steps: int = 1) -> None:
        self._steps.release(steps)

    def wait(self) -> None:
        if not self._steps.acquire(timeout=PATIENCE):
            raise TimeoutError("the test never opened the gate")


class Stage:
    """Answers from `real`; a question with a script is answered by it, step by step through its gate."""

    def __init__(self, real: Answers) -> None:
        self.real = real
        self.asked: list[tuple[str, tuple[Message, ...], date | None]] = []
        self._scripts: dict[str, tuple[Gate, Answer | Exception]] = {}

    def script(self, question: str, outcome: Answer | Exception) -> Gate:
        """Let `question` be answered with `outcome`: a gate before each stage, sentence and the end."""
        gate = Gate()
        self._scripts[question] = (gate, outcome)
        return gate

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        *,
        as_of: date | None = None,
        scope: Scope | None = None,
        mode: Mode | None = None,
        reader: str = "",
    ) -> Iterator[Event]:
        if mode is None:  # else it is the page that tries what it could offer
            self.asked.append((question, tuple(history), as_of))
        if question not in self._scripts:
            yield from self.real.stream(question, history, as_of=as_of, scope=scope, mode=mode, reader=reader)
            return
        gate, outcome = self._scripts[question]
        for name in ("理解问题", "检索", "核对引文"):
            gate.wait()
            yield Progress(name)
        if isinstance(outcome, Exception):
            gate.wait()
            raise outcome
        told: set[int] = set()
        for sentence in outcome.sentences:
            gate.wait()
            new = tuple(one for one in outcome.citations if one.marker in sentence.citations and one.marker not in told)
            told.update(one.marker for one in new)
            yield Said(sentence, new)
        gate.wait()
        yield Finished(outcome)
