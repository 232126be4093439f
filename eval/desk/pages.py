"""The pages where trainers begin a run, edit the cases of a suite, and judge real questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.model import LABELS
from eval.desk.running import RunRoom
from eval.desk.sample import SUITE, Judgement, case_of, draw, judged_by_a_person
from eval.desk.suites import SuiteFolder
from eval.errors import BadRun, BadSuite, EvalError
from eval.reporting.frame import Frame
from eval.scoring.metrics import TYPES
from eval.suite import Case, Evidence, Suite
from eval.suite_diff import suite_diff
from knowledge.storage.database import Database

Field = Annotated[str, Form(max_length=4000)]
PAGE = 50


@dataclass(frozen=True, slots=True)
class EvaluationDesk:
    """What the pages work with."""

    suites: SuiteFolder
    room: RunRoom
    database: Database


def router(desk: EvaluationDesk, frame: Frame) -> APIRouter:
    """Routes that go before those of the runs, whose names could be any; they check who comes."""
    routes = APIRouter()
    suites = desk.suites

    def start_page(request: Request, error: str = "", status: int = 200) -> HTMLResponse:
        progress = desk.room.progress
        return frame.page(
            request, "start.html", {"suites": suites.listed(), "progress": progress, "error": error}, status
        )

    def suites_page(request: Request, error: str = "", status: int = 200) -> HTMLResponse:
        return frame.page(request, "suites.html", {"suites": suites.listed(), "error": error}, status)

    def suite_page(
        request: Request, suite: Suite, at: int = 0, error: str = "", given: Case | None = None, status: int = 200
    ) -> HTMLResponse:
        last = max(0, (len(suite.cases) - 1) // PAGE)
        place = min(max(at, 0), last)
        changes = []
        for version in suites.versions(suite.name)[:10] if suites.own(suite.name) else ():
            changes.append((version, suite_diff(suites.at(suite.name, version).cases, suite.cases)))
        values = {
            "suite": suite,
            "own": suites.own(suite.name),
            "cases": suite.cases[place * PAGE : (place + 1) * PAGE],
            "at": place,
            "last": last,
            "types": TYPES,
            "lines": _lines,
            "changes": changes,
            "error": error,
            "given": given or Case("", "situation", ""),
        }
        return frame.page(request, "suite.html", values, status)

    @routes.get("/start", name="eval_start")
    def start(request: Request) -> HTMLResponse:
        return start_page(request)

    @routes.post("/start")
    def begin(request: Request, suite: Field = "", split: Field = "") -> Response:
        try:
            if split not in ("", "dev", "test"):
                raise BadRun("没有这一部分，请选 dev、test 或全部。")
            desk.room.begin(suites.load(suite), split or None)
        except EvalError as error:
            return start_page(request, str(error), 400)
        return RedirectResponse(request.url_for("eval_start").path, 303)

    @routes.get("/suites", name="eval_suites")
    def every(request: Request) -> HTMLResponse:
        return suites_page(request)

    @routes.post("/suites")
    def copy(request: Request, name: Field = "", new: Field = "") -> Response:
        try:
            made = suites.copy(name, new.strip())
        except BadSuite as error:
            return suites_page(request, str(error), 400)
        return RedirectResponse(request.url_for("eval_suite", name=made.name).path, 303)

    @routes.get("/suites/{name}", name="eval_suite")
    def one(request: Request, name: str, at: int = 0, case: str = "") -> HTMLResponse:
        try:
            suite = suites.load(name)
        except BadSuite as error:
            return suites_page(request, str(error), 404)
        return suite_page(request, suite, at, given=next((one for one in suite.cases if one.id == case), None))

    @routes.post("/suites/{name}/cases")
    def put(
        request: Request,
        name: str,
        id: Field = "",
        type: Field = "",
        question: Field = "",
        answerable: bool = Form(False),
        evidence: Field = "",
        key_points: Field = "",
        forbidden: Field = "",
        missing: Field = "",
    ) -> Response:
        given = Case(id.strip(), type if type in TYPES else "situation", question.strip())
        try:
            before = next((one for one in suites.load(name).cases if one.id == given.id), given)
            given = replace(
                before,
                type=given.type,
                question=given.question,
                answerable=answerable,
                evidence=tuple(_place(line) for line in _split(evidence)),
                key_points=tuple(tuple(line.split("|")) for line in _split(key_points)),
                forbidden=tuple(_split(forbidden)),
                missing_document=missing.strip() or None,
            )
            if not suites.own(name):
                raise BadSuite(f"评测集“{name}”随程序提供，不能修改；请先复制成自己的。")
            suites.put(name, given)
        except BadSuite as error:
            try:
                return suite_page(request, suites.load(name), error=str(error), given=given, status=400)
            except BadSuite:
                return suites_page(request, str(error), 404)
        return RedirectResponse(f"{request.url_for('eval_suite', name=name).path}#{given.id}", 303)

    @routes.post("/suites/{name}/remove")
    def remove(request: Request, name: str, id: Field = "") -> Response:
        try:
            suites.remove(name, id)
        except BadSuite as error:
            return suites_page(request, str(error), 400)
        return RedirectResponse(request.url_for("eval_suite", name=name).path, 303)

    @routes.get("/sample", name="eval_sample")
    def sample(request: Request) -> HTMLResponse:
        judged = _judged(suites)
        drawn = draw(desk.database, judged)
        values = {
            "drawn": drawn,
            "judgements": list(Judgement),
            "labels": LABELS,
            "judged": len(judged),
            "suite": SUITE,
        }
        return frame.page(request, "sample.html", values)

    @routes.post("/sample")
    def judge(request: Request, id: Field = "", judgement: Field = "") -> Response:
        drawn = next((one for one in draw(desk.database, (), 10_000) if one.id == id), None)
        if drawn is not None and judgement == Judgement.SKIP:
            suites.pass_over(SUITE, drawn.id)
        elif drawn is not None and judgement in list(Judgement):
            suites.put(SUITE, case_of(drawn, Judgement(judgement)))
            if said := judged_by_a_person(drawn, Judgement(judgement)):
                suites.keep_judgement(said)
        return RedirectResponse(request.url_for("eval_sample").path, 303)

    return routes


def _judged(suites: SuiteFolder) -> set[str]:
    cases = suites.load(SUITE).cases if suites.own(SUITE) else ()
    return {one.id for one in cases} | suites.passed_over(SUITE)


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _place(line: str) -> Evidence:
    """`标题 | 2023 | 第三条 | 引文`; what is not given is left open. Raises BadSuite."""
    parts = [part.strip() for part in line.split("|")]
    if not parts[0] or len(parts) > 4:
        raise BadSuite(f"出处“{line[:40]}”写得不对，应是：标题 | 版本 | 条号 | 引文，后三项可空。")
    edition, address, quote = (*parts[1:], "", "", "")[:3]
    return Evidence(parts[0].strip("《》"), edition or None, address or None, quote or None)


def _lines(case: Case) -> dict[str, str]:
    """The fields of a case as the form shows them, a line each."""
    places = (
        " | ".join(part or "" for part in (one.document, one.edition, one.address, one.quote)) for one in case.evidence
    )
    return {
        "evidence": "\n".join(line.rstrip(" |") for line in places),
        "key_points": "\n".join("|".join(point) for point in case.key_points),
        "forbidden": "\n".join(case.forbidden),
    }
