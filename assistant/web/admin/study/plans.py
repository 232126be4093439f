"""Plans of study for a class: a trainer says what is to be read, asked, tested and discussed; who did what he is not shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Form as Field
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.study.plans import Task
from assistant.web.security.access import allowed
from assistant.web.site import Site
from assistant.web.study.planning import step_choices, titles_of, wanted_in


def routes(accounts: Accounts, site: Site) -> APIRouter:
    """`/admin/plans`."""
    trainer = allowed(accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/plans", dependencies=[Depends(trainer)])
    plans = site.plans

    @router.get("")
    def listing() -> HTMLResponse:
        classes = accounts.school.every()
        held = [(one, plans.listing(one.id)) for one in classes]
        return site.pages.page("admin_plans.html", held=held, section="admin")

    @router.post("")
    def add(
        class_id: Annotated[int, Field()], title: Annotated[str, Field()] = "", actor: str = Depends(trainer)
    ) -> RedirectResponse:
        chosen = accounts.school.get(class_id)
        made = plans.add(chosen.id, title, actor)
        accounts.note(actor, "新建学习计划", made.title, of=chosen.name)
        return RedirectResponse(f"/admin/plans/{chosen.id}/{made.id}", 303)

    @router.get("/{class_id}/{plan_id}")
    def one(class_id: int, plan_id: str) -> HTMLResponse:
        chosen, plan = accounts.school.get(class_id), plans.get(class_id, plan_id)
        return site.pages.page(
            "admin_plan.html",
            plan=plan,
            class_name=chosen.name,
            titles=titles_of(site.knowledge_base, plan),
            choices=step_choices(site),
            today=site.today(),
            section="admin",
        )

    @router.post("/{class_id}/{plan_id}/steps")
    def put(
        class_id: int,
        plan_id: str,
        task: Annotated[Task, Field()],
        words: Annotated[str, Field()] = "",
        document: Annotated[str, Field()] = "",
        due: Annotated[str, Field()] = "",
    ) -> RedirectResponse:
        plans.put(class_id, plan_id, wanted_in(site.knowledge_base, task, words, document, due))
        return RedirectResponse(f"/admin/plans/{class_id}/{plan_id}", 303)

    @router.post("/{class_id}/{plan_id}/steps/{step_id}/delete")
    def take_out(class_id: int, plan_id: str, step_id: str) -> RedirectResponse:
        plans.take_out(class_id, plan_id, step_id)
        return RedirectResponse(f"/admin/plans/{class_id}/{plan_id}", 303)

    @router.post("/{class_id}/{plan_id}/delete")
    def delete(class_id: int, plan_id: str, actor: str = Depends(trainer)) -> RedirectResponse:
        plan = plans.get(class_id, plan_id)
        plans.delete(class_id, plan_id)
        accounts.note(actor, "删去学习计划", plan.title, of=class_id)
        return RedirectResponse("/admin/plans", 303)

    return router
