"""What the commands of this package share: where they get the library, and how they report added files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import typer

from knowledge.cli.console import BAD_INPUT, FAILED, say
from knowledge.ingestion.ingest import Added
from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.exchange import Carried


class Provider(Protocol):
    """What `ctx.obj` offers these commands; app.py wires it."""

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase: ...

    def data_folder(self, data: Path | None = None) -> Path: ...

    def carried(self, data: Path | None = None) -> Carried: ...


def library_of(ctx: typer.Context, data: Path | None) -> KnowledgeBase:
    provider: Provider = ctx.obj
    return provider.knowledge_base(data)


def folder_of(ctx: typer.Context, data: Path | None) -> Path:
    provider: Provider = ctx.obj
    return provider.data_folder(data)


def carried_by(ctx: typer.Context, data: Path | None) -> Carried:
    """What an export takes along besides the documents."""
    provider: Provider = ctx.obj
    return provider.carried(data)


def outcomes(results: Sequence[Added]) -> dict[str, int]:
    """How many files were new, updated, unchanged, failed."""
    counts = Counter(added.status for added in results)
    return {
        "new": counts["new"],
        "updated": counts["updated"],
        "unchanged": counts["unchanged"],
        "failed": counts["failed"],
    }


def summary(results: Sequence[Added]) -> str:
    counts = outcomes(results)
    return f"新增 {counts['new']}，更新 {counts['updated']}，没有变化 {counts['unchanged']}，失败 {counts['failed']}。"


def end_with_failures(results: Sequence[Added]) -> None:
    """Say each failure on stderr; exit code 2 when nothing could be read, 1 when something could not."""
    failures = [added for added in results if added.error is not None]
    for added in failures:
        say(str(added.error))
    if failures:
        raise typer.Exit(BAD_INPUT if len(failures) == len(results) else FAILED)
