"""The question bank, self-tests and their replies, cards to review.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study_item",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("stem", sa.Text, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("finding", sa.String, nullable=False),
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
    op.create_index("study_item_status", "study_item", ["status", "document_id"])
    op.create_table(
        "study_test",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("user", sa.String, nullable=False),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("finished_at", sa.DateTime),
    )
    op.create_index("study_test_listing", "study_test", ["user", "begun_at"])
    op.create_table(
        "study_reply",
        sa.Column("test_id", sa.String, sa.ForeignKey("study_test.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("item_id", sa.Integer, primary_key=True),
        sa.Column("user", sa.String, nullable=False),
        sa.Column("given", sa.JSON, nullable=False),
        sa.Column("right", sa.Boolean),
        sa.Column("replied_at", sa.DateTime, nullable=False),
    )
    op.create_index("study_reply_of_reader", "study_reply", ["user", "item_id", "replied_at"])
    op.create_index("study_reply_to_item", "study_reply", ["item_id"])
    op.create_table(
        "study_card",
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
    op.create_index("study_card_due", "study_card", ["user", "due"])
    op.create_table(
        "study_pace",
        sa.Column("user", sa.String, primary_key=True),
        sa.Column("cards", sa.Integer, nullable=False),
    )
