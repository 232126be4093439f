"""Who an account is at the provider of single sign-on.

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
    op.add_column("account", sa.Column("sso_subject", sa.String))
    op.create_index("account_sso_subject", "account", ["sso_subject"], unique=True)
