"""The pages of a self-test: item after item with the explanation at once, or a paper that is marked when it is handed in."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.errors import InvalidQuestion, NotYours
from assistant.study.question_bank import Filter, Item
from assistant.study.self_test import Mode, Reply, Test, mark, picked
from assistant.web.site import Site
from assistant.web.study.learning import COUNTS

MIXED = "混合"


@dataclass(frozen=True, slots=True)
class Solved:
    """An item with what was answered, None where it was left open, and which blanks are right."""

    item: Item
    reply: Reply | None
    parts: tuple[bool, ...]


def routes(site: Site) -> APIRouter:
    """`/study/tests` and `/study/wrong`."""
    router = APIRouter()
    bank, tests = site.bank, site.tests

    def item_of(test: Test, item_id: int) -> Item:
        found = bank.chosen([item_id]) if item_id in test.item_ids else []
        if not found:
            raise NotYours("这道题不在这次自测里，可能已被删除；请回到“学习”重新开始。")
        return found[0]

    def solved(test: Test, item: Item) -> Solved:
        reply = test.replies.get(item.id)
        return Solved(item, reply, mark(item.content, reply.given).parts if reply else ())

    def keep(user: str, test: Test, item: Item, given: list[str]) -> None:
        if tests.reply(user, test.id, item, given).right is False:
            site.reviews.add_item(user, item.id)

    @router.post("/study/tests")
    def begin(
        request: Request,
        mode: Annotated[Mode, Form()] = Mode.PRACTICE,
        topic: Annotated[str, Form()] = "",
        document: Annotated[str, Form()] = "",
        count: Annotated[int, Form()] = COUNTS[1],
        wrong: Annotated[bool, Form()] = False,
    ) -> RedirectResponse:
        """A test of a topic, of a document, of the reader's wrong answers, or of everything."""
        user = site.reader(request)
        document_id = int(document) if document.isascii() and document.isdigit() and len(document) < 12 else None
        items = bank.askable(Filter(topic=topic, document_id=document_id))
        title = topic or MIXED
        if document_id and items and (source := items[0].content.source):
            title = f"《{source.title}》"
        if wrong:
            mine, title = set(tests.wrong(user)), "错题再练"
            items = [one for one in items if one.id in mine]
        chosen = picked(items, count if count in COUNTS else COUNTS[1], tests.seen(user), random.Random())
        made = tests.begin(user, mode, title, chosen)
        return RedirectResponse(f"/study/tests/{made.id}", 303)

    @router.get("/study/tests/{test_id}")
    def show(request: Request, test_id: str, at: int = 0) -> HTMLResponse:
        """The next item of a practice, the item `at` with its explanation, a paper, or how a test went."""
        test = tests.get(site.reader(request), test_id)
        if at in test.replies and test.mode is Mode.PRACTICE:
            return site.pages.page("test.html", test=test, solved=solved(test, item_of(test, at)), section="study")
        there = bank.chosen(list(test.item_ids))
        open_items = [one for one in there if one.id not in test.replies]
        if test.finished_at is None and test.mode is Mode.PRACTICE and open_items:
            return site.pages.page("test.html", test=test, solved=Solved(open_items[0], None, ()), section="study")
        if test.finished_at is None and test.mode is Mode.PAPER:
            return site.pages.page("test_paper.html", test=test, items=there, section="study")
        every = [solved(test, one) for one in there]
        missed = Counter(
            one.item.content.topic or "其他" for one in every if one.reply is None or one.reply.right is False
        )
        return site.pages.page("test_result.html", test=test, every=every, missed=missed.most_common(), section="study")

    @router.post("/study/tests/{test_id}/items/{item_id}")
    def reply(
        request: Request, test_id: str, item_id: int, given: Annotated[list[str] | None, Form()] = None
    ) -> RedirectResponse:
        user = site.reader(request)
        test = tests.get(user, test_id)
        if test.mode is not Mode.PRACTICE:
            raise InvalidQuestion("试卷要整份交卷。")
        keep(user, test, item_of(test, item_id), given or [])
        return RedirectResponse(f"/study/tests/{test_id}?at={item_id}", 303)

    @router.post("/study/tests/{test_id}/items/{item_id}/judge")
    def judge(request: Request, test_id: str, item_id: int, right: Annotated[bool, Form()] = False) -> RedirectResponse:
        """What the reader says of his own answer."""
        user = site.reader(request)
        tests.judge(user, test_id, item_id, right)
        if not right:
            site.reviews.add_item(user, item_of(tests.get(user, test_id), item_id).id)
        test = tests.get(user, test_id)
        return RedirectResponse(
            f"/study/tests/{test_id}" + (f"?at={item_id}" if test.mode is Mode.PRACTICE else ""), 303
        )

    @router.post("/study/tests/{test_id}/hand-in")
    async def hand_in(request: Request, test_id: str) -> RedirectResponse:
        """A whole paper; fields are called by the ids of the items."""
        user = site.reader(request)
        test = tests.get(user, test_id)
        sent = await request.form()
        for item in bank.chosen(list(test.item_ids)):
            given = [one for one in sent.getlist(str(item.id)) if isinstance(one, str)]
            if any(one.strip() for one in given):
                keep(user, test, item, given)
        tests.finish(user, test_id)
        return RedirectResponse(f"/study/tests/{test_id}", 303)

    @router.post("/study/tests/{test_id}/forget")
    def forget(request: Request, test_id: str) -> RedirectResponse:
        tests.forget(site.reader(request), test_id)
        return RedirectResponse("/study", 303)

    @router.get("/study/wrong")
    def wrong(request: Request) -> HTMLResponse:
        """错题本."""
        mine = bank.chosen(tests.wrong(site.reader(request)))
        return site.pages.page("study_wrong.html", items=mine, section="study")

    return router
