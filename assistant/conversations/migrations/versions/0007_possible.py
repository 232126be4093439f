"""An index for the trainers' queue: turns that got possible answers only are found without reading every answer there is.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.storage.database.json_path import json_value

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    possible = json_value(sa.column("answer"), "$.mode") == sa.literal_column("'possible'")
    op.create_index("turn_possible", "turn", ["asked_at"], sqlite_where=possible, postgresql_where=possible)
