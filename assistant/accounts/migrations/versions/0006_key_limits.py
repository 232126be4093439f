"""How many requests a minute each key may make.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_key", sa.Column("per_minute", sa.Integer, nullable=False, server_default="60"))
    op.add_column("api_key", sa.Column("spent_until", sa.DateTime))
