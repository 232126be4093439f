"""What programs asked is kept where its reader and the trainers look: in a conversation of its own for each day."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date

from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.errors import NotYours
from assistant.model import Answer
from knowledge.errors import KnowledgeError

TITLE = "程序提问"
LONGEST = 50  # turns of one conversation; what follows begins another

_log = logging.getLogger(__name__)


class Record:
    """Keeps questions of programs with their answers. Safe to share between threads."""

    def __init__(self, conversations: Conversations, today: Callable[[], date] = date.today) -> None:
        self._conversations = conversations
        self._today = today
        self._lock = threading.Lock()
        self._open: dict[str, tuple[str, date, int]] = {}  # by reader: conversation, its day, its turns

    def keep(self, reader: str, question: str, answer: Answer) -> None:
        """Answers are given even where they cannot be kept; the log says so."""
        try:
            with self._lock:
                self._keep(reader, question, answer)
        except KnowledgeError as error:
            _log.error("a question of a program could not be kept: %s", error)

    def _keep(self, reader: str, question: str, answer: Answer) -> None:
        today = self._today()
        conversation, day, turns = self._open.get(reader, ("", today, LONGEST))
        turn = None
        if day == today and turns < LONGEST:
            try:
                turn = self._conversations.ask(reader, question, conversation)
            except NotYours:  # the reader has deleted it
                turn = None
        if turn is None:
            turn, turns = self._conversations.ask(reader, question), 0
            self._conversations.rename(reader, turn.conversation_id, f"{TITLE} {today.isoformat()}")
        self._conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
        self._open[reader] = (turn.conversation_id, today, turns + 1)
