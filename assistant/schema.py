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
    sa.Column("state", sa.String, nullable=False),
    sa.Column("answer", sa.Text),  # contract.answer_json with its citations; `answer->'$.citations'` can be queried
    sa.Column("message", sa.String),
    sa.Column("asked_at", sa.DateTime, nullable=False),
    sa.Column("finished_at", sa.DateTime),
    sa.UniqueConstraint("conversation_id", "ordinal"),
)
