"""Runs begun in the browser: one at a time, on a thread of its own, written where the list looks for runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.answerer import Answerer
from assistant.errors import AssistantError
from assistant.model import Mode
from eval.errors import BadRun, EvalError
from eval.running.folder import write
from eval.running.run import run
from eval.suite import Case, Suite
from knowledge.errors import KnowledgeError
from knowledge.knowledge_base import KnowledgeBase

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run that was begun last is; `trouble` says why it did not end well, "" otherwise."""

    name: str
    suite: str
    done: int
    total: int
    over: bool
    trouble: str = ""


class RunRoom:
    """Begins runs. `answerer` gives the one that answers now; answers are extracts, so that runs can be compared."""

    def __init__(self, runs: Path, kb: KnowledgeBase, answerer: Callable[[], Answerer]) -> None:
        self._runs = runs
        self._kb = kb
        self._answerer = answerer
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> Progress | None:
        """None until something was begun."""
        return self._progress

    def begin(self, suite: Suite, split: str | None) -> str:
        """Begin a run; returns its name. Raises BadRun while another is made."""
        cases = tuple(case for case in suite.cases if split in (None, case.split))
        if not cases:
            raise BadRun(f"评测集“{suite.name}”的这一部分没有题，请换一部分。")
        with self._lock:
            if self._progress is not None and not self._progress.over:
                raise BadRun(f"正在评“{self._progress.suite}”，请等它评完再开始。")
            name = f"{datetime.now():%Y%m%d-%H%M%S}-{suite.name}"
            self._progress = Progress(name, suite.name, 0, len(cases), over=False)
        asked = Suite(suite.name, cases, suite.sha256)
        self._thread = threading.Thread(target=self._make, args=(asked, split), name="evaluation", daemon=True)
        self._thread.start()
        return name

    def wait(self) -> None:
        """Until the run that was begun last is over."""
        if self._thread is not None:
            self._thread.join()

    def _make(self, suite: Suite, split: str | None) -> None:
        assert self._progress is not None
        name, total, trouble = self._progress.name, len(suite.cases), ""

        def watched(cases: Sequence[Case]) -> Iterator[Case]:
            for done, case in enumerate(cases):
                self._progress = Progress(name, suite.name, done, total, over=False)
                yield case

        try:
            results = run(suite, self._kb, self._answerer(), watched, Mode.EXTRACT)
            write(results, suite, self._kb, self._runs / name, {"split": split, "mode": "extract"})
        except (EvalError, AssistantError, KnowledgeError, OSError) as error:
            trouble = str(error)
        except Exception:
            _log.exception("the run %s failed", name)
            trouble = "评测时出了错，没有写下结果；请告诉管理员。"
        self._progress = Progress(name, suite.name, total, total, over=True, trouble=trouble)
