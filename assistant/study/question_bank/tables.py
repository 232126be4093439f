"""Tables of the question bank, of self-tests and of reviews; `conversations/migrations` 0008 makes them."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

#: 题库. The source is kept in words and offsets without a foreign key: it must be told when the document goes.
item = sa.Table(
    "study_item",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("stem", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
    sa.Column("explanation", sa.Text, nullable=False),
    sa.Column("topic", sa.String, nullable=False),
    sa.Column("origin", sa.String, nullable=False),  # the file it came from, or 依据原文出题
    sa.Column("key", sa.String, nullable=False, unique=True),  # what makes two items the same one
    sa.Column("status", sa.String, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),  # why it waits for a trainer, "" for no reason of its own
    sa.Column("finding", sa.String, nullable=False),  # what the search for its source found
    sa.Column("document_id", sa.Integer),
    sa.Column("version_id", sa.Integer),
    sa.Column("title", sa.String),
    sa.Column("address", sa.String),
    sa.Column("quote", sa.Text),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
    sqlite_autoincrement=True,
)

#: 自测. `items` are ids in the order in which they are asked.
test = sa.Table(
    "study_test",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("mode", sa.String, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("items", sa.JSON, nullable=False),
    sa.Column("begun_at", sa.DateTime, nullable=False),
    sa.Column("finished_at", sa.DateTime),
)

#: What was answered in a test; `right` is None for what only the reader himself can judge and has not judged yet.
reply = sa.Table(
    "study_reply",
    metadata,
    sa.Column("test_id", sa.String, sa.ForeignKey("study_test.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("item_id", sa.Integer, primary_key=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("given", sa.JSON, nullable=False),
    sa.Column("right", sa.Boolean),
    sa.Column("replied_at", sa.DateTime, nullable=False),
)

#: 温习: a card of one reader, of an item or of a note. `state` is what fsrs keeps; `due` is copied out of it.
card = sa.Table(
    "study_card",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("item_id", sa.Integer),
    sa.Column("note_id", sa.String),
    sa.Column("state", sa.JSON, nullable=False),
    sa.Column("due", sa.DateTime, nullable=False),
    sa.Column("reviewed_at", sa.DateTime),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("user", "item_id"),
    sa.UniqueConstraint("user", "note_id"),
)

#: How many cards a reader wants on a day at most.
pace = sa.Table(
    "study_pace",
    metadata,
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("cards", sa.Integer, nullable=False),
)
