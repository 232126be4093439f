"""Which language model is at work: the one that an administrator chose in the browser, else the one of the environment.

Its key is kept encrypted, with the key to that outside the database, and is given out to the model's client only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.accounts.setup.secret_box import SecretBox
from assistant.accounts.setup.settings import Settings
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import WrongEndpoint
from knowledge.errors import StorageError

NAME = "language_model"
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """What is said of a model in the browser. `api_key` "" leaves the key that is kept, as long as the host is the same."""

    base_url: str
    model: str
    api_key: str = ""
    provider: str = ""
    filing_number: str = ""
    thinking: bool | None = None


class ChosenModel:
    """The choice of one data folder. Safe to share between threads. `make` makes the endpoint of a choice, within the
    limits of the house; `environment` is what was configured without a browser."""

    def __init__(
        self,
        settings: Settings,
        box: SecretBox,
        make: Callable[[Choice], Endpoint],
        environment: Endpoint | None = None,
    ) -> None:
        self._settings = settings
        self._box = box
        self._make = make
        self._environment = environment
        self._lock = threading.Lock()
        self._made: tuple[object, Endpoint | None, str] = (None, environment, "")

    @property
    def stamp(self) -> object:
        """Changes whenever the choice does."""
        return str(self._settings.get(NAME))

    @property
    def chosen(self) -> bool:
        """Whether it was chosen in the browser."""
        return self._settings.get(NAME) is not None

    @property
    def endpoint(self) -> Endpoint | None:
        """The model at work now; None when there is none, or when its key cannot be read (`trouble` says so)."""
        return self._now()[1]

    @property
    def trouble(self) -> str:
        """Why the chosen model is not at work; "" when it is."""
        return self._now()[2]

    @property
    def has_key(self) -> bool:
        return bool((self._settings.get(NAME) or {}).get("sealed_key"))

    def choose(self, actor: str, choice: Choice) -> None:
        """Take another model from now on. Raises WrongEndpoint for what cannot be an address."""
        if any(len(one) > LONGEST for one in (choice.base_url, choice.model, choice.provider, choice.filing_number)):
            raise WrongEndpoint(f"每一项最多 {LONGEST} 个字，请缩短。")
        self._make(choice)
        kept = self._settings.get(NAME) or {}
        sealed = self._box.seal(choice.api_key) if choice.api_key else ""
        if not sealed and kept and _host(kept["base_url"]) == _host(choice.base_url):
            sealed = kept["sealed_key"]  # never sent to another host than the one it was given for
        value = {
            "base_url": choice.base_url,
            "model": choice.model,
            "provider": choice.provider,
            "filing_number": choice.filing_number,
            "thinking": choice.thinking,
            "sealed_key": sealed,
        }
        self._settings.put(actor, NAME, value, "设置语言模型", base_url=choice.base_url, model=choice.model)

    def forget(self, actor: str) -> None:
        """Go back to the model of the environment, or to none."""
        self._settings.put(actor, NAME, None, "取消浏览器里设置的语言模型")

    def _now(self) -> tuple[object, Endpoint | None, str]:
        value = self._settings.get(NAME)
        with self._lock:
            if self._made[0] != value:
                self._made = (value, *self._opened(value)) if value else (None, self._environment, "")
            return self._made

    def _opened(self, value: dict[str, object]) -> tuple[Endpoint | None, str]:
        try:
            sealed = str(value["sealed_key"])
            key = self._box.open(sealed) if sealed else ""
            thinking = value["thinking"]
            choice = Choice(
                base_url=str(value["base_url"]),
                model=str(value["model"]),
                api_key=key,
                provider=str(value["provider"]),
                filing_number=str(value["filing_number"]),
                thinking=thinking if isinstance(thinking, bool) else None,
            )
            return self._make(choice), ""
        except (StorageError, WrongEndpoint) as error:
            return None, str(error)


def _host(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port
