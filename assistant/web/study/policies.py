"""政策清单, the card of one policy, and 对照条件: a walk through its conditions that decides nothing and keeps nothing unasked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.study.excerpt import address_of
from assistant.study.policies import (
    WORDS,
    WORDS_EXCLUDED,
    Group,
    Part,
    Policy,
    Quote,
    Reply,
    answered,
    outcome,
    quotes_of,
    replies_in,
    steps,
    taken_back,
)
from assistant.web.site import Site
from knowledge.errors import NotInLibrary

GROUPS = (Group.OPEN, Group.SOON, Group.WORDS, Group.CLOSED, Group.OVER)


def routes(site: Site) -> APIRouter:
    """`/study/policies` and what stands under it."""
    router = APIRouter(prefix="/study/policies")
    library, policies = site.knowledge_base, site.policies

    def place(policy: Policy, quote: Quote) -> tuple[str, str]:
        """Address in words and link of words of the policy."""
        outline = library.outline(policy.document.version_id)
        link = f"/document/{policy.document.id}?at={quote.start}-{quote.end}&version={policy.document.version_id}#quote"
        return address_of(outline, quote.start, quote.end), link

    def page(template: str, policy: Policy, status: int = 200, **values: object) -> HTMLResponse:
        return site.pages.page(
            template,
            status,
            policy=policy,
            groups=policy.groups(site.today()),
            last=policy.last_day(site.today()),
            parts=list(Part),
            quotes_of=quotes_of,
            place=lambda quote: place(policy, quote),
            section="study",
            **values,
        )

    @router.get("")
    def listing(request: Request, group: str = Group.OPEN) -> HTMLResponse:
        today = site.today()
        every = [(one, one.groups(today), one.last_day(today)) for one in policies.listing(library)]
        chosen = group if group in list(Group) else Group.OPEN
        shown = [one for one in every if chosen in one[1]]
        if chosen in (Group.OPEN, Group.SOON):
            shown.sort(key=lambda one: (one[2] is None, one[2]))
        return site.pages.page(
            "policies.html",
            every=every,
            shown=shown,
            chosen=chosen,
            groups=[(one, sum(one in having for _, having, _ in every)) for one in GROUPS],
            walks=policies.walks(site.reader(request)),
            today=today,
            Part=Part,
            section="study",
        )

    @router.get("/{document_id}")
    def card(document_id: int) -> HTMLResponse:
        return page("policy.html", policies.get(library, document_id), steps=steps(_listed(document_id).card))

    @router.post("/{document_id}/walk")
    def walk(
        document_id: int,
        given: Annotated[str, Form()] = "",
        reply: Annotated[str, Form()] = "",
        back: Annotated[bool, Form()] = False,
    ) -> HTMLResponse:
        """The next condition after the replies `given` and `reply`, or what they add up to. Nothing is kept."""
        policy = _listed(document_id)
        letters = taken_back(policy.card, given) if back else answered(policy.card, given, reply)
        replies, every = replies_in(letters, policy.card), steps(policy.card)
        if len(replies) < len(every):
            step = every[len(replies)]
            return page("policy_walk.html", policy, step=step, number=len(replies), every=every, given=letters)
        return told(policy, letters)

    def told(policy: Policy, letters: str, kept: str = "") -> HTMLResponse:
        found = outcome(policy.card, replies_in(letters, policy.card))
        return page(
            "policy_outcome.html",
            policy,
            outcome=found,
            given=letters,
            kept=kept,
            Reply=Reply,
            words={True: WORDS_EXCLUDED, False: WORDS},
        )

    @router.post("/{document_id}/keep")
    def keep(request: Request, document_id: int, given: Annotated[str, Form()]) -> Response:
        policy = _listed(document_id)
        outcome(policy.card, replies_in(given, policy.card))
        made = policies.keep(site.reader(request), policy, given)
        return RedirectResponse(f"/study/policies/kept/{made.id}", 303)

    @router.get("/kept/{walk_id}")
    def kept(request: Request, walk_id: str) -> Response:
        made = policies.walk(site.reader(request), walk_id)
        policy = _listed(made.document_id)
        if policy.document.version_id != made.version_id or len(made.replies) != len(steps(policy.card)):
            return page("policy.html", policy, steps=steps(policy.card), changed=True)
        return told(policy, made.replies, made.id)

    @router.post("/kept/{walk_id}/forget")
    def forget(request: Request, walk_id: str) -> Response:
        policies.forget(site.reader(request), walk_id)
        return RedirectResponse("/study/policies", 303)

    def _listed(document_id: int) -> Policy:
        policy = policies.get(library, document_id)
        if not policy.listed:
            raise NotInLibrary(f"《{policy.document.card.title}》不在政策清单里，请在文件库中查看原文。")
        return policy

    return router
