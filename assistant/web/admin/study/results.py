"""测验情况: how items and topics went, of everybody or of a class. Never who answered what; small groups are not shown."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.curation.statistics import shown
from assistant.study.self_test.analysis import FEWEST_PEOPLE, figures
from assistant.web.security.access import allowed
from assistant.web.site import Site

BINS = 5  # of the chart: up to a fifth right, up to two fifths, …
HARD, EASY = 0.3, 0.95
WEAK = 0.15  # a discrimination below this tells nobody apart
LISTED = 100  # items


def routes(accounts: Accounts, site: Site) -> APIRouter:
    """`/admin/results`."""
    trainer = allowed(accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/results", dependencies=[Depends(trainer)])

    @router.get("")
    def show(class_id: str = "") -> HTMLResponse:
        classes = accounts.school.every()
        chosen = next((one for one in classes if str(one.id) == class_id), None)
        people = [one.id for one in accounts.users() if one.class_id == chosen.id] if chosen else None
        found = figures(site.conversations, site.bank, people)
        bins = [0] * BINS
        for one in found.items if found else ():
            bins[min(int(one.right * BINS), BINS - 1)] += 1
        return site.pages.page(
            "admin_results.html",
            classes=classes,
            chosen=chosen,
            figures=found,
            bins=bins,
            fewest=FEWEST_PEOPLE,
            listed=LISTED,
            remark=remark,
            shown=shown,
            section="admin",
        )

    return router


def remark(right: float, discrimination: float | None) -> str:
    """What a trainer should look at, "" for nothing."""
    if discrimination is not None and discrimination < 0:
        return "会的人反而错得多，请核对答案"
    if right < HARD:
        return "偏难，看看有没有歧义"
    if right > EASY:
        return "几乎都答对"
    if discrimination is not None and discrimination < WEAK:
        return "区分不开"
    return ""
