"""`xuesi mcp`: the library for programs that speak MCP, over standard input and output."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import typer

from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from assistant.curation.reloading import LiveAnswerer, ReadersAnswers
from knowledge.cli.console import DataOption, chinese_errors
from knowledge.knowledge_base import KnowledgeBase


class Wiring(Protocol):
    """What `ctx.obj` offers this command; app.py wires it."""

    @property
    def database_url(self) -> str | None: ...

    @property
    def audit_key(self) -> Path | None: ...

    @property
    def api_key(self) -> str: ...

    def data_folder(self, data: Path | None = None) -> Path: ...

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase: ...

    def live(self, data: Path | None = None) -> LiveAnswerer: ...


@chinese_errors
def mcp(ctx: typer.Context, data: DataOption = None) -> None:
    """MCP 服务：别的程序经标准输入输出来提问、检索、读条文、对照版本。

    有账号时要有密钥（环境变量 XUESI_API_KEY），它看不到的文件程序也看不到。
    例：XUESI_API_KEY=密钥 xuesi mcp --data ./data
    """
    from assistant.web.api.mcp_server import holder, server
    from assistant.web.api.programs import Programs
    from assistant.web.api.record import Record

    wiring: Wiring = ctx.obj
    accounts = Accounts.open(wiring.data_folder(data), wiring.database_url, audit_key=wiring.audit_key)
    conversations = Conversations.open(wiring.data_folder(data), wiring.database_url)
    try:
        answers = ReadersAnswers(wiring.live(data), wiring.knowledge_base(data), accounts.membership.groups_of)
        server(Programs(answers, Record(conversations)), holder(accounts, wiring.api_key)).run("stdio")
    finally:
        conversations.close()
        accounts.close()
