"""The cards of the first page as trainers set them: a title, a line and some questions each. Without any the page has its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from assistant.accounts.setup.settings import Settings
from assistant.errors import InvalidEntry
from assistant.understanding.question import LONGEST_QUESTION

NAME = "home_cards"
MOST = 6  # cards
MOST_QUESTIONS = 5  # of one card
LONGEST_TITLE, LONGEST_LINE = 20, 60  # characters


@dataclass(frozen=True, slots=True)
class Card:
    """One card. A title that is a topic of the library leads to its documents."""

    title: str
    line: str
    questions: tuple[str, ...]


class HomeCards:
    """The cards of one data folder. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def now(self) -> list[Card]:
        """What trainers set; none where they set nothing."""
        stored = self._settings.get(NAME) or {}
        return [Card(one["title"], one["line"], tuple(one["questions"])) for one in stored.get("cards", ())]

    def put(self, actor: str, cards: Sequence[Card]) -> None:
        """Show these from now on; none for those that the page has of its own. Raises InvalidEntry."""
        if len(cards) > MOST:
            raise InvalidEntry(f"首页最多 {MOST} 张卡片，现在有 {len(cards)} 张，请删减。")
        for card in cards:
            if not 0 < len(card.title) <= LONGEST_TITLE or len(card.line) > LONGEST_LINE:
                raise InvalidEntry(
                    f"卡片的标题要有 1 到 {LONGEST_TITLE} 个字，说明最多 {LONGEST_LINE} 个字，请改好再存。"
                )
            if not 0 < len(card.questions) <= MOST_QUESTIONS:
                raise InvalidEntry(f"“{card.title}”要有 1 到 {MOST_QUESTIONS} 个问题，每行一个，请补上或删减。")
            if any(len(question) > LONGEST_QUESTION for question in card.questions):
                raise InvalidEntry(f"“{card.title}”里有一个问题超过 {LONGEST_QUESTION} 个字，请缩短。")
        value = {"cards": [asdict(card) for card in cards]} if cards else None
        self._settings.put(actor, NAME, value, "设置首页卡片", cards="、".join(card.title for card in cards))
