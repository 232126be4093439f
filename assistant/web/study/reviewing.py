"""温习: one card after the other, question first, answer on request; putting off, bringing forward, the pace of a day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.errors import NotYours
from assistant.study.question_bank import LETTERS, Item, Status
from assistant.study.review import PACES, PUT_OFF, WORDS, Card, Known, Side, deck
from assistant.web.site import Site


def routes(site: Site) -> APIRouter:
    """`/study/review`."""
    router = APIRouter(prefix="/study/review")
    reviews = site.reviews

    def item_of(card: Card) -> Item | None:
        found = site.bank.chosen([card.item_id]) if card.item_id is not None else []
        return found[0] if found and found[0].status is Status.APPROVED else None

    @router.get("")
    def review(request: Request, open: bool = False, more: bool = False, card: str = "") -> HTMLResponse:
        """The next card, with its answer when `open`; `more` goes on with cards that are not due yet."""
        user = site.reader(request)
        site.bank.sweep()
        today = reviews.today(user)
        queue = list(today.cards) or (reviews.earlier(user) if more else [])
        if card:
            queue = [reviews.get(user, card)]
        item, note, shown = None, None, None
        for shown in queue:
            item = item_of(shown)
            if shown.note_id is not None:
                try:
                    note = site.notes.get(user, shown.note_id)
                except NotYours:
                    note = None
            if item or note:
                break
            reviews.remove(user, shown.id)  # its item was stopped or its note deleted
        return site.pages.page(
            "review.html",
            today=today,
            card=shown if item or note else None,
            item=item,
            note=note,
            open=open,
            more=more,
            words=WORDS,
            paces=PACES,
            put_off=PUT_OFF,
            section="study",
        )

    @router.get("/anki")
    def anki(request: Request) -> Response:
        """All cards of the reader as a deck for Anki."""
        user = site.reader(request)
        site.bank.sweep()
        notes = {one.id: one for one in site.notes.listing(user)}
        sides: list[Side] = []
        for card in reviews.every(user):
            if (item := item_of(card)) is not None:
                sides.append(_side(item))
            elif card.note_id in notes:
                chosen = notes[card.note_id].excerpt
                where = f"《{chosen.title}》{chosen.address.replace('/', '')}"
                sides.append(Side(f"note-{card.note_id}", where, chosen.quote))
        headers = {"Content-Disposition": "attachment; filename=xuesi.apkg"}
        return Response(deck(sides, "学思"), media_type="application/octet-stream", headers=headers)

    @router.post("/pace")
    def pace(request: Request, cards: Annotated[int, Form()]) -> RedirectResponse:
        reviews.set_pace(site.reader(request), cards)
        return RedirectResponse("/study/review", 303)

    @router.post("/notes")
    def from_note(request: Request, note: Annotated[str, Form()]) -> RedirectResponse:
        """Make a card of a saved passage."""
        user = site.reader(request)
        reviews.add_note(user, site.notes.get(user, note).id)
        return RedirectResponse("/study/review", 303)

    @router.post("/{card_id}")
    def rate(
        request: Request, card_id: str, known: Annotated[Known, Form()], more: Annotated[bool, Form()] = False
    ) -> RedirectResponse:
        reviews.rate(site.reader(request), card_id, known)
        return RedirectResponse("/study/review" + ("?more=true" if more else ""), 303)

    @router.post("/{card_id}/put-off")
    def put_off(request: Request, card_id: str, days: Annotated[int, Form()]) -> RedirectResponse:
        reviews.put_off(site.reader(request), card_id, days)
        return RedirectResponse("/study/review", 303)

    @router.post("/{card_id}/remove")
    def remove(request: Request, card_id: str) -> RedirectResponse:
        reviews.remove(site.reader(request), card_id)
        return RedirectResponse("/study/review", 303)

    return router


def _side(item: Item) -> Side:
    content, source = item.content, item.content.source
    options = [f"{letter}．{words}" for letter, words in zip(LETTERS, content.options, strict=False)]
    where = [f"出处：《{source.title}》{source.address.replace('/', '')}", source.quote] if source else []
    back = [f"答案：{content.answer_in_words}", *filter(None, [content.explanation]), *where]
    return Side(f"item-{item.id}", "\n".join([content.stem, *options]), "\n".join(back))
