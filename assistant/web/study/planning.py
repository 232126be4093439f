"""学习计划 of a reader and of his class, how far he is in what he reads, and the record that he takes away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from assistant.errors import InvalidEntry, NotYours
from assistant.study.plans import Plan, Progress, Step, Task, Tested, Wanted, stepped, tested
from assistant.web.export.record import Record, to_sheet, to_workbook
from assistant.web.export.word import to_word
from assistant.web.reader.held import open_published
from assistant.web.security.viewer import viewer
from assistant.web.site import Site
from assistant.web.study.download import WORD, attached
from knowledge.knowledge_base import KnowledgeBase

MOST_LINES = 5000  # of a document, seen at once
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class File(StrEnum):
    """What the record is taken away as."""

    WORD = "docx"
    EXCEL = "xlsx"


class Seen(BaseModel, extra="forbid"):
    """Lines of a text that came into view, by the offsets at which they begin."""

    version: int
    lines: list[int] = Field(max_length=MOST_LINES)


def routes(site: Site) -> APIRouter:
    """`/study/plans`, `/study/reading`, `/study/record` and `/api/reading`."""
    router = APIRouter()
    library, plans, readings = site.knowledge_base, site.plans, site.readings

    def owner_of(user: str, plan_id: str) -> str | int:
        """Who has a plan: the reader, or his class."""
        of_class = site.class_of(user)
        if of_class is not None and any(one.id == plan_id for one in plans.listing(of_class.id)):
            return of_class.id
        return user

    def reading_of(user: str) -> list[Progress]:
        return readings.listing(user, library.published())

    def every(user: str, held: Sequence[Progress], tests: list[Tested]) -> list[tuple[Plan, list[Step]]]:
        """The reader's own plans, then those of his class, as they stand by what he has read and was tested on."""
        of_class = site.class_of(user)
        mine = [*plans.listing(user), *(plans.listing(of_class.id) if of_class else ())]
        by_document, ticked = _by_document(held), plans.ticked(user)
        return [(one, stepped(one, by_document, tests, ticked)) for one in mine]

    @router.get("/study/plans")
    def listing(request: Request) -> HTMLResponse:
        user = site.reader(request)
        of_class, held = site.class_of(user), reading_of(user)
        return site.pages.page(
            "plans.html",
            plans=every(user, held, tested(site.conversations, user)),
            class_name=of_class.name if of_class else "",
            readings=held,
            today=site.today(),
            section="study",
        )

    @router.post("/study/plans")
    def add(request: Request, title: Annotated[str, Form()] = "") -> RedirectResponse:
        user = site.reader(request)
        return RedirectResponse(f"/study/plans/{plans.add(user, title, user).id}", 303)

    @router.get("/study/plans/{plan_id}")
    def show(request: Request, plan_id: str) -> HTMLResponse:
        user = site.reader(request)
        owner = owner_of(user, plan_id)
        plan = plans.get(owner, plan_id)
        steps = stepped(plan, _by_document(reading_of(user)), tested(site.conversations, user), plans.ticked(user))
        of_class = site.class_of(user)
        return site.pages.page(
            "plan.html",
            plan=plan,
            steps=steps,
            titles=titles_of(library, plan),
            own=owner == user,
            class_name=of_class.name if of_class else "",
            choices=step_choices(site),
            today=site.today(),
            section="study",
        )

    @router.post("/study/plans/{plan_id}/steps")
    def put(
        request: Request,
        plan_id: str,
        task: Annotated[Task, Form()],
        words: Annotated[str, Form()] = "",
        document: Annotated[str, Form()] = "",
        due: Annotated[str, Form()] = "",
    ) -> RedirectResponse:
        plans.put(site.reader(request), plan_id, wanted_in(library, task, words, document, due))
        return RedirectResponse(f"/study/plans/{plan_id}", 303)

    @router.post("/study/plans/{plan_id}/steps/{step_id}/delete")
    def take_out(request: Request, plan_id: str, step_id: str) -> RedirectResponse:
        plans.take_out(site.reader(request), plan_id, step_id)
        return RedirectResponse(f"/study/plans/{plan_id}", 303)

    @router.post("/study/plans/{plan_id}/steps/{step_id}/tick")
    def tick(request: Request, plan_id: str, step_id: str, done: Annotated[bool, Form()] = False) -> RedirectResponse:
        """For what only the reader can say; reading and tests show by themselves."""
        user = site.reader(request)
        plan = plans.get(owner_of(user, plan_id), plan_id)
        if not any(one.id == step_id and one.task in (Task.ASK, Task.DISCUSS) for one in plan.steps):
            raise NotYours("计划里没有这一项，或者它不用自己勾；请刷新页面。")
        plans.tick(user, step_id, done)
        return RedirectResponse(f"/study/plans/{plan_id}", 303)

    @router.post("/study/plans/{plan_id}/delete")
    def delete(request: Request, plan_id: str) -> RedirectResponse:
        plans.delete(site.reader(request), plan_id)
        return RedirectResponse("/study/plans", 303)

    @router.post("/study/reading/{document_id}")
    def begin(request: Request, document_id: int) -> RedirectResponse:
        """Note from now on how far the reader is, and go on where he stopped."""
        user = site.reader(request)
        document = open_published(library, document_id)
        readings.begin(user, document)
        progress = readings.of(user, document)
        place = f"#s-{progress.next_at}" if progress and progress.read and progress.next_at is not None else ""
        return RedirectResponse(f"/document/{document_id}{place}", 303)

    @router.post("/study/reading/{document_id}/forget")
    def forget(request: Request, document_id: int) -> RedirectResponse:
        readings.forget(site.reader(request), document_id)
        return RedirectResponse("/study/plans", 303)

    @router.post("/api/reading/{document_id}")
    def seen(request: Request, document_id: int, sent: Seen) -> dict[str, int]:
        document = open_published(library, document_id)
        if sent.version != document.version_id:  # an older text; what is read of it does not count for this one
            return {}
        progress = readings.seen(site.reader(request), document, frozenset(sent.lines))
        return {"read": progress.read, "total": progress.total} if progress else {}

    def record_of(user: str) -> Record:
        held, tests = reading_of(user), tested(site.conversations, user)
        steps = [(plan, step) for plan, found in every(user, held, tests) for step in found if step.done_at is not None]
        titles = {number: title for plan, _ in steps for number, title in titles_of(library, plan).items()}
        return Record(viewer().name, site.today(), held, tests, steps, titles)

    @router.get("/study/record")
    def record(request: Request) -> HTMLResponse:
        return site.pages.page("record.html", record=record_of(site.reader(request)), section="study")

    @router.get("/study/record/{form}")
    def take(request: Request, form: File) -> Response:
        found = record_of(site.reader(request))
        name = f"学时记录 {found.day.isoformat()}.{form}"
        if form is File.EXCEL:
            return attached(to_workbook(found), _EXCEL, name)
        return attached(to_word(to_sheet(found), site.now()), WORD, name)

    return router


def _by_document(held: Sequence[Progress]) -> dict[int, Progress]:
    return {one.document_id: one for one in held}


def titles_of(library: KnowledgeBase, plan: Plan) -> dict[int, str]:
    """The titles of the documents that a plan names, as far as the reader may see them."""
    held = {one.id: one for one in library.published()}
    wanted = {one.document_id for one in plan.steps if one.document_id is not None}
    return {number: held[number].card.title for number in wanted if number in held}


def step_choices(site: Site) -> list[tuple[int, str]]:
    """The documents that a step may name: id and title with its edition."""
    published = sorted(site.knowledge_base.published(), key=lambda one: (one.card.title, one.card.edition or ""))
    return [(one.id, f"{one.card.title}{f'（{one.card.edition}）' if one.card.edition else ''}") for one in published]


def wanted_in(library: KnowledgeBase, task: Task, words: str, document: str, due: str) -> Wanted:
    """A step as a form sends it. Raises InvalidEntry for a day or a document that is none."""
    number = int(document) if document.isascii() and document.isdigit() and len(document) < 12 else None
    if number is not None and task in (Task.READ, Task.TEST):
        open_published(library, number)
    try:
        day = date.fromisoformat(due) if due else None
    except ValueError as error:
        raise InvalidEntry(f"日期“{due[:20]}”读不出，请写成 2026-03-31 这样。") from error
    return Wanted(task, words, number if task in (Task.READ, Task.TEST) else None, day)
