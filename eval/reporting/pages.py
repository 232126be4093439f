"""Pages for trainers: the runs in a folder, one of them in full, and two of them compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from eval.errors import BadRun
from eval.reporting.charts import trend_chart
from eval.reporting.frame import Frame
from eval.reporting.report import REPORT, contents
from eval.running.folder import Listed, Run, listed, read
from eval.scoring.floors import LEAST
from eval.scoring.metrics import METRICS
from eval.scoring.significance import Interval

FEWEST_FOR_TREND = 3


def router(
    runs: Path,
    allowed: Callable[[Request], object],
    frame: Frame,
    further: APIRouter | None = None,
) -> APIRouter:
    """Routes to include under any prefix. `runs` holds the folders that `xuesi eval run --out` wrote; it need not be
    there yet. `allowed` is asked on every request and raises when the reader may not see evaluations. `further` routes
    go before: the name of a run could be any."""

    def check(request: Request) -> None:
        allowed(request)

    routes = APIRouter(dependencies=[Depends(check)])
    if further is not None:
        routes.include_router(further)

    @routes.get("", name="eval_runs", response_class=HTMLResponse)
    def every(request: Request) -> HTMLResponse:
        return _list(frame, request, listed(runs))

    @routes.get("/compare", name="eval_compare", response_class=HTMLResponse)
    def two(request: Request, before: str = "", after: str = "") -> HTMLResponse:
        try:
            if not before or not after:
                raise BadRun("请在“先前”和“后来”两列各选一次评测。")
            return frame.page(request, REPORT, contents(_find(runs, after), _find(runs, before)))
        except BadRun as error:
            return _list(frame, request, listed(runs), 400, str(error), before, after)

    @routes.get("/{name}", name="eval_run", response_class=HTMLResponse)
    def one(request: Request, name: str) -> HTMLResponse:
        try:
            return frame.page(request, REPORT, contents(_find(runs, name)))
        except BadRun as error:
            return _list(frame, request, listed(runs), 404, str(error))

    return routes


def _find(runs: Path, name: str) -> Run:
    """The run called `name`: only what the list shows, so that no name leads out of the folder."""
    if name not in {one.name for one in listed(runs)}:
        raise BadRun(f"没有名为“{name}”的评测结果，请从列表里选。")
    return read(runs / name)


def _list(
    frame: Frame,
    request: Request,
    found: list[Listed],
    status: int = 200,
    error: str = "",
    before: str = "",
    after: str = "",
) -> HTMLResponse:
    # The two newest of one suite are what people compare most.
    readable = [one for one in found if one.means is not None]
    if not (before or after) and len(readable) > 1 and readable[0].suite == readable[1].suite:
        before, after = readable[1].name, readable[0].name
    values = {
        "runs": found,
        "error": error,
        "before": before,
        "after": after,
        "trends": _trends(found),
        "columns": [metric for metric in METRICS if metric.hard or metric.name in LEAST],
        "least": {metric.name: 1.0 if metric.hard else LEAST.get(metric.name) for metric in METRICS},
        "compare": request.url_for("eval_compare").path,
        "address": lambda name: request.url_for("eval_run", name=name).path,
    }
    return frame.page(request, "runs.html", values, status)


def _trends(found: list[Listed]) -> list[tuple[str, Markup]]:
    """A picture for every suite (and part of it) with enough runs to see where it goes."""
    kept: dict[str, list[tuple[str, Mapping[str, Interval]]]] = {}
    for one in reversed(found):
        if one.means is not None:
            kept.setdefault(f"{one.suite} {one.split or ''}".strip(), []).append((one.name, one.means))
    return [(name, trend_chart(name, runs)) for name, runs in kept.items() if len(runs) >= FEWEST_FOR_TREND]
