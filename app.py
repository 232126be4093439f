"""The composition root: reads settings, wires knowledge, assistant and evaluation together, and is the `xuesi` command."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from knowledge.encoder import Encoder, open_encoder
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.answerer import Answerer
from knowledge.knowledge_base import KnowledgeBase
from knowledge.lexicon import Lexicon
from knowledge.register import Register

STARTER_LIBRARY = Path(__file__).with_name("knowledge") / "library"


class Settings(BaseSettings):
    """What the environment may set; each name is read as XUESI_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="XUESI_", extra="ignore")

    data: Path = Path("data")
    encoder: str = "builtin"


class Wiring:
    """Builds each part once, when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open: dict[Path, KnowledgeBase] = {}

    @cached_property
    def register(self) -> Register:
        return Register.load()

    @cached_property
    def encoder(self) -> Encoder:
        return open_encoder(self.settings.encoder)

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase:
        folder = data or self.settings.data
        if folder not in self._open:
            self._open[folder] = KnowledgeBase.open(folder, lambda: self.encoder, register=self.register)
        return self._open[folder]

    def answerer(self, data: Path | None = None) -> Answerer:
        folder = data or self.settings.data
        lexicon = Lexicon.load(extra=folder / "lexicon.yaml")
        return Answerer(self.knowledge_base(folder), self.register, lexicon)
