"""What the commands of this package share: where they get the library, and how they report added files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import typer

from knowledge.cli.console import BAD_INPUT, FAILED, say
from knowledge.errors import StorageError
from knowledge.ingestion.ingest import Added
from knowledge.knowledge_base import KnowledgeBase
from knowledge.operations.exchange import Carried


class Provider(Protocol):
    """What `ctx.obj` offers these commands; app.py wires it."""

    @property
    def database_url(self) -> str | None: ...

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase: ...

    def data_folder(self, data: Path | None = None) -> Path: ...

    def carried(self, data: Path | None = None) -> Carried: ...


def library_of(ctx: typer.Context, data: Path | None) -> KnowledgeBase:
    provider: Provider = ctx.obj
    return provider.knowledge_base(data)


def folder_of(ctx: typer.Context, data: Path | None) -> Path:
    provider: Provider = ctx.obj
    return provider.data_folder(data)


def file_of(ctx: typer.Context, data: Path | None) -> Path:
    """The data folder, for what works on the file of its database. Raises StorageError when that is in PostgreSQL."""
    provider: Provider = ctx.obj
    if provider.database_url:
        raise StorageError(
            "数据库在 PostgreSQL 里，请用 pg_dump 备份并另存数据文件夹；也可以先 xuesi move --to 新文件夹，再备份那个文件夹。"
        )
    return provider.data_folder(data)


def carried_by(ctx: typer.Context, data: Path | None) -> Carried:
    """What an export takes along besides the documents."""
    provider: Provider = ctx.obj
    return provider.carried(data)


def outcomes(results: Sequence[Added]) -> dict[str, int]:
    """How many files were new, updated, unchanged, failed, skipped (of a folder or an archive)."""
    counts = Counter(added.status for added in results)
    return {
        "new": counts["new"],
        "updated": counts["updated"],
        "unchanged": counts["unchanged"],
        "failed": counts["failed"],
        "skipped": counts["skipped"],
    }


def summary(results: Sequence[Added]) -> str:
    counts = outcomes(results)
    skipped = f"，没有读入 {counts['skipped']}" if counts["skipped"] else ""
    return f"新增 {counts['new']}，更新 {counts['updated']}，没有变化 {counts['unchanged']}，失败 {counts['failed']}{skipped}。"


def end_with_failures(results: Sequence[Added]) -> None:
    """Say each failure on stderr; exit code 2 when nothing could be read, 1 when something could not. What a folder
    holds besides documents is no failure, unless it is all that was asked for."""
    failures = [added for added in results if added.error is not None]
    for added in failures:
        say(str(added.error))
    taken = [added for added in results if added.document_id is not None]
    if results and not failures and not taken:
        say("没有一个文件可以读入，原因见上面列出的各行。")
    if failures or (results and not taken):
        raise typer.Exit(FAILED if taken else BAD_INPUT)
