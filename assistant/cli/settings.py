"""What the environment may set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.generation.chat_openai import EndpointSettings
    from assistant.generation.chosen import Choice
    from assistant.web.security.oidc import Provider


SECRETS = "XUESI_SECRETS"  # the folder with a file for each setting that is kept there: xuesi_database_url and so on


class NoSecrets(AssistantError):
    """The folder of secrets is not there."""


class Settings(BaseSettings):
    """Each name is read as XUESI_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="XUESI_", extra="ignore")

    data: Path = Path("data")
    database_url: SecretStr = SecretStr("")  # postgresql+psycopg://…; without it the data folder holds the database
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
    oidc_issuer: str = ""  # with it people may log in through this OpenID Connect provider
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "统一身份认证"
    oidc_claim: str = "preferred_username"  # which claim is the user name here
    oidc_create: bool = False  # who has no account gets one, as a trainee
    api_key: SecretStr = SecretStr("")  # the personal key that `xuesi mcp` acts with
    secret_key: Path | None = None  # the file with the key to the secrets set in the browser; usually data/secret.key
    audit_key: Path | None = None  # the file with the key of the audit, best where who writes the database cannot
    metrics_token: SecretStr = SecretStr("")  # with it other machines may read /metrics
    second_person: bool = False  # who brings a text in may not publish it
    upload_mb: int = Field(default=50, ge=1, le=100)
    web_hosts: str = "gov.cn,12371.cn,news.cn,people.com.cn"  # from which administrators may add pages

    def provider(self) -> Provider | None:
        """Where people may log in besides here; None where nothing is set."""
        if not (self.oidc_issuer and self.oidc_client_id):
            return None
        from assistant.web.security.oidc import Provider

        return Provider(
            self.oidc_issuer,
            self.oidc_client_id,
            self.oidc_client_secret.get_secret_value(),
            self.oidc_name,
            self.oidc_claim,
            self.oidc_create,
        )

    def language_model(self) -> EndpointSettings | None:
        """The model of the environment; None when none is configured. Raises WrongEndpoint."""
        from assistant.generation.chosen import Choice

        if not self.llm_base_url:
            return None
        choice = Choice(
            base_url=self.llm_base_url,
            model=self.llm_model,
            api_key=self.llm_api_key.get_secret_value(),
            provider=self.llm_provider,
            filing_number=self.llm_filing_number,
            thinking=self.llm_thinking,
        )
        return self.endpoint_of(choice)

    def endpoint_of(self, choice: Choice) -> EndpointSettings:
        """A model within the limits of the house. Raises WrongEndpoint."""
        from assistant.generation.chat_openai import EndpointSettings

        return EndpointSettings(
            base_url=choice.base_url,
            model=choice.model,
            api_key=choice.api_key,
            timeout=self.llm_timeout,
            first_token=self.llm_first_token,
            between_tokens=self.llm_between_tokens,
            max_concurrency=self.llm_max_concurrency,
            max_tokens=self.llm_max_tokens,
            thinking=choice.thinking,
            provider=choice.provider,
            filing_number=choice.filing_number,
        )


def settings_from(environment: Mapping[str, str]) -> Settings:
    """What the environment sets, and the files in the folder that it names. Raises NoSecrets, and ValidationError."""
    folder = environment.get(SECRETS)
    if not folder:
        return Settings()
    if not Path(folder).is_dir():
        raise NoSecrets(f"{SECRETS} 写的文件夹“{folder}”不在，请改正，或去掉这个设置。")
    return Settings(_secrets_dir=folder)  # type: ignore[call-arg]
