"""A language model judges answers over HTTP, and is measured against people before its figures count."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import xuesi
from langchain_openai import ChatOpenAI

sys.path.insert(0, str(Path(__file__).parents[1] / "assistant" / "generation"))
from scripted_endpoint import Reply, Request, ScriptedEndpoint, fails, says

from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.endpoint import Endpoint
from eval.errors import BadJudgements, NoJudge
from eval.judging import kept
from eval.judging.agreement import FEWEST_JUDGEMENTS, LEAST_KAPPA, agreement
from eval.judging.judge import Judge, judge_all, verdict
from eval.judging.judgements import NOTHING, Judged, judgement_line, of_result, read_judgements
from eval.reporting.report import report
from eval.running.folder import read
from eval.scoring.result import Result

RULE = "遗失图书由馆长办公室核定赔偿金额。"


@pytest.fixture
def server() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as running:
        yield running


def honest(request: Request) -> Reply:
    """Finds right what repeats the rule, and being told of nothing where there is nothing."""
    answer = request.prompt.rsplit("回答：", 1)[1]
    nothing = NOTHING in request.prompt.rsplit("依据：", 1)[1].split("回答：")[0]
    return says("对" if ("没有作答" in answer) is nothing and "不相干" not in answer else "错")


def judgements(path: Path, right: int, wrong: int) -> Path:
    lines = [Judged(f"r{n}", "谁核定赔偿", RULE, f"馆长办公室核定。{n}", True) for n in range(right)]
    lines += [Judged(f"w{n}", "谁核定赔偿", RULE, f"不相干的话。{n}", False) for n in range(wrong)]
    path.write_text("".join(judgement_line(one) for one in lines), encoding="utf-8")
    return path


def test_any_chat_model_judges_and_is_told_question_rule_and_answer(server: ScriptedEndpoint) -> None:
    server.play(says("<think>依据里有。</think>", "判断：**对**"), says("错，答非所问。"), says("不好说"))
    model = ChatOpenAI(model="mine", base_url=server.url, api_key="none")  # type: ignore[arg-type]
    judge = Judge(Endpoint(EndpointSettings(server.url, "mine"), model=model))
    asked = [Judged(str(n), "谁核定赔偿", RULE, f"回答{n}") for n in range(3)]
    assert judge_all(judge, asked) == [True, False, None]
    assert all(RULE in request.prompt and f"回答{n}" in request.prompt for n, request in enumerate(server.requests))
    assert judge.name.startswith("mine · ")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("对", True),
        ("错", False),
        ("判断：正确。", True),
        ("“不对”", False),
        ("答案是错误", False),
        ("对错难说", True),
        ("", None),
    ],
)
def test_a_verdict_is_the_first_word(said: str, found: bool | None) -> None:
    assert verdict(said) is found


def test_a_model_that_does_not_answer_is_said(server: ScriptedEndpoint) -> None:
    server.play(fails(500))
    judge = Judge(Endpoint(EndpointSettings(server.url, "mine")))
    with pytest.raises(NoJudge, match="评卷的语言模型没有回答"):
        judge.right(Judged("1", "谁", RULE, "馆长"))


def test_kappa_is_what_is_agreed_beyond_chance() -> None:
    # The example of Cohen's paper in two classes: 20 and 15 of 50 agreed, 5 and 10 not.
    people = [True] * 20 + [True] * 5 + [False] * 10 + [False] * 15
    judge: list[bool | None] = [*[True] * 20, *[False] * 5, *[True] * 10, *[False] * 15]
    found = agreement(people, judge)
    assert (found.agreed, found.too_kind, found.too_strict) == (35, 10, 5)
    assert found.share == 0.7
    assert found.kappa == pytest.approx(0.4)
    assert not found.trusted
    assert str(LEAST_KAPPA) in found.doubts[0]


def test_few_judgements_and_judgements_all_alike_give_no_trust() -> None:
    few = agreement([True, False] * 10, [True, False] * 10)
    assert few.kappa == 1.0
    assert not few.trusted
    assert "至少要" in few.doubts[0]
    alike = agreement([True] * FEWEST_JUDGEMENTS, [True] * FEWEST_JUDGEMENTS)
    assert alike.kappa is None
    assert not alike.trusted
    assert agreement([True, False] * 25, [True, False] * 25).trusted
    unsaid = agreement([True, False] * 25, [None, False] * 25)
    assert (unsaid.agreed, unsaid.unsaid, unsaid.trusted) == (25, 25, False)


def test_an_answer_is_judged_by_the_evidence_and_key_points_of_its_case(results: list[Result]) -> None:
    made = {one.case.id: of_result(one) for one in results}
    for one in results:
        assert (made[one.case.id].reference == NOTHING) is not one.case.answerable
        if one.case.evidence and one.case.answerable:
            assert one.case.evidence[0].document in made[one.case.id].reference


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "[]",
        '{"question": "谁", "reference": "馆", "answer": ""}',
        "{}",
        '{"question": "谁", "reference": "馆", "answer": "馆", "right": 1}',
        "",
    ],
)
def test_judgements_that_cannot_be_read_are_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(BadJudgements, match="people"):
        read_judgements(path)


@pytest.mark.parametrize(
    ("right", "wrong", "reply", "trusted"), [(30, 25, honest, True), (30, 25, says("对"), False), (3, 2, honest, False)]
)
def test_a_run_is_judged_and_its_figures_say_whether_they_are_to_be_trusted(
    server: ScriptedEndpoint,
    folder: Path,
    tmp_path: Path,
    right: int,
    wrong: int,
    reply: Reply | Callable[[Request], Reply],
    trusted: bool,
) -> None:
    server.play(reply)
    run, people = shutil.copytree(folder, tmp_path / "run"), judgements(tmp_path / "people.jsonl", right, wrong)
    model = {"XUESI_LLM_BASE_URL": server.url, "XUESI_LLM_MODEL": "scripted"}
    done = xuesi("eval", "judge", run, "--people", people, **model)
    assert done.returncode == 0, done.stderr
    assert f"与人对照：{right + wrong} 条" in done.stdout
    assert "Cohen κ" in done.stdout
    assert ("评卷结果不可信" in done.stdout) is not trusted
    assert len(server.requests) == right + wrong + len(read(run).results)
    stored = json.loads((run / kept.FIGURES).read_text(encoding="utf-8"))
    assert stored["trusted"] is trusted
    page = report(read(run))
    assert "语言模型评卷" in page
    assert (">不可信<" in page) is not trusted
    assert "语言模型评卷" not in report(read(folder))


def test_without_a_model_nothing_is_judged(folder: Path, tmp_path: Path) -> None:
    done = xuesi("eval", "judge", folder, "--people", judgements(tmp_path / "people.jsonl", 1, 1))
    assert done.returncode == 2
    assert "还没有配置语言模型" in done.stderr
