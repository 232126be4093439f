"""Suites that trainers edit: one file each in a folder of the data, every earlier version kept beside it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.curation.entry_file import replace_file
from eval.errors import BadSuite
from eval.judging.judgements import Judged, judgement_line
from eval.suite import SUITES, Case, Suite, case_json, load_suite

FOLDER = "suites"
HISTORY = "history"
JUDGEMENTS = "judgements.jsonl"
_NAME = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A suite as the list shows it; `own` ones can be edited."""

    name: str
    cases: int
    version: str
    own: bool


class SuiteFolder:
    """The suites of one data folder, and those that come with the program. Safe to share between threads.

    Methods raise BadSuite for a name or a case that cannot be.
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self._lock = threading.Lock()

    def listed(self) -> list[Listed]:
        """Own suites first, each kind by name."""
        packaged = {path.stem.removesuffix("_unanswerable") for path in SUITES.glob("*.jsonl")} - {"rephrased"}
        own = {path.stem for path in self._folder.glob("*.jsonl")}
        names = [(name, True) for name in sorted(own)] + [(name, False) for name in sorted(packaged - own)]
        found = [(self.load(name), mine) for name, mine in names]
        return [Listed(suite.name, len(suite.cases), suite.version, mine) for suite, mine in found]

    def load(self, name: str) -> Suite:
        path = self._path(name)
        return load_suite(str(path) if path.is_file() else name)

    def own(self, name: str) -> bool:
        """Whether the suite can be edited."""
        return self._path(name).is_file()

    def put(self, name: str, case: Case) -> Suite:
        """Add a case, or put it in the place of the one with its id; a suite that is not there is begun."""
        if not case.id.strip() or not case.question.strip():
            raise BadSuite("一道题要有编号和问题，请补上再保存。")
        with self._lock:
            cases = list(self.load(name).cases) if self.own(name) else []
            place = next((i for i, one in enumerate(cases) if one.id == case.id), len(cases))
            cases[place : place + 1] = [case]
            return self._write(name, cases)

    def remove(self, name: str, case_id: str) -> Suite:
        with self._lock:
            if not self.own(name):
                raise BadSuite(f"评测集“{name}”不能修改，请先复制成自己的。")
            return self._write(name, [one for one in self.load(name).cases if one.id != case_id])

    def copy(self, name: str, new: str) -> Suite:
        """Begin the suite `new` with the cases of another."""
        with self._lock:
            if self._path(new).exists() or (SUITES / f"{new}.jsonl").exists():
                raise BadSuite(f"已有名为“{new}”的评测集，请换一个名字。")
            return self._write(new, self.load(name).cases)

    def versions(self, name: str) -> list[str]:
        """Earlier versions of an own suite, the latest first, as `at` takes them."""
        return [path.stem for path in sorted((self._folder / HISTORY / self._path(name).stem).glob("*.jsonl"))[::-1]]

    def at(self, name: str, version: str) -> Suite:
        """An own suite as it was at one of `versions`."""
        if version not in self.versions(name):
            raise BadSuite(f"评测集“{name}”没有“{version}”这个版本。")
        return load_suite(str(self._folder / HISTORY / name / f"{version}.jsonl"))

    def keep_judgement(self, one: Judged) -> None:
        """Add what a trainer said of an answer to the file that judges are measured by."""
        with self._lock, (self._folder.parent / JUDGEMENTS).open("a", encoding="utf-8") as file:
            file.write(judgement_line(one))

    def pass_over(self, name: str, case_id: str) -> None:
        """Remember that a case is not to become one of the suite."""
        with self._lock:
            ids = sorted(self.passed_over(name) | {case_id})
            replace_file(self._path(name).with_suffix(".passed"), "".join(f"{one}\n" for one in ids))

    def passed_over(self, name: str) -> set[str]:
        """What was remembered so."""
        path = self._path(name).with_suffix(".passed")
        return set(path.read_text(encoding="utf-8").split()) if path.is_file() else set()

    def _write(self, name: str, cases: Sequence[Case]) -> Suite:
        path = self._path(name)
        if path.is_file():
            before = load_suite(str(path))
            number = len(self.versions(name)) + 1
            kept = self._folder / HISTORY / name / f"{number:05}-{before.version}.jsonl"
            replace_file(kept, path.read_text(encoding="utf-8"))
        replace_file(path, "".join(json.dumps(case_json(case), ensure_ascii=False) + "\n" for case in cases))
        return load_suite(str(path))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BadSuite(f"评测集的名字“{name[:40]}”不能用：要有 1 到 40 个字、字母、数字、下划线或横线。")
        return self._folder / f"{name}.jsonl"
