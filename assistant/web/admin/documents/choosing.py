"""Many documents at once: the page that names each with its effects and lets some be left out, before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from assistant.web.admin.documents.agreeing import SEEN
from assistant.web.admin.documents.parts import Desk
from knowledge.ingestion.preview import Preview
from knowledge.ingestion.report import named, shared_out
from knowledge.model import Document
from knowledge.storage.changes import Change

MOST = 1000  # documents of one form


@dataclass(frozen=True, slots=True)
class Choice:
    """A document that may be left out. `doubts` are reasons to look at it first, `ticked` is what the page begins with;
    `barred` says why it cannot be chosen, "" when it can."""

    document: Document
    doubts: tuple[str, ...] = ()
    ticked: bool = True
    barred: str = ""
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticked:
    """What the form of that page, or of a list, sent: the documents ticked, what was seen before, other fields."""

    ids: tuple[int, ...]
    seen: str
    fields: dict[str, str]


async def _ticked(request: Request) -> Ticked:
    sent = await request.form()
    numbers = [str(one) for one in sent.getlist("id")]
    if len(numbers) > MOST or not all(one.isascii() and one.isdigit() and len(one) < 12 for one in numbers):
        raise HTTPException(400, f"勾选的文件编号不对，或者超过 {MOST} 份；请刷新页面后再试。")
    fields = {name: value for name, value in sent.items() if isinstance(value, str) and name not in ("id", SEEN)}
    return Ticked(tuple(dict.fromkeys(int(one) for one in numbers)), str(sent.get(SEEN, "")), fields)


#: The ticks of a form that was sent. Read after the role was checked.
Ticks = Annotated[Ticked, Depends(_ticked)]


def chosen(choices: Sequence[Choice], form: Ticked) -> list[Choice]:
    """The choices as the form ticked them; as they begin when it comes for the first time."""
    begun = not form.seen
    return [
        replace(one, ticked=not one.barred and (one.ticked if begun else one.document.id in form.ids))
        for one in choices
    ]


def look(
    desk: Desk,
    form: Ticked,
    choices: Sequence[Choice],
    apply: Callable[[Change, Sequence[int]], None],
    *,
    heading: str,
    action: str,
    back: str,
    button: str,
    stopping: Callable[[Sequence[Document]], Sequence[str]] = lambda _: (),
    option: tuple[str, str] | None = None,
) -> HTMLResponse | tuple[list[Document], Preview]:
    """The documents to act on with what that does, once exactly this was seen; until then the page that shows it.
    `apply` makes the change to the documents of these ids; `option` is a field that may be ticked besides, and its label."""
    library = desk.knowledge_base
    own = [one.document.id for one in choices if one.ticked]
    found = library.preview(lambda change: apply(change, own))
    if own and form.seen == found.fingerprint:
        return [one.document for one in choices if one.ticked], found
    series = {one.id: one.series for one in library.documents()}
    told, others = shared_out(found, own, series)
    error = ""
    if form.seen:
        error = (
            "勾选变了，或者库刚刚变了：下面是现在会发生的变化，请再确认一次。"
            if own
            else "一份也没有勾选，请至少勾选一份。"
        )
    return desk.pages.page(
        "admin_choosing.html",
        heading=heading,
        action=action,
        back=back,
        button=button,
        choices=[replace(one, effects=tuple(told.get(one.document.id, ()))) for one in choices],
        others=others,
        stopping=list(stopping([one.document for one in choices if one.ticked])),
        fields=[(name, value) for name, value in form.fields.items() if option is None or name != option[0]],
        option=option,
        option_ticked=option is not None and (not form.seen or option[0] in form.fields),
        seen=found.fingerprint,
        error=error,
        named=named,
        section="admin",
    )
