"""The composition root: reads settings, wires the packages together, and is the `xuesi` command."""

from __future__ import annotations

import os
import sys
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.accounts.store import Accounts
from assistant.answerer import Answerer
from assistant.answering.sentence_similarity import Sentences
from assistant.cli import ask as asking
from assistant.cli.curated import app as curated_commands
from assistant.cli.llm import app as model_commands
from assistant.cli.queue import app as queue_commands
from assistant.cli.user import app as user_commands
from assistant.cli.user import audit_app as audit_commands
from assistant.cli.words import app as list_commands
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curated_answers.matching import Reviewed
from assistant.curation import exchange
from assistant.curation.lists import Lists
from assistant.curation.reloading import LiveAnswerer
from assistant.generation.cache import Cache
from assistant.generation.quota import Allowance
from eval.cli.close import close
from eval.cli.commands import app as eval_commands
from eval.cli.learn import learn
from knowledge.cli import transfer
from knowledge.cli.console import DataOption, bar, chinese_errors, run, say
from knowledge.cli.documents import app as kb_commands
from knowledge.cli.situations import app as situation_commands
from knowledge.embeddings import Encoder, open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.operations.exchange import Carried
from knowledge.retrieval.own_situations import OwnSituations
from knowledge.retrieval.situation_index import SituationIndex

if TYPE_CHECKING:
    from assistant.generation.chat_openai import EndpointSettings
    from assistant.generation.endpoint import Endpoint
    from assistant.generation.writer import Writer
    from assistant.verification.checker import Policy

STARTER_LIBRARY = Path(__file__).with_name("knowledge") / "library"
#: Read by Gradio when it is imported. It asks no other host, and keeps no statistics, which it would work out anew at
#: every event.
GRADIO = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}


class Settings(BaseSettings):
    """What the environment may set; each name is read as XUESI_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="XUESI_", extra="ignore")

    data: Path = Path("data")
    encoder: str = "builtin"
    eval_runs: Path = Path("eval-runs")  # where the desk looks for runs of `xuesi eval run`
    llm_base_url: str = ""  # without it no language model is used
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(default=60.0, gt=0)
    llm_first_token: float = Field(default=30.0, gt=0)
    llm_between_tokens: float = Field(default=15.0, gt=0)
    llm_max_concurrency: int = Field(default=2, ge=1)
    llm_max_tokens: int = Field(default=1000, ge=50)
    llm_sources: int = Field(default=2400, ge=300, le=20000)  # characters of the library that go with a question
    llm_figures: Literal["remove", "mark"] = (
        "remove"  # a sentence whose number, date or article differs from its source
    )
    llm_otherwise: Literal["remove", "mark"] = "mark"  # any other sentence that its sources do not bear out
    llm_thinking: bool | None = None
    llm_provider: str = ""
    llm_filing_number: str = ""
    llm_per_reader: int = Field(default=60, ge=0)  # questions in any hour that go to the model; 0 for no limit
    llm_altogether: int = Field(default=600, ge=0)
    audit_key: Path | None = None  # the file with the key of the audit, best where who writes the database cannot
    second_person: bool = False  # who brings a text in may not publish it
    upload_mb: int = Field(default=50, ge=1, le=100)
    web_hosts: str = "gov.cn,12371.cn,news.cn,people.com.cn"  # from which administrators may add pages


class Wiring:
    """Builds each part once, when it is first asked for. The commands find it as `ctx.obj`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open: dict[Path, KnowledgeBase] = {}
        self._lists: dict[Path, Lists] = {}
        self._curated: dict[Path, CuratedAnswers] = {}
        self._situations: dict[Path, SituationIndex] = {}

    @cached_property
    def register(self) -> Register:
        return Register.load()

    @cached_property
    def encoder(self) -> Encoder:
        return open_encoder(self.settings.encoder)

    @cached_property
    def sentences(self) -> Sentences:
        """The vectors of sentences and questions met before, whichever answerer met them."""
        return Sentences(lambda: self.encoder)

    def data_folder(self, data: Path | None = None) -> Path:
        return data or self.settings.data

    @property
    def audit_key(self) -> Path | None:
        """Where the key of the audit is; None for beside the database."""
        return self.settings.audit_key

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase:
        folder = self.data_folder(data)
        if folder not in self._open:
            self._open[folder] = KnowledgeBase.open(folder, lambda: self.encoder, register=self.register)
        return self._open[folder]

    @cached_property
    def endpoint_settings(self) -> EndpointSettings | None:
        """Where the language model is; None when none is configured. Raises WrongEndpoint."""
        if not self.settings.llm_base_url:
            return None
        from assistant.generation.chat_openai import EndpointSettings

        settings = self.settings
        return EndpointSettings(
            base_url=settings.llm_base_url,
            model=settings.llm_model,
            api_key=settings.llm_api_key.get_secret_value(),
            timeout=settings.llm_timeout,
            first_token=settings.llm_first_token,
            between_tokens=settings.llm_between_tokens,
            max_concurrency=settings.llm_max_concurrency,
            max_tokens=settings.llm_max_tokens,
            thinking=settings.llm_thinking,
            provider=settings.llm_provider,
            filing_number=settings.llm_filing_number,
        )

    @cached_property
    def endpoint(self) -> Endpoint | None:
        if self.endpoint_settings is None:
            return None
        from assistant.generation.endpoint import Endpoint

        return Endpoint(self.endpoint_settings)

    @cached_property
    def allowance(self) -> Allowance:
        return Allowance(self.settings.llm_per_reader, self.settings.llm_altogether)

    @property
    def writer(self) -> Writer | None:
        """The writer of the default data folder; None when no language model is configured."""
        return self.writer_for()

    def writer_for(self, data: Path | None = None) -> Writer | None:
        """What has answers written by the language model; None when none is configured."""
        if self.endpoint is None:
            return None
        from assistant.generation.writer import Writer

        return Writer(
            self.endpoint,
            self.policy,
            allowance=self.allowance,
            cache=Cache(self.data_folder(data)),
            budget=self.settings.llm_sources,
            formulations=lambda: self.lists(data).formulations,
        )

    @property
    def policy(self) -> Policy:
        """What becomes of sentences that their sources do not bear out."""
        from assistant.verification.checker import Policy, Support

        treatments = {"remove": Support.REMOVED, "mark": Support.UNFOUND}
        return Policy(treatments[self.settings.llm_figures], treatments[self.settings.llm_otherwise])

    def answerer(self, data: Path | None = None) -> Answerer:
        kb, lists = self.knowledge_base(data), self.lists(data)
        return Answerer(
            kb,
            self.register,
            lists.lexicon,
            writer=self.writer_for(data),
            blocked=lists.blocked,
            reviewed=Reviewed(self.curated(data), kb, lambda: lists.formulations),
            sentences=self.sentences,
            situations=self.situations(data),
        )

    def situations(self, data: Path | None = None) -> SituationIndex:
        """How people put what the documents of the library say."""
        folder = self.data_folder(data)
        if folder not in self._situations:
            self._situations[folder] = SituationIndex(self.knowledge_base(data), OwnSituations(folder).now)
        return self._situations[folder]

    def lists(self, data: Path | None = None) -> Lists:
        folder = self.data_folder(data)
        return self._lists.setdefault(folder, Lists(folder))

    def curated(self, data: Path | None = None) -> CuratedAnswers:
        folder = self.data_folder(data)
        if folder not in self._curated:
            self._curated[folder] = CuratedAnswers.open(folder)
        return self._curated[folder]

    def carried(self, data: Path | None = None) -> Carried:
        """What an export of the library takes along."""
        return exchange.carried(self.curated(data), self.knowledge_base(data), lambda: self.encoder)

    def close(self) -> None:
        for curated in self._curated.values():
            curated.close()
        for knowledge_base in self._open.values():
            knowledge_base.close()


cli = typer.Typer(
    name="xuesi",
    help="学思：向文件提问，句句有出处。没有网络、没有语言模型也能用。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command("ask")(asking.ask)
cli.command("search")(asking.search)
kb_commands.command("learn")(learn)
eval_commands.command("close")(close)
cli.add_typer(kb_commands, name="kb")
cli.add_typer(eval_commands, name="eval")
cli.add_typer(model_commands, name="llm")
cli.add_typer(user_commands, name="user")
cli.add_typer(audit_commands, name="audit")
cli.add_typer(list_commands, name="words")
cli.add_typer(curated_commands, name="curated")
cli.add_typer(queue_commands, name="queue")
cli.add_typer(situation_commands, name="situations")
cli.command("backup")(transfer.backup_command)
cli.command("restore")(transfer.restore_command)


@cli.command("serve")
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
    accounts = Accounts.open(folder, audit_key=wiring.audit_key)
    entrance = Entrance(host, port, tls_cert, tls_key, forwarded_allow_ips)
    try:
        entrance.check(accounts.administered())
    except CannotServe:
        accounts.close()
        raise
    knowledge_base = wiring.knowledge_base(data)
    _fill_when_new(knowledge_base)

    os.environ |= GRADIO
    from assistant.accounts.model import Role
    from assistant.conversations.conversations import Conversations
    from assistant.web import build
    from assistant.web.about import LanguageModel
    from assistant.web.admin.documents.parts import Rules
    from assistant.web.admin.model import Writing
    from assistant.web.admin.questions.workbench import Questions
    from assistant.web.security.access import allowed
    from eval.reporting.pages import router as eval_pages

    conversations = Conversations.open(folder)
    knowledge_base.indexes.keep()
    knowledge_base.indexes.warm()
    wiring.situations(data).ready()
    if wiring.endpoint:
        threading.Thread(target=wiring.endpoint.warm, daemon=True).start()
    used = wiring.endpoint_settings
    live = LiveAnswerer(lambda: wiring.answerer(data), wiring.lists(data).stamp)
    web = build(
        answerer=live,
        knowledge_base=knowledge_base,
        conversations=conversations,
        originals=folder / "originals",
        accounts=accounts,
        model=LanguageModel(used.model, used.provider, used.filing_number) if used else None,
        writing=Writing(wiring.endpoint, wiring.allowance, wiring.policy) if wiring.endpoint else None,
        hosts=entrance.hosts,
        further={
            "/admin/eval": (
                "评测",
                eval_pages(wiring.settings.eval_runs, allowed(accounts, Role.TRAINER), home="/admin/"),
            )
        },
        rules=Rules(
            second_person=wiring.settings.second_person,
            largest=wiring.settings.upload_mb << 20,
            hosts=tuple(name.strip().lower() for name in wiring.settings.web_hosts.split(",") if name.strip()),
        ),
        carried=wiring.carried(data),
        questions=Questions(live, wiring.lists(data), wiring.curated(data)),
    )
    say(f"学思已打开：{entrance.address}  （按 Ctrl+C 结束）")
    try:
        serve_until_stopped(web, entrance)
    finally:
        conversations.close()
        accounts.close()


def _fill_when_new(knowledge_base: KnowledgeBase) -> None:
    """Bring the starter library into a folder that has never held a document."""
    if knowledge_base.generation:
        return
    with bar("装入自带的学习导读") as advance:
        knowledge_base.add(
            [STARTER_LIBRARY],
            publish=True,
            on_progress=lambda step: advance(step.done, step.total, "装入自带的学习导读"),
        )


def main() -> None:
    """The `xuesi` command."""
    try:
        wiring = Wiring(Settings())
    except ValidationError as error:
        names = "、".join(f"XUESI_{str(one['loc'][0]).upper()}" for one in error.errors())
        say(f"设置 {names} 的值不对，请按说明改正后再试。")
        sys.exit(2)
    try:
        code = run(cli, wiring)
    finally:
        wiring.close()
    sys.exit(code)


if __name__ == "__main__":
    main()
