"""Curated answers with their questions, and what trainers did about the items of their queues.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "curated",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lead", sa.Text, nullable=False),
        sa.Column("quotes", sa.Text, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "curated_question",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("curated_id", sa.Integer, sa.ForeignKey("curated.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_index("curated_questions", "curated_question", ["curated_id"])
    op.create_table(
        "handling",
        sa.Column("queue", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("assignee", sa.String, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
    )
