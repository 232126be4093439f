"""首页: the cards that readers begin with. For trainers."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.errors import AssistantError, DeskError
from assistant.web.admin.questions.workbench import Fields, Form, Workbench, back
from assistant.web.chat.home import entrances
from assistant.web.chat.home_cards import MOST, MOST_QUESTIONS, Card, HomeCards
from assistant.web.security.access import allowed
from knowledge.errors import KnowledgeError

ADDRESS = "/admin/home"


def routes(bench: Workbench) -> APIRouter:
    """`/admin/home`: the cards, setting them, going back to those of the house."""
    trainer = allowed(bench.accounts, Role.TRAINER)
    router = APIRouter(prefix=ADDRESS, dependencies=[Depends(trainer)])
    kept = HomeCards(bench.accounts.settings)

    def page(cards: list[Card], status: int = 200, error: str = "", done: str = "", own: bool = True) -> HTMLResponse:
        unanswered = [one for card in cards for one in card.questions if done and not _answered(bench, one)]
        return bench.page(
            "admin_home.html",
            status,
            cards=[*cards, *[Card("", "", ())] * (MOST - len(cards))],
            own=own,
            unanswered=unanswered,
            most=MOST_QUESTIONS,
            error=error,
            done=done,
        )

    @router.get("")
    def show(done: str = "") -> HTMLResponse:
        cards = kept.now()
        usual = [Card(one.topic, one.line, one.questions) for one in entrances(bench.knowledge_base)]
        return page(cards or usual, done=done[:20], own=bool(cards))

    @router.post("")
    def change(form: Form, actor: str = Depends(trainer)) -> Response:
        cards = [] if form.one("do") == "usual" else _cards(form)
        try:
            kept.put(actor, cards)
        except DeskError as error:
            return page(cards, 400, str(error))
        return back(ADDRESS, done="已保存" if cards else "已恢复")

    return router


def _cards(form: Fields) -> list[Card]:
    """The cards that were filled in."""
    columns = zip(form.all("title"), form.all("line"), form.all("questions"), strict=False)
    cards = []
    for title, line, questions in columns:
        asked = tuple(one for row in questions.splitlines() if (one := " ".join(row.split())))
        if title.strip() or asked:
            cards.append(Card(title.strip(), line.strip(), asked))
    return cards


def _answered(bench: Workbench, question: str) -> bool:
    """Whether the library answers a question today."""
    try:
        return bench.live.now.answer(question).refusal is None
    except (AssistantError, KnowledgeError):
        return False
