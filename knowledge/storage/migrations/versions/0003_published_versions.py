"""When each version was first before readers: what never was stays closed to them.

Of earlier data this much is certain: the text of what is published now, and every text that an answer has quoted.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NOW = "UPDATE version SET published_at = created_at WHERE id IN (SELECT version_id FROM document WHERE status = 'published')"
_QUOTED = """
UPDATE version SET published_at = created_at WHERE published_at IS NULL AND id IN (
    SELECT json_extract(cited.value, '$.version_id') FROM turn, json_each(turn.answer, '$.citations') AS cited
    WHERE turn.answer IS NOT NULL
)
"""  # SQLite's: no database of PostgreSQL is as old as this


def upgrade() -> None:
    op.add_column("version", sa.Column("published_at", sa.DateTime))
    op.execute(_NOW)
    # The answers are in the assistant's tables of the same file, where there are any.
    if op.get_bind().dialect.name == "sqlite" and "turn" in sa.inspect(op.get_bind()).get_table_names():
        op.execute(_QUOTED)
