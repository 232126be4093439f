"""The tables of the library in `data/xuesi.db` or PostgreSQL, as the queries name them; Alembic (`migrations/`) makes them.

One document is one edition of one text. Its newest version is `document.version_id`; older versions stay as history.
Nothing that was ever published is deleted: a removed document keeps its versions, so that old citations still open.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from knowledge.storage.database.half_vectors import STORED

metadata = MetaData()

#: Small facts about the whole library: `generation`, `validity_day`, `tokens`, `chroma`.
meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    # The card as readers see it: what the parser found, with the trainer's `overrides` on top.
    Column("title", String, nullable=False),
    Column("kind", String),
    Column("doc_no", String),
    Column("issuer", String),
    Column("edition", String),
    Column("issued_on", Date),
    Column("effective_on", Date),
    Column("repealed_on", Date),
    Column("valid_until", Date),  # the last day that counts
    Column("topic", String),
    Column("sureness", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("parsed", JSON, nullable=False),  # the parser's card of the newest version
    Column("overrides", JSON, nullable=False),  # field -> the trainer's value; outlives new versions
    Column("series", String, nullable=False, index=True),
    Column("validity", String, nullable=False),  # on the day `meta.validity_day`
    Column("status", String, nullable=False),
    Column("source", String, nullable=False, index=True),  # absolute path or address the newest version came from
    Column("file_name", String, nullable=False),
    Column("version_id", Integer),  # no foreign key: the two tables would point at each other
    Column("added_at", DateTime, nullable=False),
    Column("removed_at", DateTime),
    sqlite_autoincrement=True,
)

version = Table(
    "version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False, index=True),
    Column("sha256", String, nullable=False, index=True),  # of the original's bytes, its name in data/originals
    Column("text", Text, nullable=False),  # canonical
    Column("outline", JSON, nullable=False),
    Column("articles", Integer),
    Column("passages", Integer, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("source", String, nullable=False),
    Column("file_name", String, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("published_at", DateTime),  # when readers first saw it; never, for a draft that was replaced
    sqlite_autoincrement=True,
)

#: What a version declares repealed (`knowledge.metadata.repeals`), with the series of the repealed text.
repeal = Table(
    "repeal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("version.id"), nullable=False, index=True),
    Column("series", String, nullable=False, index=True),
    Column("title", String, nullable=False),
    Column("issued_on", Date),
    Column("year", String),
    Column("on", Date),  # the day of the repeal where the clause names one; else the first day of this version
    Column("clause", Text, nullable=False),
)

passage = Table(
    "passage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("version.id"), nullable=False),
    Column("document_id", ForeignKey("document.id"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("address", String, nullable=False),
    Column("context", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),  # length for BM25
    Column("text_hash", LargeBinary, nullable=False, index=True),  # of the embedded text
    Column("enabled", Boolean, nullable=False),
    Column("visible", Boolean, nullable=False),  # newest version of a published document, and enabled
    Column("current", Boolean, nullable=False),  # visible and in force
    Column("changed", Integer, nullable=False, index=True),  # generation of the last change of this row
    UniqueConstraint("version_id", "ordinal"),
    sqlite_autoincrement=True,
)

vector = Table(
    "vector",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model", String, nullable=False),
    Column("text_hash", LargeBinary, nullable=False),
    Column("data", STORED, nullable=False),  # little-endian float16, a unit vector
    UniqueConstraint("model", "text_hash"),
)

#: Index entries (a passage with the text it was embedded from) that Chroma has to look at again; PostgreSQL has none.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("passage_id", Integer, nullable=False),
    Column("text_hash", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

#: What trainers changed of how a document is cut (`knowledge.chunking.edits.Edit`), in the order in which they did.
cut_edit = Table(
    "cut_edit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("address", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    sqlite_autoincrement=True,
)

#: Files on their way in through the trainer's desk (`knowledge.operations.upload_queue`).
intake_job = Table(
    "intake_job",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch", String, nullable=False, index=True),  # what was brought in together
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),  # path below the folder that was dragged in, or web address
    Column("size", Integer, nullable=False),
    Column("actor", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("done", Integer, nullable=False),  # passages embedded
    Column("total", Integer, nullable=False),
    Column("outcome", String),  # of `knowledge.ingestion.ingest.Outcome`
    Column("document_id", Integer, index=True),
    Column("sha256", String),
    Column("message", String),  # why it failed
    Column("report", JSON),  # `knowledge.ingestion.report`
    Column("created_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),  # how often it was begun
    sqlite_autoincrement=True,
)

Index("document_listing", document.c.title, document.c.edition)
