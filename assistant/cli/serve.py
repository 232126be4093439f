"""`xuesi serve`: opens what the pages work with, fills a new library, and serves until it is stopped."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from knowledge.cli.console import DataOption, chinese_errors, say
from knowledge.cli.starter import fill_when_new

if TYPE_CHECKING:
    from fastapi import APIRouter

    from assistant.answering.sentence_similarity import Sentences
    from assistant.curated_answers.answers import CuratedAnswers
    from assistant.curation.lists import Lists
    from assistant.curation.reloading import LiveAnswerer
    from assistant.generation.chosen import ChosenModel
    from assistant.generation.quota import Allowance
    from assistant.verification.checker import Policy
    from assistant.web.admin.documents.parts import Rules
    from assistant.web.pages import Pages
    from assistant.web.security.oidc import Provider
    from knowledge.knowledge_base import KnowledgeBase
    from knowledge.operations.exchange import Carried
    from knowledge.retrieval.situation_index import SituationIndex

#: Read by Gradio when it is imported. It asks no other host, and keeps no statistics, which it would work out anew at
#: every event.
GRADIO = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}


class Wiring(Protocol):
    """What `ctx.obj` offers this command; app.py wires it."""

    @property
    def database_url(self) -> str | None: ...

    @property
    def sentences(self) -> Sentences: ...

    @property
    def metrics_token(self) -> str: ...

    @property
    def audit_key(self) -> Path | None: ...

    @property
    def allowance(self) -> Allowance: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def rules(self) -> Rules: ...

    @property
    def provider(self) -> Provider | None: ...

    def chosen(self, accounts: Accounts, data: Path | None = None) -> ChosenModel: ...

    def data_folder(self, data: Path | None = None) -> Path: ...

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase: ...

    def situations(self, data: Path | None = None) -> SituationIndex: ...

    def live(self, data: Path | None = None) -> LiveAnswerer: ...

    def lists(self, data: Path | None = None) -> Lists: ...

    def curated(self, data: Path | None = None) -> CuratedAnswers: ...

    def carried(self, data: Path | None = None) -> Carried: ...

    def further_pages(
        self, accounts: Accounts, live: LiveAnswerer, data: Path | None = None
    ) -> Mapping[str, tuple[str, Callable[[Pages], APIRouter]]]: ...


@chinese_errors
def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="监听地址；没有管理员时只能是本机。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口。", min=1, max=65535)] = 7860,
    tls_cert: Annotated[Path | None, typer.Option(help="证书（PEM），给出后用 https。", metavar="文件")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="证书的私钥（PEM，没有密码）。", metavar="文件")] = None,
    forwarded_allow_ips: Annotated[
        str, typer.Option(help="前面的代理的地址，用逗号隔开；只听信它说的来访地址和 https。", metavar="地址")
    ] = "",
    json_log: Annotated[
        bool, typer.Option("--json-log", help="每个请求、每个错误在标准错误里写一行 JSON，不含问题的文字。")
    ] = False,
    intake: Annotated[
        bool, typer.Option("--intake/--no-intake", help="是否也处理导入的文件；不处理时另外运行 xuesi worker。")
    ] = True,
    data: DataOption = None,
) -> None:
    """打开网页：在浏览器里提问、看原文。文件库是空的就先装入自带的学习导读。

    例：xuesi serve --port 8000
        xuesi serve --host 0.0.0.0 --port 443 --tls-cert 证书.pem --tls-key 私钥.pem
        xuesi serve --forwarded-allow-ips 127.0.0.1
    """
    from assistant.web.serving import CannotServe, Entrance
    from assistant.web.serving import serve as serve_until_stopped
    from knowledge.operations.backup import clear_leftovers

    wiring: Wiring = ctx.obj
    folder = wiring.data_folder(data)
    clear_leftovers(folder)
    accounts = Accounts.open(folder, wiring.database_url, audit_key=wiring.audit_key)
    entrance = Entrance(host, port, tls_cert, tls_key, forwarded_allow_ips)
    try:
        entrance.check(accounts.administered())
    except CannotServe:
        accounts.close()
        raise
    knowledge_base = wiring.knowledge_base(data)
    fill_when_new(knowledge_base)

    os.environ |= GRADIO
    from assistant.answering.sentences_ahead import SentencesAhead
    from assistant.curation.reloading import ReadersAnswers
    from assistant.web import build
    from assistant.web.about import LanguageModel
    from assistant.web.admin.model import Writing
    from assistant.web.admin.questions.workbench import Questions
    from assistant.web.api.programs import Programs
    from assistant.web.api.record import Record
    from assistant.web.operating.metrics import Metrics

    conversations = Conversations.open(folder, wiring.database_url)
    say("正在准备编码模型和索引……")
    knowledge_base.indexes.keep()
    knowledge_base.indexes.warm()
    say("正在准备日常情形……")
    wiring.situations(data).ready()
    chosen = wiring.chosen(accounts, data)
    if chosen.endpoint:
        threading.Thread(target=chosen.endpoint.warm, daemon=True).start()
    say("正在准备网页……")
    live = wiring.live(data)
    metrics = Metrics()
    answers = ReadersAnswers(live, knowledge_base, accounts.membership.groups_of)

    def model() -> LanguageModel | None:
        used = chosen.endpoint.settings if chosen.endpoint else None
        return LanguageModel(used.model, used.provider, used.filing_number) if used else None

    web = build(
        answerer=answers,
        programs=Programs(answers, Record(conversations), told=metrics.answered),
        provider=wiring.provider,
        knowledge_base=knowledge_base,
        conversations=conversations,
        originals=folder / "originals",
        accounts=accounts,
        model=model,
        writing=Writing(chosen, wiring.allowance, wiring.policy),
        hosts=entrance.hosts,
        further=wiring.further_pages(accounts, live, data),
        rules=wiring.rules,
        carried=wiring.carried(data),
        questions=Questions(live, wiring.lists(data), wiring.curated(data)),
        situations=wiring.situations(data),
        metrics=metrics,
        metrics_token=wiring.metrics_token,
        intake_works=intake,
    )
    ahead = SentencesAhead(knowledge_base, wiring.sentences)
    ahead.start()
    say(f"学思已打开：{entrance.address}  （按 Ctrl+C 结束）")
    try:
        serve_until_stopped(web, entrance, metrics, json_log=json_log)
    finally:
        ahead.close()
        conversations.close()
        accounts.close()
