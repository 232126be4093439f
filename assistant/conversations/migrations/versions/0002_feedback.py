"""Votes on answers, reports of what the library lacks, and questions that trainers let everybody see.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vote",
        sa.Column("turn_id", sa.String, sa.ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user", sa.String, primary_key=True),
        sa.Column("opinion", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("voted_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("turn_id", sa.String, sa.ForeignKey("turn.id", ondelete="SET NULL"), unique=True),
        sa.Column("user", sa.String, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("missing", sa.String),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("closed_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("report_listing", "report", ["state", "opened_at"])
    op.create_table(
        "approved_question",
        sa.Column("question", sa.Text, primary_key=True),
        sa.Column("approved_at", sa.DateTime, nullable=False),
    )
