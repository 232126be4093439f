"""Tables of policies: what a trainer confirmed, and the walks that a reader kept; `conversations/migrations` 0009 makes them."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

#: A trainer's word on the card of one document; `parts` holds, by field, the words he put in place of what was read.
review = sa.Table(
    "policy_review",
    metadata,
    sa.Column("document_id", sa.Integer, primary_key=True),
    sa.Column("version_id", sa.Integer, nullable=False),  # the text he has seen; a newer one waits for him again
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
)

#: 对照条件 as a reader asked to keep it; nobody else sees it.
walk = sa.Table(
    "policy_walk",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("document_id", sa.Integer, nullable=False),
    sa.Column("version_id", sa.Integer, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("replies", sa.String, nullable=False),  # a letter for each step
    sa.Column("created_at", sa.DateTime, nullable=False),
)
