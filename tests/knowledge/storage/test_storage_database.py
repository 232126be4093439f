"""The database file: migrations, newer and damaged files, folders that cannot be used."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from small_library import open_library, regulation, write

from knowledge.errors import StorageError
from knowledge.storage.database import FILE_NAME, MIGRATIONS, Database, migrate
from knowledge.storage.database.sqlite import connect
from knowledge.storage.schema import metadata


def test_migrations_make_exactly_the_tables_that_the_queries_name(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    database = Database.open(tmp_path)

    def is_ours(thing: object, name: str | None, kind: str, *_: object) -> bool:
        return not (kind == "table" and str(name).startswith(("passage_", "sqlite_")))

    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "knowledge_version", "include_object": is_ours}
        )
        assert compare_metadata(context, metadata) == []
    database.close()


def test_opening_an_up_to_date_database_imports_no_alembic(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    code = (
        "import sys; from pathlib import Path; from knowledge.storage.database import Database\n"
        f"Database.open(Path({str(tmp_path)!r})); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.execute("UPDATE knowledge_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="更新版本"):
        Database.open(tmp_path)


def test_a_file_that_is_no_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all, but long enough to look like one" * 100)
    with pytest.raises(StorageError, match="损坏"):
        Database.open(tmp_path)


def test_a_folder_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(StorageError, match="data"):
        Database.open(tmp_path / "data")


def test_two_packages_keep_their_tables_in_one_file(tmp_path: Path) -> None:
    versions = tmp_path / "other" / "versions"
    versions.mkdir(parents=True)
    (versions / "0001_notes.py").write_text(
        'import sqlalchemy as sa\nfrom alembic import op\nrevision = "n1"\ndown_revision = None\n\n'
        'def upgrade() -> None:\n    op.create_table("note", sa.Column("id", sa.Integer, primary_key=True))\n'
    )
    database = Database.open(tmp_path)
    for _ in range(2):
        migrate(database.engine, tmp_path / "other", "notes_version")
    with database.read() as connection:
        names = set(sa.inspect(connection).get_table_names())
    assert {"note", "document", "notes_version", "knowledge_version"} <= names
    database.close()


def test_a_failed_migration_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    versions = tmp_path / "other" / "versions"
    versions.mkdir(parents=True)
    (versions / "0001_broken.py").write_text(
        'import sqlalchemy as sa\nfrom alembic import op\nrevision = "b1"\ndown_revision = None\n\n'
        'def upgrade() -> None:\n    op.create_table("note", sa.Column("id", sa.Integer, primary_key=True))\n'
        "    raise RuntimeError\n"
    )
    engine = connect(tmp_path / FILE_NAME, 30)
    with pytest.raises(RuntimeError):
        migrate(engine, tmp_path / "other", "notes_version")
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()


def test_an_error_inside_a_write_leaves_nothing_of_it(tmp_path: Path) -> None:
    database = Database.open(tmp_path)

    def fail_half_way() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('half', 'done')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meta WHERE key = 'half'").scalar() == 0
    database.close()


def test_revisions_are_numbered_and_say_their_number() -> None:
    for path in sorted((MIGRATIONS / "versions").glob("*.py")):
        assert f'revision = "{path.name[:4]}"' in path.read_text(encoding="utf-8")


def test_the_generation_follows_the_commits_of_others_and_no_file_is_made_for_it(tmp_path: Path) -> None:
    library, other = open_library(tmp_path / "data"), open_library(tmp_path / "data")
    before = library.generation
    assert library.documents() == []
    other.add([write(tmp_path, "a.md", regulation("阅览室管理办法", ["借书", "还书"]))], publish=True)
    assert library.generation > before
    assert [item.card.title for item in library.published()] == ["阅览室管理办法"]
    other.close()
    library.close()
    assert library.generation > before  # asked again after closing, it opens anew
    library.close()
    shutil.rmtree(tmp_path / "data")
    with pytest.raises(StorageError):
        library.database.generation()
    assert not (tmp_path / "data").exists()
