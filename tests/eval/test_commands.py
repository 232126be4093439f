"""`xuesi eval …` as people type it: what it prints, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from borrowing import SUITE
from command_line import xuesi

from eval.suite import case_json
from knowledge.knowledge_base import KnowledgeBase


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("suite") / "borrowing.jsonl"
    path.write_text("\n".join(json.dumps(case_json(case), ensure_ascii=False) for case in SUITE.cases), "utf-8")
    return path


def test_a_suite_is_run_from_a_file_and_leaves_three_files(kb: KnowledgeBase, suite: Path, tmp_path: Path) -> None:
    done = xuesi("eval", "run", suite, "--data", kb.data, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["quotes"]["mean"] == 1.0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"answers.jsonl", "scores.jsonl", "run.json"}


def test_answers_of_a_model_are_asked_for_only_where_there_is_one(suite: Path, tmp_path: Path) -> None:
    for mode, complaint in (("generate", "还没有配置语言模型"), ("poetry", "没有“poetry”这种回答方式")):
        done = xuesi("eval", "run", suite, "--mode", mode, "--out", tmp_path)
        assert done.returncode == 2
        assert complaint in done.stderr


def test_a_gate_without_a_baseline_says_how_to_set_one(kb: KnowledgeBase, suite: Path) -> None:
    done = xuesi("eval", "gate", suite, "--data", kb.data)
    assert done.returncode == 2
    assert "还没有基线" in done.stderr


def test_a_comparison_as_json_is_one_object(folder: Path) -> None:
    done = xuesi("eval", "compare", folder, folder, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["common"] == 8
    assert {metric["verdict"] for metric in found["metrics"]} == {"看不出差别"}
    assert found["worse"] == []


def test_a_comparison_names_the_questions_that_got_worse(folder: Path, tmp_path: Path) -> None:
    worse = shutil.copytree(folder, tmp_path / "worse")
    lines = [json.loads(line) for line in (worse / "scores.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        if (line["id"], line["metric"]) == ("w-1", "answered"):
            line.update(value=0.0, reason="库中没有答案")
    (worse / "scores.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    done = xuesi("eval", "compare", folder, worse)
    assert done.returncode == 0, done.stderr
    assert "变差的题（1 道）" in done.stdout
    assert "遗失图书由谁核定赔偿金额" in done.stdout
    assert "库中没有答案" in done.stdout


def test_two_versions_of_a_suite_are_told_apart(folder: Path, suite: Path, tmp_path: Path) -> None:
    assert "同一个版本" in xuesi("eval", "diff", suite, suite).stdout
    changed = tmp_path / "borrowing.jsonl"
    lines = suite.read_text("utf-8").splitlines()
    changed.write_text("\n".join([lines[0].replace("一次最多能借几册书", "能借几本"), *lines[2:]]), "utf-8")
    done = xuesi("eval", "diff", folder, changed)
    assert done.returncode == 0, done.stderr
    assert "删去 1 题  n-2" in done.stdout
    assert "n-1  问题" in done.stdout


def test_a_folder_that_holds_no_run_is_bad_input_in_one_sentence(tmp_path: Path) -> None:
    done = xuesi("eval", "compare", tmp_path, tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "结果文件夹" in done.stderr


def test_a_report_is_one_file_in_the_run_folder_unless_another_is_asked_for(folder: Path, tmp_path: Path) -> None:
    done = xuesi("eval", "report", folder, "--against", folder, "--out", tmp_path / "页面.html")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "页面.html")
    assert "没有显著变差" in (tmp_path / "页面.html").read_text("utf-8")
    assert xuesi("eval", "report", folder).stdout.strip() == str(folder / "report.html")


def test_a_report_that_cannot_be_written_is_bad_input(folder: Path, tmp_path: Path) -> None:
    done = xuesi("eval", "report", folder, "--out", tmp_path / "missing" / "report.html")
    assert done.returncode == 2
    assert "报告写不到" in done.stderr
