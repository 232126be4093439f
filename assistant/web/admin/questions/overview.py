"""概况: what was asked and answered, what the library holds, what nobody ever needed."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from assistant.accounts.model import Role
from assistant.curation.statistics import DAYS, FEWEST_PEOPLE, SMALL, figures, shelf, shown
from assistant.web.admin.questions.workbench import Workbench
from assistant.web.security.access import allowed
from knowledge.model import Validity

HEIGHT = 120  # of the chart of days, in its own units
STEP = 20  # from bar to bar
NEVER_SHOWN = 30
FEW = 1.5  # the mark of a small count; its words are 少于 5


def routes(bench: Workbench) -> APIRouter:
    """`/admin/overview`."""
    trainer = allowed(bench.accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/overview", dependencies=[Depends(trainer)])

    @router.get("")
    def page(class_id: str = "") -> HTMLResponse:
        classes = bench.accounts.classes()
        chosen = next((one for one in classes if str(one.id) == class_id), None)
        people = {user.id for user in bench.accounts.users() if chosen and user.class_id == chosen.id}
        documents = bench.knowledge_base.published()
        today = bench.knowledge_base.today()
        found = figures(bench.conversations.database, documents, today, people if chosen else None)
        tallest = max((day.asked for day in found.days), default=0) if found else 0
        return bench.page(
            "admin_overview.html",
            figures=found,
            classes=classes,
            chosen=chosen,
            shelf=shelf(documents),
            validities=list(Validity),
            shown=shown,
            drawn=drawn,
            tallest=max(tallest, SMALL),
            height=HEIGHT,
            step=STEP,
            days=DAYS,
            small=SMALL,
            fewest=FEWEST_PEOPLE,
            never_shown=NEVER_SHOWN,
        )

    return router


def drawn(count: int) -> float:
    """How high a count is drawn: small ones as one low mark, whatever they are, so that a picture tells no more than the
    words and no group looks like five."""
    return count if count >= SMALL or count == 0 else FEW
