"""Wrong passwords are counted for each account and address, no longer for the account alone.

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
        "log_in_attempt",
        sa.Column("name_hash", sa.String, primary_key=True),
        sa.Column("address", sa.String, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("until", sa.DateTime),
        sa.Column("last_at", sa.DateTime, nullable=False),
    )
    for column in ("failures", "locked_until"):
        op.drop_column("account", column)
