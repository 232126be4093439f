"""Pages for trainers: the runs in a folder, one of them in full, and two of them compared."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from eval.errors import BadRun
from eval.reporting.charts import trend_chart
from eval.reporting.report import page, report, script, style
from eval.running.folder import Listed, Run, listed, read
from eval.scoring.floors import LEAST
from eval.scoring.metrics import METRICS
from eval.scoring.significance import Interval

FEWEST_FOR_TREND = 3


def router(
    runs: Path,
    allowed: Callable[[Request], object],
    home: str = "",
    tools: Mapping[str, str] = MappingProxyType({}),
    further: APIRouter | None = None,
) -> APIRouter:
    """Routes to include under any prefix. `runs` holds the folders that `xuesi eval run --out` wrote; it need not be
    there yet. `allowed` is asked on every request and raises when the reader may not see evaluations. `home` is where
    the list leads back to, `tools` are `further` pages (words → name of the route), which go
    before: the name of a run could be any."""

    def check(request: Request) -> None:
        allowed(request)

    routes = APIRouter(dependencies=[Depends(check)])
    if further is not None:
        routes.include_router(further)

    @routes.get("", name="eval_runs", response_class=HTMLResponse)
    def every(request: Request) -> HTMLResponse:
        return reply(_list(request, listed(runs), home, tools))

    @routes.get("/compare", name="eval_compare", response_class=HTMLResponse)
    def two(request: Request, before: str = "", after: str = "") -> HTMLResponse:
        try:
            if not before or not after:
                raise BadRun("请在“先前”和“后来”两列各选一次评测。")
            return reply(report(_find(runs, after), _find(runs, before), _back(request)))
        except BadRun as error:
            return reply(_list(request, listed(runs), home, tools, str(error), before, after), 400)

    @routes.get("/{name}", name="eval_run", response_class=HTMLResponse)
    def one(request: Request, name: str) -> HTMLResponse:
        try:
            return reply(report(_find(runs, name), links=_back(request)))
        except BadRun as error:
            return reply(_list(request, listed(runs), home, tools, str(error)), 404)

    return routes


def _find(runs: Path, name: str) -> Run:
    """The run called `name`: only what the list shows, so that no name leads out of the folder."""
    if name not in {one.name for one in listed(runs)}:
        raise BadRun(f"没有名为“{name}”的评测结果，请从列表里选。")
    return read(runs / name)


def _list(
    request: Request,
    found: list[Listed],
    home: str,
    tools: Mapping[str, str],
    error: str = "",
    before: str = "",
    after: str = "",
) -> str:
    # The two newest of one suite are what people compare most.
    readable = [one for one in found if one.means is not None]
    if not (before or after) and len(readable) > 1 and readable[0].suite == readable[1].suite:
        before, after = readable[1].name, readable[0].name
    return page(
        "runs.html",
        runs=found,
        home=home,
        tools={words: request.url_for(name).path for words, name in tools.items()},
        error=error,
        before=before,
        after=after,
        trends=_trends(found),
        columns=[metric for metric in METRICS if metric.hard or metric.name in LEAST],
        least={metric.name: 1.0 if metric.hard else LEAST.get(metric.name) for metric in METRICS},
        compare=request.url_for("eval_compare").path,
        address=lambda name: request.url_for("eval_run", name=name).path,
    )


def _trends(found: list[Listed]) -> list[tuple[str, Markup]]:
    """A picture for every suite (and part of it) with enough runs to see where it goes."""
    kept: dict[str, list[tuple[str, Mapping[str, Interval]]]] = {}
    for one in reversed(found):
        if one.means is not None:
            kept.setdefault(f"{one.suite} {one.split or ''}".strip(), []).append((one.name, one.means))
    return [(name, trend_chart(name, runs)) for name, runs in kept.items() if len(runs) >= FEWEST_FOR_TREND]


def _back(request: Request) -> dict[str, str]:
    return {"返回全部评测": request.url_for("eval_runs").path}


def reply(html: str, status: int = 200) -> HTMLResponse:
    """A page that may run and load nothing but what it carries in itself."""
    return HTMLResponse(html, status, headers={"Content-Security-Policy": _policy(), "Cache-Control": "no-store"})


def _policy() -> str:
    """The pages carry their style and script in themselves, so both are allowed by what they hold and nothing else is;
    the charts set the colours of their lines in attributes."""
    return (
        f"default-src 'none'; style-src {_hash(style())}; style-src-attr 'unsafe-inline'; script-src {_hash(script())}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(text: Markup) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
