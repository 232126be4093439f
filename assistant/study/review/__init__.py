"""温习: cards that come back when they are about to be forgotten, and the deck for Anki."""

from __future__ import annotations

from assistant.study.review.anki import Side, deck
from assistant.study.review.cards import EARLIER, PACES, PUT_OFF, USUAL_PACE, WORDS, Card, Known, Reviews, Today

__all__ = ["EARLIER", "PACES", "PUT_OFF", "USUAL_PACE", "WORDS", "Card", "Known", "Reviews", "Side", "Today", "deck"]
