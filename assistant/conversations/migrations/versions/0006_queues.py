"""Indexes for the trainers' queues: refused turns and votes are found without reading every answer there is.

Revision ID: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX turn_refused ON turn (asked_at) WHERE json_extract(answer, '$.refusal.code') IS NOT NULL")
    op.create_index("vote_listing", "vote", ["opinion", "voted_at"])
