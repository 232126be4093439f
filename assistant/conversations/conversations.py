"""Conversations kept in `data/xuesi.db`: who asked what, and the answer with its citations exactly as it was given.

What a browser sends is never believed: the question and the history of a turn are read from here, and every call names
the reader, for whom other people's conversations do not exist.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from assistant.conversations.answer_json import answer_json
from assistant.conversations.schema import conversation as _conversation
from assistant.conversations.schema import turn as _turn
from assistant.conversations.schema import vote as _vote
from assistant.conversations.stamps import new_id, utc_now
from assistant.conversations.turns import (
    Conversation,
    Further,
    Turn,
    TurnState,
    own_conversation,
    own_turn,
    to_conversation,
    turns_of,
)
from assistant.errors import InvalidQuestion
from assistant.model import Answer, Message
from assistant.understanding.scope import EVERYWHERE, Within
from knowledge.storage.database import Database, migrate
from knowledge.storage.database.json_path import json_value
from knowledge.storage.database.presence import Held

MIGRATIONS = Path(__file__).parent / "migrations"
TITLE_LENGTH = 40
HISTORY_TURNS = 8  # earlier turns handed to the answerer
KEPT_AFTER_DELETION = timedelta(days=7)


class Conversations:
    """All conversations of one data folder. Safe to share between threads.

    Every method that names a conversation or turn raises NotYours when `user` has no such one.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @classmethod
    def open(cls, data: Path, url: str | None = None, *, now: Callable[[], datetime] | None = None) -> Conversations:
        """As Database.open, making tables that are not there."""
        database = Database.open(data, url)
        migrate(database.engine, MIGRATIONS, "assistant_version")
        return cls(database, now or utc_now)

    @property
    def database(self) -> Database:
        return self._database

    @property
    def shared(self) -> bool:
        """Whether other processes may be answering turns too."""
        return not self._database.is_file

    def close(self) -> None:
        self._database.close()

    def listing(self, user: str, containing: str = "", limit: int = 200) -> list[Conversation]:
        """The reader's conversations, pinned first, then the latest first. `containing` is looked for in titles,
        questions and answers."""
        query = sa.select(_conversation).where(_conversation.c.user == user, _conversation.c.deleted_at.is_(None))
        for word in containing.split():
            query = query.where(_mentions(word))
        query = query.order_by(_conversation.c.pinned.desc(), _conversation.c.updated_at.desc()).limit(limit)
        with self._database.read() as connection:
            return [to_conversation(row) for row in connection.execute(query)]

    def get(self, user: str, conversation_id: str) -> Conversation:
        """One conversation."""
        with self._database.read() as connection:
            return own_conversation(connection, user, conversation_id)

    def turns(self, user: str, conversation_id: str) -> list[Turn]:
        """The turns of a conversation, oldest first."""
        with self._database.read() as connection:
            own_conversation(connection, user, conversation_id)
            return turns_of(connection, conversation_id)

    def turn(self, user: str, turn_id: str) -> Turn:
        """One turn."""
        with self._database.read() as connection:
            return own_turn(connection, user, turn_id)

    def history(self, user: str, turn_id: str) -> list[Message]:
        """What was said before a turn, oldest first: the questions and answers of the last few turns.

        A question that was offered beneath an answer stands alone, as it was checked; nothing before it counts.
        """
        with self._database.read() as connection:
            turn = own_turn(connection, user, turn_id)
            before = turns_of(connection, turn.conversation_id)[: turn.ordinal]
        offered = [i for i in range(1, len(before)) if _was_offered(before[i].question, before[i - 1])]
        before = before[offered[-1] if offered else 0 : -1]
        messages: list[Message] = []
        for one in before[-HISTORY_TURNS:]:
            messages.append(Message("user", one.question))
            if one.answer:
                messages.append(Message("assistant", one.answer.text))
        return messages

    def ask(
        self,
        user: str,
        question: str,
        conversation_id: str | None = None,
        *,
        as_of: date | None = None,
        within: Within = EVERYWHERE,
    ) -> Turn:
        """Note a question as the next turn of a conversation, or of a new one named after it.

        Raises InvalidQuestion while the turn before is still being answered.
        """
        now = self._now()
        with self._database.write() as connection:
            if conversation_id is None:
                conversation_id = new_id()
                title = _title(question)
                values = {"user": user, "title": title, "pinned": False, "created_at": now, "updated_at": now}
                connection.execute(_conversation.insert().values(id=conversation_id, **values))
            else:
                own_conversation(connection, user, conversation_id)
                connection.execute(_of(conversation_id).values(updated_at=now))
            states = (
                sa.select(_turn.c.state).where(_turn.c.conversation_id == conversation_id).order_by(_turn.c.ordinal)
            )
            before = connection.execute(states).scalars().all()
            if before and before[-1] == TurnState.ANSWERING:
                raise InvalidQuestion("上一个问题还在回答，请等它结束或先停止，再问下一个。")
            turn = Turn(
                id=new_id(),
                conversation_id=conversation_id,
                ordinal=len(before) + 1,
                question=question,
                as_of=as_of,
                state=TurnState.ANSWERING,
                answer=None,
                message=None,
                asked_at=now,
                within=within,
            )
            self._database.presence.hold(_at(turn.id))
            connection.execute(
                _turn.insert().values(
                    id=turn.id,
                    conversation_id=conversation_id,
                    ordinal=turn.ordinal,
                    question=question,
                    as_of=as_of,
                    topic=within.topic,
                    title=within.title,
                    state=str(turn.state),
                    asked_at=now,
                )
            )
        return turn

    def ask_again(self, user: str, turn_id: str) -> Turn:
        """Open the last turn of a conversation for a new answer; the old one is forgotten with what was thought of it.

        Raises InvalidQuestion when it is still being answered or other questions followed it.
        """
        with self._database.write() as connection:
            turn = own_turn(connection, user, turn_id)
            if turn.state is TurnState.ANSWERING:
                raise InvalidQuestion("这个问题还在回答，请等它结束。")
            if len(turns_of(connection, turn.conversation_id)) > turn.ordinal:
                raise InvalidQuestion("后面已有新的问题，请在下面重新提问。")
            changes = {
                "state": str(TurnState.ANSWERING),
                "answer": None,
                "message": None,
                "finished_at": None,
                "further": None,
            }
            self._database.presence.hold(_at(turn_id))
            connection.execute(_turn.update().where(_turn.c.id == turn_id).values(**changes))
            connection.execute(_vote.delete().where(_vote.c.turn_id == turn_id))
            return own_turn(connection, user, turn_id)

    def close_turn(
        self, turn_id: str, state: TurnState, *, answer: Answer | None = None, message: str | None = None
    ) -> None:
        """Keep how a turn ended: with an answer, or with a `message` for the reader that says why there is none."""
        stored = json.dumps(answer_json(answer), ensure_ascii=False) if answer else None
        values = {"state": str(state), "answer": stored, "message": message, "finished_at": self._now()}
        with self._database.write() as connection:
            connection.execute(_turn.update().where(_turn.c.id == turn_id).values(**values))
        self._database.presence.let_go(_at(turn_id))

    def offer(self, turn_id: str, further: Further) -> None:
        """Keep what could be asked after a turn."""
        stored = {"questions": list(further.questions), "generation": further.generation}
        with self._database.write() as connection:
            connection.execute(_turn.update().where(_turn.c.id == turn_id).values(further=stored))

    def rename(self, user: str, conversation_id: str, title: str) -> Conversation:
        """Give a conversation another title. Raises InvalidQuestion when it is empty."""
        if not title.strip():
            raise InvalidQuestion("会话名称是空的，请输入名称。")
        return self._change(user, conversation_id, title=" ".join(title.split())[: TITLE_LENGTH * 2])

    def pin(self, user: str, conversation_id: str, pinned: bool) -> Conversation:
        """Put a conversation at the head of the list, or back in line."""
        return self._change(user, conversation_id, pinned=pinned)

    def delete(self, user: str, conversation_id: str) -> None:
        """Take a conversation out of the list; `restore` brings it back within a week."""
        self._change(user, conversation_id, deleted_at=self._now())

    def restore(self, user: str, conversation_id: str) -> Conversation:
        """Undo `delete`."""
        owned = (_conversation.c.id == conversation_id) & (_conversation.c.user == user)
        with self._database.write() as connection:
            connection.execute(_conversation.update().where(owned).values(deleted_at=None))
            return own_conversation(connection, user, conversation_id)

    def recover(self) -> int:
        """To be called when the program starts: mark answers that were cut off, and forget what was deleted a week ago.
        Returns the number of answers that were cut off."""
        with self._database.write() as connection:
            gone = _conversation.c.deleted_at < self._now() - KEPT_AFTER_DELETION
            connection.execute(_conversation.delete().where(gone))
        return self.mark_cut_off()

    def mark_cut_off(self) -> int:
        """Mark the answers whose process is no more; where one process serves, all that are not finished."""
        unfinished = sa.select(_turn.c.id).where(_turn.c.state == str(TurnState.ANSWERING))
        with self._database.read() as connection:
            answering, held = connection.execute(unfinished).scalars().all(), Held(connection)
        lost = [turn_id for turn_id in answering if _at(turn_id) not in held]
        if lost:
            cut = _turn.update().where(_turn.c.id.in_(lost), _turn.c.state == str(TurnState.ANSWERING))
            with self._database.write() as connection:
                connection.execute(cut.values(state=str(TurnState.INTERRUPTED), finished_at=self._now()))
        return len(lost)

    def _change(self, user: str, conversation_id: str, **values: object) -> Conversation:
        with self._database.write() as connection:
            before = own_conversation(connection, user, conversation_id)
            connection.execute(_of(conversation_id).values(**values))
            row = connection.execute(sa.select(_conversation).where(_conversation.c.id == before.id)).one()
            return to_conversation(row)


def _was_offered(question: str, before: Turn) -> bool:
    return before.further is not None and question in before.further.questions


def _at(turn_id: str) -> str:
    return f"turn {turn_id}"


def _of(conversation_id: str) -> sa.Update:
    return _conversation.update().where(_conversation.c.id == conversation_id)


def _mentions(word: str) -> sa.ColumnElement[bool]:
    said = json_value(_turn.c.answer, "$.text")
    in_turns = sa.select(_turn.c.id).where(
        _turn.c.conversation_id == _conversation.c.id,
        _turn.c.question.icontains(word, autoescape=True) | said.icontains(word, autoescape=True),
    )
    return _conversation.c.title.icontains(word, autoescape=True) | in_turns.exists()


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"
