"""Trainers see the runs, one of them in full, and two of them compared; nobody else does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.testclient import TestClient

from assistant.web.pages import Pages
from eval.reporting.frame import Frame
from eval.reporting.pages import router


def _trainers_only(request: Request) -> None:
    if request.headers.get("x-role") != "trainer":
        raise HTTPException(403)


@pytest.fixture
def runs(folder: Path, tmp_path: Path) -> Path:
    for name in ("monday", "today"):
        shutil.copytree(folder, tmp_path / "runs" / name)
    return tmp_path / "runs"


@pytest.fixture
def client(runs: Path) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(router(runs, _trainers_only, Frame(Pages(), {"各次评测": "eval_runs"})), prefix="/admin/eval")
    with TestClient(app, headers={"x-role": "trainer"}) as opened:
        yield opened


def test_the_list_names_every_run_with_its_figures(client: TestClient) -> None:
    page = client.get("/admin/eval")
    assert page.status_code == 200
    assert 'href="/admin/eval/monday"' in page.text
    assert "引文与原文一致" in page.text
    assert page.text.count("borrowing") == 2
    assert '<a href="/admin/queues"' in page.text  # the desk's own way between its pages
    assert '<a href="/admin/eval" aria-current="page">各次评测</a>' in page.text


def test_from_the_third_run_on_a_picture_shows_where_it_goes(client: TestClient, runs: Path) -> None:
    assert "<figure" not in client.get("/admin/eval").text
    shutil.copytree(runs / "today", runs / "wednesday")
    page = client.get("/admin/eval").text
    assert "borrowing：从旧到新" in page
    assert page.count("<figure") == 1


def test_a_run_is_shown_in_full_and_leads_back(client: TestClient) -> None:
    page = client.get("/admin/eval/today").text
    assert '<strong class="word">' in page
    assert "遗失图书由谁核定赔偿金额" in page
    assert 'href="/admin/eval"' in page


def test_two_runs_are_compared(client: TestClient) -> None:
    page = client.get("/admin/eval/compare", params={"before": "monday", "after": "today"}).text
    assert "与“monday”相比没有显著变差" in page


@pytest.mark.parametrize("path", ["", "/today", "/compare?before=monday&after=today"])
def test_who_is_not_allowed_sees_nothing(client: TestClient, path: str) -> None:
    assert client.get(f"/admin/eval{path}", headers={"x-role": "trainee"}).status_code == 403


@pytest.mark.parametrize("name", ["nothing", "..%2Fruns%2Ftoday", "%2e%2e", "."])
def test_no_name_leads_out_of_the_folder(client: TestClient, name: str) -> None:
    assert "遗失图书" not in client.get(f"/admin/eval/{name}").text


def test_an_unknown_run_is_said_in_chinese_above_the_list(client: TestClient) -> None:
    page = client.get("/admin/eval/nothing")
    assert page.status_code == 404
    assert "没有名为“nothing”的评测结果" in page.text


def test_choosing_one_run_only_asks_for_the_other(client: TestClient) -> None:
    page = client.get("/admin/eval/compare", params={"before": "monday"})
    assert page.status_code == 400
    assert "各选一次评测" in page.text


def test_a_run_of_an_older_version_is_listed_but_not_opened(client: TestClient, runs: Path) -> None:
    (runs / "monday" / "run.json").write_text("{}", encoding="utf-8")
    assert "读不出来" in client.get("/admin/eval").text
    assert client.get("/admin/eval/monday").status_code == 404


def test_a_folder_that_is_not_there_yet_says_how_to_fill_it(tmp_path: Path) -> None:
    app = FastAPI()
    app.include_router(router(tmp_path / "none", lambda request: None, Frame(Pages(), {})), prefix="/admin/eval")
    assert "还没有评测结果" in TestClient(app).get("/admin/eval").text


def test_only_the_pages_own_script_and_style_may_run(client: TestClient) -> None:
    reply = client.get("/admin/eval/today")
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'sha256-" in policy
    assert len(re.findall(r"<script>", reply.text)) == len(re.findall(r"<style>", reply.text)) == 1
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", reply.text)
