"""`xuesi worker`: reads the files that are brought in, in a process of its own, until it is stopped."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import typer

from knowledge.cli.console import DataOption, chinese_errors, say

if TYPE_CHECKING:
    from assistant.web.admin.documents.parts import Rules
    from knowledge.knowledge_base import KnowledgeBase
    from knowledge.operations.exchange import Carried


class Wiring(Protocol):
    """What `ctx.obj` offers this command; app.py wires it."""

    @property
    def rules(self) -> Rules: ...

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase: ...

    def carried(self, data: Path | None = None) -> Carried: ...


@chinese_errors
def worker(ctx: typer.Context, data: DataOption = None) -> None:
    """处理导入的文件，直到被停止；网页服务用 xuesi serve --no-intake 启动，读大文件就不会让提问变慢。

    几个可以同时运行：用 PostgreSQL 时一起处理；没有 PostgreSQL 时一个处理，其余的等着接替。中途被终止的任务由下一个重新处理。
    例：xuesi worker --data ./data
    """
    from knowledge.operations.upload_worker import Intake

    wiring: Wiring = ctx.obj
    intake = Intake(wiring.knowledge_base(data), hosts=wiring.rules.hosts, carried=wiring.carried(data))
    ended = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: ended.set())
    intake.start(receives=False)
    say("正在处理导入的文件（按 Ctrl+C 结束）")
    ended.wait()
    intake.close()
