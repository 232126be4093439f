"""Carries everything that a database holds into another, empty one: SQLite to PostgreSQL and back, losing nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from knowledge.errors import StorageError
from knowledge.index.chroma import FOLDER as CHROMA
from knowledge.index.chroma import LOCK
from knowledge.storage import fulltext
from knowledge.storage.database import FILE_NAME, Database
from knowledge.storage.database.facts import POINTER
from knowledge.storage.schema import meta, outbox, passage

#: Made anew from the rest, or of the migrations; in SQLite also the tables of FTS5 and its own.
_DERIVED: Final = ("passage_fts", "passage_terms", "sqlite_")
_VERSIONS: Final = "_version"
_LEFT: Final = (FILE_NAME, "generated.db", CHROMA, LOCK)
_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """What was carried: rows by table."""

    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def move(
    source: Database,
    target: Database,
    schemas: Sequence[sa.MetaData],
    on_step: Callable[[int, int, str], None] = lambda done, total, what: None,
) -> Moved:
    """Copy the tables of `schemas` in one transaction and compare each in both databases, row by row. Nobody writes into
    the source meanwhile.

    Raises StorageError when the target holds anything, when the source has a table that `schemas` does not name, and when
    a table does not come out as it was; then nothing stays in the target.
    """
    tables = [table for schema in schemas for table in schema.sorted_tables if table is not outbox]
    with source.write() as old, target.write() as new:
        _check_all_known(old, {table.name for table in tables} | {outbox.name})
        for table in tables:
            if table is not meta and new.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                raise StorageError(f"目标数据库“{target.name}”里已有数据（{table.name}），什么都没有搬；请换一个空的。")
        new.execute(meta.delete())
        rows: dict[str, int] = {}
        for done, table in enumerate(tables):
            on_step(done, len(tables), table.name)
            rows[table.name], carried = _copy(old, new, table)
            if _told(new, table) != (rows[table.name], carried):
                raise StorageError(f"表 {table.name} 搬过去后与原来不同，什么都没有搬；请联系维护人员。")
        fulltext.add_rows(new, fulltext.expected_texts(new))
        if not target.is_file:
            _count_on(new, tables)
    return Moved(rows)


def copy_files(source: Path, target: Path) -> None:
    """What a data folder holds besides its database: originals, word lists, keys. Raises OSError."""
    for one in source.iterdir():
        if one.name.startswith(_LEFT):
            continue
        if one.is_dir():
            shutil.copytree(one, target / one.name, dirs_exist_ok=True)
        else:
            shutil.copy2(one, target / one.name)


def _check_all_known(connection: sa.Connection, known: set[str]) -> None:
    there = sa.inspect(connection).get_table_names()
    unknown = [
        name for name in there if name not in known and not name.startswith(_DERIVED) and not name.endswith(_VERSIONS)
    ]
    if unknown:
        raise StorageError(f"原数据库里有不认识的表（{'、'.join(unknown)}），什么都没有搬；请升级学思后再试。")


def _copy(old: sa.Connection, new: sa.Connection, table: sa.Table) -> tuple[int, int]:
    """Copies the rows; returns how many there were, and what they were like."""
    count, sum_of_rows = 0, 0
    insert = table.insert().values({column.name: _bound(new, column) for column in table.c})
    for rows in _read(old, table):
        new.execute(insert, [{f"new_{name}": value for name, value in row._mapping.items()} for row in rows])
        count += len(rows)
        sum_of_rows += sum(map(_likeness, rows))
    return count, sum_of_rows


def _told(connection: sa.Connection, table: sa.Table) -> tuple[int, int]:
    count, sum_of_rows = 0, 0
    for rows in _read(connection, table):
        count += len(rows)
        sum_of_rows += sum(map(_likeness, rows))
    return count, sum_of_rows


def _bound(connection: sa.Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A value to insert; JSON as the text that it is, in which nothing and `null` differ."""
    if not isinstance(column.type, sa.JSON):
        return sa.bindparam(f"new_{column.name}", type_=column.type)
    text = sa.bindparam(f"new_{column.name}", type_=sa.Text)
    return sa.cast(text, sa.JSON) if connection.dialect.name == "postgresql" else text


def _read(connection: sa.Connection, table: sa.Table) -> Any:
    columns = [sa.cast(one, sa.Text).label(one.name) if isinstance(one.type, sa.JSON) else one for one in table.c]
    query = sa.select(*columns)
    if table is meta:
        query = query.where(meta.c.key != POINTER)  # where Chroma's index is; there is none yet
    return connection.execute(query.execution_options(yield_per=_ROWS)).partitions()


def _likeness(row: sa.Row[Any]) -> int:
    """A number of 256 bits that differs when a value or its type does; sums of them do not depend on the order."""
    return int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest(), "big")


def _count_on(connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
    """Let the numbers that PostgreSQL gives begin after those that are taken."""
    for table in tables:
        column = table.autoincrement_column
        if column is not None and table is not passage:
            last = sa.select(sa.func.max(column)).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(sa.select(sa.func.setval(sequence, last)).where(last.is_not(None)))
