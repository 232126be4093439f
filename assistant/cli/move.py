"""`xuesi move`: everything a database holds into PostgreSQL, and back into a data folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Protocol

import typer

from assistant.accounts.schema import metadata as accounts
from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from assistant.conversations.schema import metadata as conversations
from assistant.study.diagnosis.kept import diagnosis
from assistant.study.lessons import lesson_seen
from assistant.study.papers import kept_paper
from assistant.study.plans.tables import metadata as plans
from assistant.study.policies.tables import metadata as policies
from assistant.study.question_bank.tables import metadata as question_bank
from knowledge.cli.console import DataOption, JsonOption, bar, chinese_errors, print_json, say
from knowledge.errors import StorageBusy, StorageError
from knowledge.operations.moving import Moved, copy_files
from knowledge.operations.moving import move as move_rows
from knowledge.storage.database import FILE_NAME, Database
from knowledge.storage.database.replacement import MOVING
from knowledge.storage.schema import metadata as library

_LOCK = f"{MOVING}.lock"
SCHEMAS = (
    library,
    accounts,
    conversations,
    question_bank,
    policies,
    plans,
    diagnosis.metadata,
    lesson_seen.metadata,
    kept_paper.metadata,
)


class Provider(Protocol):
    """What `ctx.obj` must be able to give."""

    @property
    def database_url(self) -> str | None: ...

    @property
    def audit_key(self) -> Path | None: ...

    def data_folder(self, data: Path | None = None) -> Path: ...


@chinese_errors
def move(
    ctx: typer.Context,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="地址或文件夹", help="postgresql+psycopg://用户:密码@主机/库名，或一个新的文件夹。"
        ),
    ],
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """把数据库里的全部内容搬到 PostgreSQL，或从那里搬回一个新的数据文件夹；逐行核对，原来的不动。请先停止服务。

    从哪里搬：设置了 XUESI_DATABASE_URL 就是那个数据库，否则是数据文件夹里的。

    例：xuesi move --to postgresql+psycopg://xuesi:密码@db/xuesi
        XUESI_DATABASE_URL=postgresql+psycopg://… xuesi move --to 新数据
    """
    provider: Provider = ctx.obj
    folder = provider.data_folder(data)
    if "://" in to:
        moved = _carry(provider, folder, folder, to)
        after = "以后启动时请把 XUESI_DATABASE_URL 设为这个地址；原件、词表和密钥仍在数据文件夹里，请一起保留。"
    else:
        moved = _into_folder(provider, folder, Path(to))
        after = f"以后启动时请去掉 XUESI_DATABASE_URL，并把数据文件夹设为 {to}。"
    if as_json:
        print_json({"rows": dict(moved.rows), "total": moved.total})
    else:
        print(f"已搬 {len(moved.rows)} 张表、{moved.total} 行，逐行核对一致。")
        say(after)


def _into_folder(provider: Provider, folder: Path, target: Path) -> Moved:
    """Everything is made in a folder within `target` and put in its place when it is complete, the database last: until
    then nobody takes `target` for a library, and a move that was killed can be repeated."""
    try:
        if not target.exists():
            target.mkdir(parents=True)
        with _alone(target):
            if not _is_free(target):
                raise StorageError(f"“{target}”里已有东西，什么都没有搬；请换一个新的文件夹。")
            try:
                _empty(target)
                staging = target / MOVING
                staging.mkdir()
                moved = _carry(provider, folder, staging, None)
                for one in sorted(staging.iterdir(), key=lambda one: one.name == FILE_NAME):
                    one.rename(target / one.name)
                staging.rmdir()
            except BaseException:
                _empty(target)
                raise
    except OSError as error:
        raise StorageError(f"数据文件夹里的文件复制不到“{target}”：{error.strerror}；请检查磁盘空间和权限。") from error
    return moved


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """What another move that still runs has made must not be taken for what a killed one has left."""
    from filelock import FileLock, Timeout

    lock = FileLock(target / _LOCK, timeout=0, is_singleton=False)
    try:
        lock.acquire()
    except Timeout:
        raise StorageBusy(f"已有人在往“{target}”里搬，请等它完成。") from None
    try:
        yield
    finally:
        lock.release()
        (target / _LOCK).unlink(missing_ok=True)


def _is_free(target: Path) -> bool:
    """Whether there is nothing in `target`, or only what a move has left that was killed."""
    names = {one.name for one in target.iterdir()} - {_LOCK}
    return not names or (MOVING in names and FILE_NAME not in names)


def _empty(target: Path) -> None:
    """What says that a move is not complete goes last."""
    for one in sorted(target.iterdir(), key=lambda one: one.name == MOVING):
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        elif one.name != _LOCK:
            one.unlink(missing_ok=True)


def _carry(provider: Provider, folder: Path, target: Path, url: str | None) -> Moved:
    if url == provider.database_url:
        raise StorageError("要搬去的就是现在的数据库，什么都没有搬；请改正 --to 的地址。")
    for place, address in ((folder, provider.database_url), (target, url)):  # all tables there, and of this release
        Accounts.open(place, address, audit_key=provider.audit_key).close()
        Conversations.open(place, address).close()
    if target != folder:
        copy_files(folder, target)
    source, new = Database.open(folder, provider.database_url), Database.open(target, url)
    try:
        with bar("搬运") as advance:
            return move_rows(source, new, SCHEMAS, lambda done, total, _what: advance(done, total))
    finally:
        source.close()
        new.close()
