"""Answers that their readers have shared.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("turn_id", sa.String, sa.ForeignKey("turn.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("user", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
