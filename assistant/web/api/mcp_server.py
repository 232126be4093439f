"""The MCP server: ask, search, read an article, compare editions, for programs that speak the Model Context Protocol."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Annotated, Any, Literal, ParamSpec

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from assistant.accounts.api_keys import SCOPE_NAMES, Scope, too_often
from assistant.accounts.store import Accounts
from assistant.conversations.answer_json import answer_json, hits_json
from assistant.errors import AssistantError
from assistant.web.api import shapes
from assistant.web.api.programs import Asked, Programs
from assistant.web.site import LOCAL_USER
from knowledge.errors import KnowledgeError

ABOUT = (
    "学思：从本单位文件库里找原文作答，每句话都有出处；库里没有答案就说没有。引用时请照抄 citations 里的 quote，"
    "并写明文件、版本、条号和时效；mode 为 possible 时只是可能相关，refuse 时没有答案，不要自己补。"
)

P = ParamSpec("P")
Title = Annotated[str, Field(description="文件的标题，或其中一部分")]
Edition = Annotated[str, Field(description="版本，一般是年份；不写则取现行版本")]


def server(programs: Programs, reader: Callable[[Scope], str]) -> MCPServer[Any]:
    """`reader` says at every call whom it is for. Raises AssistantError for who may not make it."""
    made: MCPServer[Any] = MCPServer("xuesi", title="学思", instructions=ABOUT, log_level="ERROR")

    @made.tool(title="提问")
    @_told
    def ask(
        question: Annotated[str, Field(description="一个问题，例如：公务员受警告处分，处分期多长？")],
        mode: Annotated[Literal["auto", "extract"], Field(description="extract 只要原文摘录")] = "auto",
    ) -> dict[str, Any]:
        """问文件里的规定，得到句句有出处的回答。"""
        return dict(answer_json(programs.answer(reader(Scope.ASK), Asked(question, mode=mode))))

    @made.tool(title="检索")
    @_told
    def search(
        query: Annotated[str, Field(description="检索词或问题")],
        k: Annotated[int, Field(ge=1, le=50, description="最多多少段")] = 10,
    ) -> dict[str, Any]:
        """检索条文片段，好的在前。"""
        return dict(hits_json(query, programs.search(reader(Scope.SEARCH), query, k)))

    @made.tool(title="读条文")
    @_told
    def read_article(
        title: Title,
        address: Annotated[str, Field(description="出处，如 第五十九条 或 第五十九条/第二款；不写则是全文")] = "",
        edition: Edition = "",
    ) -> dict[str, Any]:
        """读一部文件的一条、一款或全文，一字不改。"""
        who = reader(Scope.DOCUMENTS)
        return shapes.part(programs.read(who, programs.find(who, title, edition).id, address)).model_dump()

    @made.tool(title="对照版本")
    @_told
    def compare_editions(title: Title, old: Edition, new: Edition = "") -> dict[str, Any]:
        """同一文件的两个版本逐条对照，只列有改动的。"""
        who = reader(Scope.DOCUMENTS)
        one, other = (programs.find(who, title, edition) for edition in (old, new))
        return shapes.compared(*programs.compare(who, one.id, other.id)).model_dump()

    return made


def holder(accounts: Accounts, secret: str) -> Callable[[Scope], str]:
    """The reader behind the key `secret`, looked at anew at every call; where nobody has an account, whoever is here."""

    def reader(scope: Scope) -> str:
        if not accounts.exist():
            return LOCAL_USER
        held = accounts.whose_key(secret) if secret else None
        if held is None:
            raise AssistantError("没有密钥，或密钥已停用、过期；请在“我的密钥”里新建，写进环境变量 XUESI_API_KEY。")
        if scope not in held[1].scopes:
            raise AssistantError(f"这个密钥不能用来{SCOPE_NAMES[scope]}，请用另一个密钥。")
        if seconds := accounts.keys.admit(held[1].id):
            raise AssistantError(too_often(held[1], seconds))
        return held[0].id

    return reader


def _told(function: Callable[P, dict[str, Any]]) -> Callable[P, dict[str, Any]]:
    """`function` whose errors of ours reach the program as a sentence."""

    @functools.wraps(function)
    def called(*args: P.args, **named: P.kwargs) -> dict[str, Any]:
        try:
            return function(*args, **named)
        except (AssistantError, KnowledgeError) as error:
            raise ToolError(str(error)) from error

    return called
