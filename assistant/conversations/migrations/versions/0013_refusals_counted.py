"""An index from which refused questions are counted without reading what was answered.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.storage.database.json_path import json_value

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = json_value(sa.column("answer"), "$.refusal.code")
    refused = code.is_not(None)
    op.create_index("turn_refusal", "turn", [code], sqlite_where=refused, postgresql_where=refused)
