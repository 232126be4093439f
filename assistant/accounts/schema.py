"""The tables of accounts in `data/xuesi.db`, as the queries name them; Alembic (`migrations/`) makes them."""

from __future__ import annotations

import sqlalchemy as sa

from assistant.accounts.model import Role, User

metadata = sa.MetaData()

school_class = sa.Table(
    "school_class",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("notice", sa.Text, nullable=False, server_default=""),
)

account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("display_name", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("class_id", sa.ForeignKey("school_class.id")),
    sa.Column("password_hash", sa.String, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("must_change_password", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("last_login_at", sa.DateTime),
    sa.Column("department", sa.String),
    sa.Column("sso_subject", sa.String, unique=True),  # at the provider of single sign-on, with its name
)

api_key = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("key_hash", sa.String, nullable=False, unique=True),  # who reads the database cannot use it
    sa.Column("scopes", sa.String, nullable=False),  # with spaces between them
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("expires_at", sa.DateTime, nullable=False),
    sa.Column("used_at", sa.DateTime),
    sa.Column("revoked_at", sa.DateTime),
    sa.Column("per_minute", sa.Integer, nullable=False),  # requests that it may make
    sa.Column("spent_until", sa.DateTime),  # up to when its requests are used up: see `api_keys.admit`
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("token_hash", sa.String, primary_key=True),  # who reads the database cannot use it
    sa.Column("user_id", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
)

log_in_attempt = sa.Table(
    "log_in_attempt",
    metadata,
    sa.Column("name_hash", sa.String, primary_key=True),
    sa.Column("address", sa.String, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),  # wrong passwords in a row
    sa.Column("until", sa.DateTime),
    sa.Column("last_at", sa.DateTime, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.String, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
)

#: What administrators set in the browser: one JSON object a name. Secrets in it are encrypted (`secret_box`).
setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
)


def to_user(row: sa.Row[tuple[object, ...]]) -> User:
    """A row of `account` without what is secret in it."""
    values = {field: getattr(row, field) for field in User.__dataclass_fields__}
    return User(**{**values, "role": Role(row.role)})
