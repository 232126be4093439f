"""The assistant's tables in `data/xuesi.db`, as the queries name them; Alembic (`migrations/`) makes them."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String, primary_key=True),  # random, so that it cannot be guessed
    sa.Column("user", sa.String, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("updated_at", sa.DateTime, nullable=False),
    sa.Column("deleted_at", sa.DateTime),
)

turn = sa.Table(
    "turn",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("as_of", sa.Date),
    sa.Column("topic", sa.String),  # what the question was limited to
    sa.Column("title", sa.String),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("answer", sa.Text),  # contract.answer_json with its citations; `answer->'$.citations'` can be queried
    sa.Column("message", sa.String),
    sa.Column("asked_at", sa.DateTime, nullable=False),
    sa.Column("finished_at", sa.DateTime),
    sa.Column("further", sa.JSON),  # what could be asked next, with the generation of the library it was checked on
    sa.UniqueConstraint("conversation_id", "ordinal"),
)

#: 有用 or 没用, one per reader and turn. Follows its turn when that is deleted.
vote = sa.Table(
    "vote",
    metadata,
    sa.Column("turn_id", sa.ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("opinion", sa.String, nullable=False),
    sa.Column("reason", sa.String),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("voted_at", sa.DateTime, nullable=False),
)

#: 告诉教员: a refused question in the trainers' queue. It stays there when its reader deletes the conversation.
report = sa.Table(
    "report",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("turn_id", sa.ForeignKey("turn.id", ondelete="SET NULL"), unique=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("missing", sa.String),  # title of the document that the library lacks, where it is known
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("note", sa.Text, nullable=False),  # what the trainer says to the asker
    sa.Column("opened_at", sa.DateTime, nullable=False),
    sa.Column("closed_at", sa.DateTime),
    sqlite_autoincrement=True,
)

#: Questions that a trainer let everybody see on the first page, as `feedback.plain` writes them.
approved_question = sa.Table(
    "approved_question",
    metadata,
    sa.Column("question", sa.Text, primary_key=True),
    sa.Column("approved_at", sa.DateTime, nullable=False),
)

#: 教员审定: an answer made of quotes (JSON: document, version, address, text, start, end), used for questions like its own.
curated = sa.Table(
    "curated",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("lead", sa.Text, nullable=False),
    sa.Column("quotes", sa.Text, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
    sqlite_autoincrement=True,
)

curated_question = sa.Table(
    "curated_question",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("curated_id", sa.ForeignKey("curated.id", ondelete="CASCADE"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)

#: What trainers did about an item of a queue; an item without a row is open and nobody's. `subject` is what the queue
#: counts: a turn, a title of the register, a curated answer, a document and a date.
handling = sa.Table(
    "handling",
    metadata,
    sa.Column("queue", sa.String, primary_key=True),
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("assignee", sa.String, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
)

#: 分享: one answer that its reader lets others of the office see, under an id that nobody can guess. Taken back, it is gone.
share = sa.Table(
    "share",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("turn_id", sa.ForeignKey("turn.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

#: 笔记: a passage that a reader saved. No foreign keys to the library: the words outlive the document.
note = sa.Table(
    "note",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("document_id", sa.Integer, nullable=False),
    sa.Column("version_id", sa.Integer, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("address", sa.String, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("updated_at", sa.DateTime, nullable=False),
    sa.Column("deleted_at", sa.DateTime),
)

#: 研讨提纲: `headings` as `outlines.py` writes them.
study_outline = sa.Table(
    "study_outline",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("topic", sa.String, nullable=False),
    sa.Column("headings", sa.JSON, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("updated_at", sa.DateTime, nullable=False),
    sa.Column("deleted_at", sa.DateTime),
)
