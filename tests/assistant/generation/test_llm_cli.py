"""`xuesi llm` as it is typed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Done, xuesi
from scripted_endpoint import Reply, ScriptedEndpoint, fails, says

sys.path.insert(0, str(Path(__file__).parents[2] / "web"))
from made_up_library import write_library

from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

RIGHT = "损坏图书的，应当照价赔偿[2]。逾期十五日不还的，管理员应当向馆长报告[3]。"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("llm") / "data"
    kb = KnowledgeBase.open(folder, lambda: open_encoder("builtin"), register=Register.load())
    kb.add([write_library(folder.parent / "files")], publish=True)
    kb.close()
    return folder


@pytest.fixture
def model() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as running:
        yield running


def checked(model: ScriptedEndpoint, *arguments: str) -> Done:
    return xuesi(
        "llm", "check", *arguments, XUESI_LLM_BASE_URL=model.url, XUESI_LLM_MODEL="scripted", XUESI_LLM_API_KEY="k-e-y"
    )


def test_a_model_that_answers_streams_and_cites_passes(model: ScriptedEndpoint) -> None:
    model.play(says(RIGHT, size=4))
    done = checked(model)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("：好") == 3
    assert "k-e-y" not in done.stdout + done.stderr


def test_what_a_model_does_not_do_is_told_and_fails(model: ScriptedEndpoint) -> None:
    model.play(says("损坏图书的，应当照价赔偿。管理员应当向馆长报告。"))
    done = checked(model, "--json")
    assert done.returncode == 1
    trial = json.loads(done.stdout)
    assert (trial["answers"], trial["streams"]) == (True, False)


@pytest.mark.parametrize("reply", [fails(500), fails(401), fails(429)])
def test_an_endpoint_that_fails_is_named(model: ScriptedEndpoint, reply: Reply) -> None:
    model.play(reply)
    done = checked(model)
    assert done.returncode == 1
    assert "应答：不好，语言模型" in done.stdout


def test_without_settings_nothing_is_tried() -> None:
    done = xuesi("llm", "check")
    assert done.returncode == 2
    assert "XUESI_LLM_BASE_URL" in done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"XUESI_LLM_BASE_URL": "ftp://host", "XUESI_LLM_MODEL": "m"},
        {"XUESI_LLM_BASE_URL": "http://127.0.0.1:1/v1"},
        {"XUESI_LLM_BASE_URL": "http://127.0.0.1:1/v1", "XUESI_LLM_MODEL": "m", "XUESI_LLM_MAX_CONCURRENCY": "0"},
    ],
    ids=["address", "no model", "no place"],
)
def test_settings_that_cannot_be_right_are_bad_input(settings: dict[str, str]) -> None:
    done = xuesi("llm", "check", **settings)
    assert done.returncode == 2
    assert "XUESI_LLM_" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_points_of_a_document_need_no_model(data: Path) -> None:
    listing = json.loads(xuesi("kb", "list", "--json", "--data", str(data)).stdout)
    reception = next(one["id"] for one in listing if "来访接待" in one["title"])
    answer = json.loads(xuesi("llm", "summarise", str(reception), "--json", "--data", str(data)).stdout)
    assert answer["mode"] == "extract"
    assert answer["citations"]


def test_a_document_that_is_not_there_is_bad_input(data: Path) -> None:
    done = xuesi("llm", "summarise", "99999", "--data", str(data))
    assert done.returncode == 2
    assert done.stderr.strip()


def test_usage_of_a_library_that_never_used_a_model(data: Path) -> None:
    done = xuesi("llm", "usage", "--data", str(data))
    assert done.returncode == 0
    assert "没有使用语言模型" in done.stdout
