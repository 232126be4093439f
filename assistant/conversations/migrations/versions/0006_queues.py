"""Indexes for the trainers' queues: refused turns and votes are found without reading every answer there is.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.storage.database.json_path import json_value

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    refused = json_value(sa.column("answer"), "$.refusal.code").is_not(None)
    op.create_index("turn_refused", "turn", ["asked_at"], sqlite_where=refused, postgresql_where=refused)
    op.create_index("vote_listing", "vote", ["opinion", "voted_at"])
