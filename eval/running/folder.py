"""A run as a folder of files (DESIGN §9): written once, then all that a comparison or a report needs."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.answering.answerability import CALIBRATION
from assistant.conversations.answer_json import answer_from_json, answer_json
from eval.errors import BadRun
from eval.running.run import aggregates, by_type, causes, milliseconds
from eval.scoring.causes import LABELS, Cause, Failure
from eval.scoring.confidence import confidence
from eval.scoring.result import Result
from eval.scoring.scores import Score
from eval.scoring.significance import Interval
from eval.suite import Suite, case_json, case_of
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document

SUMMARY, ANSWERS, SCORES = "run.json", "answers.jsonl", "scores.jsonl"
PACKAGES = (
    "chromadb",
    "ir-measures",
    "numpy",
    "onnxruntime",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "torch",
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run read back. `at` is when it ended (ISO, with zone); `made_with` are settings, versions and hashes in words,
    `library` the hash of each published document by its title and edition (empty in runs of older versions)."""

    folder: Path
    suite: str
    suite_sha256: str
    at: str
    version: str
    results: tuple[Result, ...]
    made_with: Mapping[str, str] = field(default_factory=dict)
    library: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """A run as a list of runs shows it; `means` is None when the files were written by an older version or are broken."""

    name: str
    suite: str
    split: str | None
    at: str
    cases: int
    means: Mapping[str, Interval] | None


def write(
    results: Sequence[Result], suite: Suite, kb: KnowledgeBase, folder: Path, settings: Mapping[str, str | None]
) -> None:
    """Write `answers.jsonl`, `scores.jsonl` and `run.json` into `folder`, made when missing. `settings` are the choices
    that were made for this run: `split` and `mode`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [{"id": one.case.id, "type": one.case.type, **answer_json(one.answer)} for one in results]
    _write_lines(
        folder / ANSWERS,
        (
            {**line, "case": case_json(one.case), "failure": asdict(one.failure) if one.failure else None}
            for line, one in zip(lines, results, strict=True)
        ),
    )
    _write_lines(
        folder / SCORES,
        ({"id": one.case.id, "type": one.case.type, **asdict(score)} for one in results for score in one.scores),
    )
    judged = confidence(results)
    summary = {
        "suite": suite.name,
        "suite_sha256": suite.sha256,
        "suite_version": suite.version,
        "cases": len(results),
        "version": version("xuesi"),
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "metrics": {metric: asdict(one) for metric, one in aggregates(results).items()},
        "types": {
            type: {metric: {"mean": one.mean, "cases": one.cases} for metric, one in found.items()}
            for type, found in by_type(results).items()
        },
        "confidence": {name: value for name, value in asdict(judged).items() if name != "curve"} if judged else None,
        "causes": [{**asdict(one), "label": LABELS[one.cause]} for one in causes(results)],
        "modes": dict(Counter(str(one.answer.mode) for one in results)),
        "milliseconds": dict(zip(("p50", "p95"), milliseconds(results), strict=True)) if results else None,
        "settings": {**settings, "encoder": kb.encoder.name, "documents": len(kb.published())},
        "versions": {"xuesi": version("xuesi"), "python": platform.python_version(), **_packages()},
        "library": {_named(one): one.sha256 for one in kb.published()},
        "hashes": {
            "suite": suite.sha256,
            "library": library_hash(kb),
            "answerability": hashlib.sha256(CALIBRATION.read_bytes()).hexdigest(),
            "commit": _commit(),
        },
    }
    (folder / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> Run:
    """The run in `folder`. Raises BadRun when a file of it is missing or was written by an older version."""
    missing = [name for name in (SUMMARY, ANSWERS, SCORES) if not (folder / name).is_file()]
    if missing:
        raise BadRun(f"{folder} 不是评测结果文件夹（缺 {'、'.join(missing)}）；请给出 xuesi eval run 的结果文件夹。")
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        scores: dict[str, list[Score]] = {}
        for line in _read_lines(folder / SCORES):
            scores.setdefault(line["id"], []).append(Score(line["metric"], line["value"], line["reason"]))
        results = tuple(
            Result(
                case_of(line["case"]),
                answer_from_json(line),
                tuple(scores.get(line["id"], ())),
                _failure(line.get("failure")),
            )
            for line in _read_lines(folder / ANSWERS)
        )
        made_with = {
            name: str(value)
            for block in ("settings", "versions", "hashes")
            for name, value in summary[block].items()
            if value is not None
        }
        return Run(
            folder,
            summary["suite"],
            summary["suite_sha256"],
            summary["at"],
            summary["version"],
            results,
            made_with,
            summary.get("library", {}),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadRun(f"{folder} 的内容读不出来（{error!r}），可能是旧版本写的；请重新评测一次。") from None


def listed(runs: Path) -> list[Listed]:
    """The runs in the folder `runs`, the newest first; what can't be read comes last."""
    found = [_listed(path.parent) for path in sorted(runs.glob(f"*/{SUMMARY}"))]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _listed(folder: Path) -> Listed:
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        means = {metric: Interval(**one) for metric, one in summary["metrics"].items()}
        return Listed(
            folder.name, summary["suite"], summary["settings"]["split"], summary["at"], summary["cases"], means
        )
    except (OSError, KeyError, TypeError, ValueError):
        return Listed(folder.name, "", None, "", 0, None)


def library_hash(kb: KnowledgeBase) -> str:
    """Of the bytes of all published documents, whatever their order."""
    return hashlib.sha256("\n".join(sorted(one.sha256 for one in kb.published())).encode()).hexdigest()


def _write_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _named(document: Document) -> str:
    """`《公务员法》2018`, with the 文号 that tells two texts of one title and year apart."""
    card = document.card
    return f"《{card.title}》{card.edition or ''}{card.doc_no or ''}"


def _failure(stored: Mapping[str, str] | None) -> Failure | None:
    return Failure(Cause(stored["cause"]), stored["why"]) if stored else None


def _packages() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _commit() -> str | None:
    """The commit of the checkout that this package stands in; None without git or outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--dirty"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
