"""PostgreSQL from 15 with pgvector: the same tables for any number of processes on any number of machines."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DatabaseError

from knowledge.errors import StorageBusy, StorageError
from knowledge.storage.database.writes import BUSY, is_alone

NAME: Final = "postgresql"
#: Where our tables are: one of them is called as a type of pgvector is, and a table is a type too.
SCHEMA: Final = "xuesi"
#: What reads see: one commit, for all statements of a transaction.
READING: Final[dict[str, Any]] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

_OLDEST: Final = 150000
_WRITERS: Final = 0x5875657369  # the lock that a transaction takes which writes alone
_IDLE: Final = 300  # seconds after which a transaction that does nothing is ended, so that a hung process blocks nobody
_BUSY: Final = {"55P03", "40001", "40P01", "25P03"}
_NUL: Final = "22021"


def connect(url: str, patience: float) -> sa.Engine:
    """An engine on the database at `url`. Raises StorageError when it cannot be one."""
    settings = {
        "search_path": f"{SCHEMA},public",
        "timezone": "UTC",
        "jit": "off",  # our queries are short
        "lock_timeout": f"{max(1, round(patience * 1000))}ms",
        "idle_in_transaction_session_timeout": f"{_IDLE}s",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        place = sa.make_url(url)
        if place.get_backend_name() != NAME:
            raise ArgumentError(place.drivername)
        engine = sa.create_engine(
            place.set(drivername="postgresql+psycopg"),
            connect_args={"options": options, "connect_timeout": 10, "application_name": "xuesi"},
            pool_size=20,
            pool_pre_ping=True,
            hide_parameters=True,  # a log never holds what somebody asked
        )
    except ArgumentError as error:
        raise StorageError(
            "数据库地址要写成 postgresql+psycopg://用户:密码@主机/库名，请改正 XUESI_DATABASE_URL。"
        ) from error
    except ModuleNotFoundError as error:
        raise StorageError("连接 PostgreSQL 的程序库没有安装，请先运行 make postgres。") from error
    event.listen(engine, "begin", _begin)
    return engine


def check(connection: sa.Connection, name: str) -> None:
    """Raises StorageError for a server that is too old, or keeps texts otherwise than in UTF-8."""
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    if version < _OLDEST:
        raise StorageError(f"数据库“{name}”的 PostgreSQL 太旧，请用 15 或更新的版本。")
    if connection.exec_driver_sql("SHOW server_encoding").scalar_one() != "UTF8":
        raise StorageError(f"数据库“{name}”的编码不是 UTF8，请用 ENCODING 'UTF8' 另建一个。")


def is_prepared(connection: sa.Connection) -> bool:
    """Whether our tables have a place, and the types of pgvector are known."""
    found = sa.text("SELECT count(*) FROM pg_namespace, pg_extension WHERE nspname = :schema AND extname = 'vector'")
    return bool(connection.execute(found, {"schema": SCHEMA}).scalar_one())


def prepare(connection: sa.Connection) -> None:
    """Make what `is_prepared` asks for. Raises StorageError where pgvector is not installed."""
    known = sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
    if connection.execute(known).first() is None:
        raise StorageError("这个 PostgreSQL 没有 pgvector 扩展，请先在数据库服务器上安装 pgvector。")
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")


def explained(error: DatabaseError, name: str) -> StorageError:
    """What to tell of an error of PostgreSQL."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in _BUSY:
        return StorageBusy(BUSY)
    if error.connection_invalidated or not state or state[:2] in ("08", "57", "3D", "28"):
        return StorageError(f"数据库“{name}”连不上；请检查 PostgreSQL 是否在运行、地址和密码是否正确。")
    return StorageError(f"数据库“{name}”出了错（{state}）；请查看 PostgreSQL 的日志。")


def _begin(connection: sa.Connection) -> None:
    """One writer at a time, as in SQLite: what is derived is brought in line with what nobody else changes meanwhile."""
    if is_alone(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
