"""Tables of plans and of reading; `conversations/migrations` 0011 makes them."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

#: Of one reader (`user`) or of a class (`class_id`).
plan = sa.Table(
    "study_plan",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user", sa.String),
    sa.Column("class_id", sa.Integer),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

step = sa.Table(
    "study_step",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("plan_id", sa.String, sa.ForeignKey("study_plan.id", ondelete="CASCADE"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("document_id", sa.Integer),
    sa.Column("due", sa.Date),
)

#: What a reader ticked off himself. Reading and tests have their own evidence and stand nowhere twice.
done = sa.Table(
    "study_step_done",
    metadata,
    sa.Column("step_id", sa.String, sa.ForeignKey("study_step.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("done_at", sa.DateTime, nullable=False),
)

#: How far a reader is in a document: numbers of provisions of the version, in its order.
reading = sa.Table(
    "study_reading",
    metadata,
    sa.Column("user", sa.String, primary_key=True),
    sa.Column("document_id", sa.Integer, primary_key=True),
    sa.Column("version_id", sa.Integer, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("read", sa.JSON, nullable=False),
    sa.Column("last", sa.Integer),
    sa.Column("begun_at", sa.DateTime, nullable=False),
    sa.Column("finished_at", sa.DateTime),
    sa.Column("changed_at", sa.DateTime, nullable=False),
)
