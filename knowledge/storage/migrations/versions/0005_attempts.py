"""How often a job of the queue was begun, so that one which ends every process that takes it is not begun for ever.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("intake_job", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
