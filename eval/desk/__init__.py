"""Evaluation in the browser, for trainers: runs are begun, cases edited, real questions judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter, Request

    from assistant.answerer import Answerer
    from assistant.web.pages import Pages
    from knowledge.knowledge_base import KnowledgeBase

__all__ = ["evaluation_desk"]


def evaluation_desk(
    runs: Path,
    data: Path,
    kb: KnowledgeBase,
    answerer: Callable[[], Answerer],
    allowed: Callable[[Request], object],
    pages: Pages,
) -> APIRouter:
    """All pages of evaluation: the runs in the folder `runs`, the suites of the folder `data`, real questions of `kb`'s
    database. `allowed` raises for who may not see them; `pages` are the desk's, in whose frame they stand."""
    from eval.desk.pages import EvaluationDesk, router
    from eval.desk.running import RunRoom
    from eval.desk.suites import SuiteFolder
    from eval.reporting.frame import Frame
    from eval.reporting.pages import router as runs_router

    tools = {"各次评测": "eval_runs", "开始评测": "eval_start", "评测集": "eval_suites", "真实提问": "eval_sample"}
    frame = Frame(pages, tools)
    desk = router(EvaluationDesk(SuiteFolder(data), RunRoom(runs, kb, answerer), kb.database), frame)
    return runs_router(runs, allowed, frame, desk)
