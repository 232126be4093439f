"""An index for the trainers' queue: turns that got possible answers only are found without reading every answer there is.

Revision ID: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX turn_possible ON turn (asked_at) WHERE json_extract(answer, '$.mode') = 'possible'")
