"""Cases and suites: what is asked, what a right answer must hold, and where in the library it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from assistant.model import Message
from eval.errors import BadSuite

SUITES = Path(__file__).with_name("suites")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Gold evidence: a place in a document (`address` such as `第十三条/第二款`), or its wording (`quote`)."""

    document: str
    edition: str | None = None
    address: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """评测题. Each key point is a tuple of accepted wordings; `forbidden` is what a right answer must not say; `accept`
    names outcomes besides a refusal that are right for an unanswerable case (`caution`); `also` are further places that a
    right answer may cite."""

    id: str
    type: str
    question: str
    history: tuple[Message, ...] = ()
    answerable: bool = True
    as_of: date | None = None
    evidence: tuple[Evidence, ...] = ()
    key_points: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    split: str | None = None
    missing_document: str | None = None
    accept: tuple[str, ...] = ("refuse",)
    also: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """A named list of cases; `sha256` is of the files it was read from."""

    name: str
    cases: tuple[Case, ...]
    sha256: str

    @property
    def version(self) -> str:
        """What tells one state of the suite from another: the beginning of its hash."""
        return version_of(self.sha256)


def version_of(sha256: str) -> str:
    """The version of the suite whose files have this hash, short enough to be compared by eye."""
    return sha256[:8]


def load_suite(name: str, split: str | None = None) -> Suite:
    """The suite in the file `name`, or the packaged one of that name together with its `_unanswerable` half.

    `split` keeps the cases of one split (`dev` or `test`). Raises BadSuite, naming file and line.
    """
    paths = (
        [Path(name)] if name.endswith(".jsonl") else [SUITES / f"{name}.jsonl", SUITES / f"{name}_unanswerable.jsonl"]
    )
    present = [path for path in paths if path.is_file()]
    if not present:
        known = "、".join(sorted(path.stem for path in SUITES.glob("*.jsonl")))
        raise BadSuite(f"没有评测集“{name}”；请给出 .jsonl 文件，或用自带的：{known}。")
    cases = tuple(case for path in present for case in _read(path) if split in (None, case.split))
    if len({case.id for case in cases}) < len(cases):
        raise BadSuite(f"评测集“{name}”里有重复的 id，请改正后再试。")
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in present)).hexdigest()
    return Suite(Path(name).stem, cases, digest)


def case_json(case: Case) -> dict[str, object]:
    """What `case_of` reads back."""
    stored = asdict(case)
    stored["as_of"] = case.as_of.isoformat() if case.as_of else None
    stored["key_points"] = ["|".join(point) for point in case.key_points]
    return stored


def _read(path: Path) -> Iterable[Case]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                yield case_of(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise BadSuite(f"{path} 第 {number} 行不是一道评测题（{error}），请改正后再试。") from None


def case_of(stored: Mapping[str, object]) -> Case:
    """The case that one line of a suite holds. Raises KeyError, TypeError or ValueError for what is no case."""

    def strings(name: str) -> tuple[str, ...]:
        return tuple(str(item) for item in stored.get(name) or ())  # type: ignore[attr-defined]

    def places(name: str) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(item["document"], item.get("edition"), item.get("address"), item.get("quote"))
            for item in stored.get(name) or ()  # type: ignore[attr-defined]
        )

    history = tuple(Message(item["role"], item["content"]) for item in stored.get("history") or ())  # type: ignore[attr-defined]
    return Case(
        id=str(stored["id"]),
        type=str(stored["type"]),
        question=str(stored["question"]),
        history=history,
        answerable=bool(stored["answerable"]),
        as_of=date.fromisoformat(str(stored["as_of"])) if stored.get("as_of") else None,
        evidence=places("evidence"),
        key_points=tuple(tuple(point.split("|")) for point in strings("key_points")),
        forbidden=strings("forbidden"),
        split=str(stored["split"]) if stored.get("split") else None,
        missing_document=str(stored["missing_document"]) if stored.get("missing_document") else None,
        accept=strings("accept") or ("refuse",),
        also=places("also"),
    )
