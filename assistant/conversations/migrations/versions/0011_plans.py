"""Kept diagnoses, plans of study with their steps, and how far documents were read.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study_diagnosis",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("user", sa.String, nullable=False),
        sa.Column("answers", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_index("study_diagnosis_listing", "study_diagnosis", ["user", "created_at"])
    op.create_table(
        "study_plan",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("user", sa.String),
        sa.Column("class_id", sa.Integer),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_index("study_plan_of_reader", "study_plan", ["user", "created_at"])
    op.create_index("study_plan_of_class", "study_plan", ["class_id", "created_at"])
    op.create_table(
        "study_step",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("plan_id", sa.String, sa.ForeignKey("study_plan.id", ondelete="CASCADE"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("document_id", sa.Integer),
        sa.Column("due", sa.Date),
    )
    op.create_index("study_step_of_plan", "study_step", ["plan_id", "place"])
    op.create_table(
        "study_step_done",
        sa.Column("step_id", sa.String, sa.ForeignKey("study_step.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user", sa.String, primary_key=True),
        sa.Column("done_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "study_reading",
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
