"""Until when a text counts by its own word, and from which day a repeal takes effect where the clause names it.

What earlier versions say of it is read when their file is read again (重新识别).

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
    op.add_column("document", sa.Column("valid_until", sa.Date))
    op.add_column("repeal", sa.Column("on", sa.Date))
