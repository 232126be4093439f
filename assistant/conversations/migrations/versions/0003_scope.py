"""The 范围 of a question, and what could be asked next.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turn", sa.Column("topic", sa.String))
    op.add_column("turn", sa.Column("title", sa.String))
    op.add_column("turn", sa.Column("further", sa.JSON))
