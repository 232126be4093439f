"""What administrators set in the browser, kept in `data/xuesi.db` with its row in the audit; secrets only encrypted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from assistant.accounts.audit import Audit
from assistant.accounts.schema import setting
from knowledge.storage.database import Database


class Settings:
    """One JSON object a name. Safe to share between threads."""

    def __init__(self, database: Database, log: Audit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = log
        self._now = now

    def get(self, name: str) -> dict[str, Any] | None:
        """What is set under `name`; None when nothing is."""
        with self._database.read() as connection:
            text = connection.execute(sa.select(setting.c.value).where(setting.c.name == name)).scalar()
        return dict(json.loads(text)) if text else None

    def put(self, actor: str, name: str, value: Mapping[str, Any] | None, action: str, **detail: object) -> None:
        """Set `name` to an object, or to nothing. `action` and `detail` go into the audit, and no secret with them."""
        with self._database.write() as connection:
            connection.execute(setting.delete().where(setting.c.name == name))
            if value is not None:
                text = json.dumps(dict(value), ensure_ascii=False)
                connection.execute(setting.insert().values(name=name, value=text, changed_at=self._now()))
            self._audit.note(connection, self._now(), actor, action, name, detail)
