"""What the commands of the desk share: the folder they work in, and the audit that they write to."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import typer

from assistant.cli.user import COMMAND_LINE, accounts_of
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curation.lists import Lists
from knowledge.knowledge_base import KnowledgeBase


class Provider(Protocol):
    """What `ctx.obj` must be able to give."""

    def data_folder(self, data: Path | None = None) -> Path: ...

    @property
    def database_url(self) -> str | None: ...

    @property
    def audit_key(self) -> Path | None: ...

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase: ...

    def lists(self, data: Path | None = None) -> Lists: ...

    def curated(self, data: Path | None = None) -> CuratedAnswers: ...


def note(ctx: typer.Context, data: Path | None, action: str, subject: str, **detail: object) -> None:
    """Put what a command did into the audit."""
    with accounts_of(ctx, data) as accounts:
        accounts.note(COMMAND_LINE, action, subject, **detail)
