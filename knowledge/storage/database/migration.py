"""Brings tables to the newest revision that a folder of Alembic's scripts describes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from knowledge.errors import StorageError
from knowledge.storage.database.writes import ALONE

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

_REVISION = re.compile(r'^revision(?:: str)? = "(\w+)"', re.MULTILINE)


def migrate(engine: sa.Engine, script_location: Path, version_table: str) -> None:
    """Bring the tables that `script_location` (a folder with `versions/`) describes to its newest revision.

    Several packages keep their tables in one file, each with its own `version_table`. Alembic is imported only when
    there is something to do, because a cold start pays for it. Raises StorageError for a database of a newer release.
    """
    revisions = _revisions(script_location)
    with engine.connect() as connection:
        if _revision_of(connection, version_table) == revisions[-1]:
            return
    script = _read_scripts(script_location)  # takes half a second, in which nobody should wait for us
    with engine.execution_options(**ALONE).begin() as connection:
        found = _revision_of(connection, version_table)  # another process may have been faster
        if found is not None and found not in revisions:
            raise StorageError("数据文件夹由更新版本的学思写成，本版本读不了；请升级学思后再打开。")
        if found != revisions[-1]:
            _upgrade(connection, script, version_table)


def _revisions(script_location: Path) -> list[str]:
    """Revision ids, oldest first: the files are numbered."""
    found = []
    for path in sorted((script_location / "versions").glob("[0-9]*.py")):
        match = _REVISION.search(path.read_text(encoding="utf-8"))
        if match:
            found.append(match[1])
    return found


def _revision_of(connection: sa.Connection, version_table: str) -> str | None:
    if not sa.inspect(connection).has_table(version_table):
        return None
    row = connection.exec_driver_sql(f"SELECT version_num FROM {version_table}").first()
    return row[0] if row else None


def _read_scripts(script_location: Path) -> ScriptDirectory:
    import alembic.runtime.environment  # noqa: F401
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(script_location).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    for _ in script.walk_revisions():
        pass  # loads each
    return script


def _upgrade(connection: sa.Connection, script: ScriptDirectory, version_table: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, version_table=version_table)
        environment.run_migrations()
