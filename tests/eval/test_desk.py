"""Trainers begin runs, edit cases and judge real questions in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from borrowing import RULES, SUITE
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answerer import Answerer
from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.web.pages import Pages
from eval.desk.pages import EvaluationDesk, router
from eval.desk.running import RunRoom
from eval.desk.sample import SUITE as REAL
from eval.desk.suites import JUDGEMENTS, SuiteFolder
from eval.errors import BadSuite
from eval.judging.judgements import read_judgements
from eval.reporting.frame import Frame
from eval.reporting.pages import router as runs_router
from eval.running.folder import read
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon


@pytest.fixture
def suites(tmp_path: Path) -> SuiteFolder:
    made = SuiteFolder(tmp_path / "data")
    for case in SUITE.cases[:3]:
        made.put("ours", case)
    return made


@pytest.fixture
def answerer(kb: KnowledgeBase) -> Answerer:
    return Answerer(kb, Register.load(), Lexicon.load())


@pytest.fixture
def room(tmp_path: Path, kb: KnowledgeBase, answerer: Answerer) -> RunRoom:
    return RunRoom(tmp_path / "runs", kb, lambda: answerer)


@pytest.fixture
def client(tmp_path: Path, suites: SuiteFolder, room: RunRoom, kb: KnowledgeBase) -> Iterator[TestClient]:
    app = FastAPI()
    frame = Frame(Pages(), {"开始评测": "eval_start", "评测集": "eval_suites"})
    desk = router(EvaluationDesk(suites, room, kb.database), frame)
    pages = runs_router(tmp_path / "runs", lambda request: None, frame, desk)
    app.include_router(pages, prefix="/admin/eval")
    with TestClient(app) as opened:
        yield opened


def test_a_run_is_begun_watched_and_found_in_the_list(client: TestClient, room: RunRoom, tmp_path: Path) -> None:
    assert "ours（3 题" in client.get("/admin/eval/start").text
    page = client.post("/admin/eval/start", data={"suite": "ours"})
    assert page.status_code == 200
    room.wait()
    done = client.get("/admin/eval/start").text
    assert "评完了，3 题" in done
    assert room.progress is not None
    assert len(read(tmp_path / "runs" / room.progress.name).results) == 3
    assert client.get(f"/admin/eval/{room.progress.name}").status_code == 200
    assert 'href="/admin/eval/start"' in client.get("/admin/eval").text


def test_a_suite_that_is_not_there_or_has_no_such_part_is_said(client: TestClient) -> None:
    for data in ({"suite": "none"}, {"suite": "ours", "split": "dev"}, {"suite": "ours", "split": "all"}):
        reply = client.post("/admin/eval/start", data=data)
        assert reply.status_code == 400
        assert 'role="alert"' in reply.text


def test_a_case_is_added_changed_and_removed_and_every_version_stays(client: TestClient, suites: SuiteFolder) -> None:
    first = suites.load("ours").version
    form = {
        "id": "new-1",
        "type": "who",
        "question": "遗失图书由谁核定赔偿金额",
        "answerable": "true",
        "evidence": f"《{RULES}》|2023|第五条",
        "key_points": "馆长办公室|办公室",
    }
    assert client.post("/admin/eval/suites/ours/cases", data=form).status_code == 200
    (made,) = [case for case in suites.load("ours").cases if case.id == "new-1"]
    assert (made.evidence[0].document, made.evidence[0].address) == (RULES, "第五条")
    assert made.key_points == (("馆长办公室", "办公室"),)
    client.post("/admin/eval/suites/ours/cases", data={**form, "question": "丢了书谁来定赔多少"})
    page = client.get("/admin/eval/suites/ours?case=new-1").text
    assert "丢了书谁来定赔多少" in page
    assert "new-1（问题）" in page  # what changed since the version before
    client.post("/admin/eval/suites/ours/remove", data={"id": "new-1"})
    assert len(suites.load("ours").cases) == 3
    assert suites.load("ours").version == first
    assert len(suites.versions("ours")) == 5


def test_what_comes_with_the_program_is_copied_before_it_is_changed(client: TestClient, suites: SuiteFolder) -> None:
    form = {"id": "x", "type": "who", "question": "谁"}
    refused = client.post("/admin/eval/suites/starter/cases", data=form)
    assert (refused.status_code, "先复制" in refused.text) == (400, True)
    page = client.post("/admin/eval/suites", data={"name": "starter", "new": "自带改"})
    assert page.status_code == 200
    assert suites.load("自带改").cases == suites.load("starter").cases
    assert client.post("/admin/eval/suites", data={"name": "ours", "new": "自带改"}).status_code == 400


@pytest.mark.parametrize("name", ["..", "a/b", "", "长" * 41])
def test_no_name_of_a_suite_leads_out_of_its_folder(client: TestClient, suites: SuiteFolder, name: str) -> None:
    with pytest.raises(BadSuite):
        suites.put(name, SUITE.cases[0])
    assert client.post("/admin/eval/suites", data={"name": "ours", "new": name}).status_code in (400, 422)


def test_real_questions_are_judged_without_names_and_become_a_suite(
    client: TestClient, suites: SuiteFolder, kb: KnowledgeBase, answerer: Answerer, tmp_path: Path
) -> None:
    conversations = Conversations.open(kb.data)
    for question in ("遗失图书由谁核定赔偿金额，电话13800138000", "糖醋排骨怎么做", "你好"):
        turn = conversations.ask("somebody", question)
        conversations.close_turn(turn.id, TurnState.DONE, answer=answerer.answer(question))
    conversations.close()
    page = client.get("/admin/eval/sample").text
    assert "〔手机号〕" in page
    assert "13800138000" not in page
    assert "somebody" not in page
    ids = dict(zip(re.findall(r"<h2>(.+?)</h2>", page), re.findall(r'name="id" value="(.+?)"', page), strict=True))
    for start, judgement in (("遗失", "答得对"), ("糖醋", "库里没有答案"), ("你好", "不成问题，不算")):
        (number,) = (ids[question] for question in ids if question.startswith(start))
        page = client.post("/admin/eval/sample", data={"id": number, "judgement": judgement}).text
    assert "都判过了" in page
    right, none = sorted(suites.load(REAL).cases, key=lambda case: not case.answerable)
    assert (right.evidence[0].document, right.evidence[0].edition) == (RULES, "2023")
    assert "馆长办公室" in (right.evidence[0].quote or "")
    assert (none.answerable, none.type) == (False, "not_in_library")
    # What was said of the answers is kept, so that a language model that judges can be measured by it.
    said = {one.question: one.right for one in read_judgements(tmp_path / "data" / JUDGEMENTS)}
    assert {right for question, right in said.items() if question.startswith(("遗失", "糖醋"))} == {True}
    assert len(said) == 2
