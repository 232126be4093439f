"""A run is written once and read back whole."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from borrowing import SETTINGS, SUITE, answered, result

from assistant.model import Generation, Mode, Sentence
from eval.errors import BadRun
from eval.running.folder import read, write
from eval.scoring.result import Result
from eval.scoring.scores import supported
from knowledge.knowledge_base import KnowledgeBase


def test_a_run_is_read_back_as_it_was(folder: Path, results: list[Result]) -> None:
    run = read(folder)
    assert list(run.results) == results
    assert run.suite == "borrowing"


def test_a_generated_answer_is_read_back_too(kb: KnowledgeBase, tmp_path: Path) -> None:
    generation = Generation("made-up-model", "answer-1a2b", supported=1, marked=1)
    sentences = (Sentence("一次十册。", (1,)), Sentence("还可以续借。", (), supported=False))
    written = replace(answered(), mode=Mode.GENERATE, sentences=sentences, generation=generation)
    results = [result(1, answer=written, supported=0.5)]
    write(results, SUITE, kb, tmp_path, SETTINGS)
    assert list(read(tmp_path).results) == results
    assert supported(written).value == 0.5


def test_the_summary_holds_intervals_types_confidence_and_what_it_was_made_with(folder: Path) -> None:
    summary = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert set(summary["metrics"]["quotes"]) == {"mean", "low", "high", "cases"}
    assert summary["metrics"]["quotes"]["mean"] == 1.0
    assert summary["types"]["article"]["article_exact"] == {"mean": 1.0, "cases": 1}
    assert summary["confidence"]["cases"] >= 5
    assert len(summary["hashes"]["library"]) == 64
    assert summary["versions"]["numpy"]
    assert summary["settings"]["documents"] == 2
    assert sum(summary["modes"].values()) == summary["cases"] == 8
    assert 0 < summary["milliseconds"]["p50"] <= summary["milliseconds"]["p95"]


def test_every_score_has_a_line_of_its_own(folder: Path, results: list[Result]) -> None:
    lines = [json.loads(line) for line in (folder / "scores.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == sum(len(result.scores) for result in results)
    assert all(set(line) == {"id", "type", "metric", "value", "reason"} for line in lines)


def test_every_answer_carries_its_case(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines[1]["case"]["key_points"] == ["六十日|60日"]


def test_a_folder_without_a_run_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BadRun, match=r"缺 run\.json"):
        read(tmp_path)


def test_a_run_of_an_older_version_asks_for_a_new_one(folder: Path, tmp_path: Path) -> None:
    old = shutil.copytree(folder, tmp_path / "old")
    (old / "run.json").write_text('{"suite": "borrowing"}', encoding="utf-8")
    with pytest.raises(BadRun, match="重新评测"):
        read(old)
