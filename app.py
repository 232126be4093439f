"""The composition root: reads settings, wires the packages together, and is the `xuesi` command."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by numpy: another thread only turned in circles

import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from pydantic import ValidationError

from assistant.answerer import Answerer
from assistant.answering.sentence_similarity import Sentences
from assistant.cli import ask as asking
from assistant.cli.curated import app as curated_commands
from assistant.cli.keys import app as key_commands
from assistant.cli.llm import app as model_commands
from assistant.cli.mcp import mcp
from assistant.cli.move import move
from assistant.cli.queue import app as queue_commands
from assistant.cli.serve import serve
from assistant.cli.settings import NoSecrets, Settings, settings_from
from assistant.cli.study import app as study_commands
from assistant.cli.user import app as user_commands
from assistant.cli.user import audit_app as audit_commands
from assistant.cli.words import app as list_commands
from assistant.cli.worker import worker
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
from knowledge.cli.console import run, say
from knowledge.cli.documents import app as kb_commands
from knowledge.cli.situations import app as situation_commands
from knowledge.embeddings import Encoder, open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.operations.exchange import Carried
from knowledge.retrieval.own_situations import OwnSituations
from knowledge.retrieval.situation_index import SituationIndex

if TYPE_CHECKING:
    from fastapi import APIRouter

    from assistant.accounts.store import Accounts
    from assistant.generation.chosen import ChosenModel
    from assistant.generation.endpoint import Endpoint
    from assistant.generation.writer import Writer
    from assistant.verification.checker import Policy
    from assistant.web.admin.documents.parts import Rules
    from assistant.web.pages import Pages
    from assistant.web.security.oidc import Provider


class Wiring:
    """Builds each part once, when it is first asked for. The commands find it as `ctx.obj`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open: dict[Path, KnowledgeBase] = {}
        self._lists: dict[Path, Lists] = {}
        self._curated: dict[Path, CuratedAnswers] = {}
        self._situations: dict[Path, SituationIndex] = {}
        self._chosen: ChosenModel | None = None

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
    def database_url(self) -> str | None:
        """Where PostgreSQL keeps what is otherwise in the data folder; None for there."""
        return self.settings.database_url.get_secret_value() or None

    @property
    def audit_key(self) -> Path | None:
        """Where the key of the audit is; None for beside the database."""
        return self.settings.audit_key

    @property
    def provider(self) -> Provider | None:
        return self.settings.provider()

    @property
    def metrics_token(self) -> str:
        """With it other machines read /metrics; "" for none."""
        return self.settings.metrics_token.get_secret_value()

    @property
    def api_key(self) -> str:
        """The personal key that `xuesi mcp` acts with."""
        return self.settings.api_key.get_secret_value()

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase:
        folder = self.data_folder(data)
        if folder not in self._open:
            self._open[folder] = KnowledgeBase.open(
                folder, lambda: self.encoder, register=self.register, url=self.database_url
            )
        return self._open[folder]

    @cached_property
    def _environments(self) -> Endpoint | None:
        from assistant.generation.endpoint import Endpoint

        found = self.settings.language_model()
        return Endpoint(found) if found else None

    @property
    def endpoint(self) -> Endpoint | None:
        """The language model at work: what was chosen in the browser of a running server, else the environment's."""
        return self._chosen.endpoint if self._chosen else self._environments

    def chosen(self, accounts: Accounts, data: Path | None = None) -> ChosenModel:
        """The choice of the language model in the browser; from now on it decides."""
        from assistant.accounts.setup.secret_box import FILE_NAME, SecretBox
        from assistant.generation.chosen import ChosenModel
        from assistant.generation.endpoint import Endpoint

        box = SecretBox(self.settings.secret_key or self.data_folder(data) / FILE_NAME)
        self._chosen = ChosenModel(
            accounts.settings, box, lambda choice: Endpoint(self.settings.endpoint_of(choice)), self._environments
        )
        return self._chosen

    @cached_property
    def allowance(self) -> Allowance:
        return Allowance(self.settings.llm_per_reader, self.settings.llm_altogether)

    def writer_for(self, data: Path | None = None) -> Writer | None:
        """What has answers written by the language model; None when none is configured."""
        endpoint = self.endpoint
        if endpoint is None:
            return None
        from assistant.generation.writer import Writer

        return Writer(
            endpoint,
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

    def live(self, data: Path | None = None) -> LiveAnswerer:
        """An answerer that follows the word lists, and the choice of the language model, while they are edited."""
        lists, chosen = self.lists(data), self._chosen
        return LiveAnswerer(lambda: self.answerer(data), lambda: (lists.stamp(), chosen.stamp if chosen else None))

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
            self._curated[folder] = CuratedAnswers.open(folder, self.database_url)
        return self._curated[folder]

    def carried(self, data: Path | None = None) -> Carried:
        """What an export of the library takes along."""
        return exchange.carried(self.curated(data), self.knowledge_base(data), lambda: self.encoder)

    @property
    def rules(self) -> Rules:
        """What those who bring documents in must keep to."""
        from assistant.web.admin.documents.parts import Rules

        hosts = (name.strip().lower() for name in self.settings.web_hosts.split(","))
        return Rules(
            second_person=self.settings.second_person,
            largest=self.settings.upload_mb << 20,
            hosts=tuple(name for name in hosts if name),
        )

    def further_pages(
        self, accounts: Accounts, live: LiveAnswerer, data: Path | None = None
    ) -> Mapping[str, tuple[str, Callable[[Pages], APIRouter]]]:
        """Pages of the desk from beyond the assistant, by address: what the way there is called, and what makes their
        routes."""
        from assistant.accounts.model import Role
        from assistant.web.security.access import allowed
        from eval.desk import evaluation_desk

        runs, folder = self.settings.eval_runs, self.data_folder(data)
        may = allowed(accounts, Role.TRAINER)
        kb = self.knowledge_base(data)
        return {"/admin/eval": ("评测", lambda pages: evaluation_desk(runs, folder, kb, lambda: live.now, may, pages))}

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
cli.command("serve")(serve)
cli.command("mcp")(mcp)
cli.command("move")(move)
cli.command("worker")(worker)
kb_commands.command("learn")(learn)
eval_commands.command("close")(close)
cli.add_typer(kb_commands, name="kb")
cli.add_typer(eval_commands, name="eval")
cli.add_typer(model_commands, name="llm")
cli.add_typer(user_commands, name="user")
cli.add_typer(key_commands, name="key")
cli.add_typer(audit_commands, name="audit")
cli.add_typer(list_commands, name="words")
cli.add_typer(curated_commands, name="curated")
cli.add_typer(queue_commands, name="queue")
cli.add_typer(situation_commands, name="situations")
cli.add_typer(study_commands, name="study")
cli.command("backup")(transfer.backup_command)
cli.command("restore")(transfer.restore_command)


def main() -> None:
    """The `xuesi` command."""
    try:
        wiring = Wiring(settings_from(os.environ))
    except ValidationError as error:
        names = "、".join(f"XUESI_{str(one['loc'][0]).upper()}" for one in error.errors())
        say(f"设置 {names} 的值不对，请按说明改正后再试。")
        sys.exit(2)
    except NoSecrets as error:
        say(str(error))
        sys.exit(2)
    try:
        code = run(cli, wiring)
    finally:
        wiring.close()
    sys.exit(code)


if __name__ == "__main__":
    main()
