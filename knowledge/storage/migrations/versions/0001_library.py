"""The library: documents, versions, passages, vectors, lexical index, outbox.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.storage.database.half_vectors import STORED

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("kind", sa.String),
        sa.Column("doc_no", sa.String),
        sa.Column("issuer", sa.String),
        sa.Column("edition", sa.String),
        sa.Column("issued_on", sa.Date),
        sa.Column("effective_on", sa.Date),
        sa.Column("repealed_on", sa.Date),
        sa.Column("topic", sa.String),
        sa.Column("sureness", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("parsed", sa.JSON, nullable=False),
        sa.Column("overrides", sa.JSON, nullable=False),
        sa.Column("series", sa.String, nullable=False, index=True),
        sa.Column("validity", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False, index=True),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("version_id", sa.Integer),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.Column("removed_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("document_listing", "document", ["title", "edition"])
    op.create_table(
        "version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id"), nullable=False, index=True),
        sa.Column("sha256", sa.String, nullable=False, index=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outline", sa.JSON, nullable=False),
        sa.Column("articles", sa.Integer),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "repeal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("version.id"), nullable=False, index=True),
        sa.Column("series", sa.String, nullable=False, index=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("issued_on", sa.Date),
        sa.Column("year", sa.String),
        sa.Column("clause", sa.Text, nullable=False),
    )
    op.create_table(
        "passage",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("version.id"), nullable=False),
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id"), nullable=False, index=True),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("context", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("tokens", sa.Integer, nullable=False),
        sa.Column("text_hash", sa.LargeBinary, nullable=False, index=True),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("visible", sa.Boolean, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False, index=True),
        sa.UniqueConstraint("version_id", "ordinal"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "vector",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("text_hash", sa.LargeBinary, nullable=False),
        sa.Column("data", STORED, nullable=False),
        sa.UniqueConstraint("model", "text_hash"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("passage_id", sa.Integer, nullable=False),
        sa.Column("text_hash", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO meta (key, value) VALUES ('generation', '0')")
    if op.get_bind().dialect.name == "postgresql":
        return
    # Our tokens hold no spaces; the tokenizer must not cut them further at `-`, `.`, `/`, `%` or `_`.
    op.execute("CREATE VIRTUAL TABLE passage_fts USING fts5(tokens, content='', tokenize=\"ascii tokenchars '-._/%'\")")
    op.execute("CREATE VIRTUAL TABLE passage_terms USING fts5vocab('passage_fts', 'instance')")
