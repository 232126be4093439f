"""Every route there is, for every role, with every kind of id: taken from the application, so that none is forgotten."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from made_up_library import write_library
from numpy.typing import NDArray
from starlette.testclient import TestClient

from assistant.accounts.model import Role, reaches
from assistant.accounts.setup.secret_box import SecretBox
from assistant.accounts.store import Accounts
from assistant.answerer import Answerer
from assistant.conversations.conversations import Conversations
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curation.lists import Lists
from assistant.curation.reloading import LiveAnswerer, ReadersAnswers
from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.chosen import Choice, ChosenModel
from assistant.generation.endpoint import Endpoint
from assistant.generation.quota import Allowance
from assistant.verification.checker import Policy
from assistant.web import build
from assistant.web.admin.model import Writing
from assistant.web.admin.questions.workbench import Questions
from assistant.web.api.programs import Programs
from assistant.web.security.access import allowed
from assistant.web.security.oidc import Provider
from eval.desk import evaluation_desk
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

PASSWORD = "长江黄河泰山长城二〇二六"
OPEN = ("/login", "/setup", "/terms", "/static/", "/oidc/", "/healthz", "/readyz", "/metrics")
AWAY = ("/oidc/login", 503)  # where the provider of single sign-on would be, nobody is
#: Who may use what of the desk, by the beginning of the path; the longest that fits counts. A new page needs a line.
NEEDED = {
    "/admin/": Role.TRAINER,  # only the way to the overview
    "/admin/audit": Role.ADMINISTRATOR,
    "/admin/audit.csv": Role.ADMINISTRATOR,
    "/admin/curated": Role.TRAINER,
    "/admin/documents": Role.TRAINER,
    "/admin/eval": Role.TRAINER,
    "/admin/exchange": Role.ADMINISTRATOR,
    "/admin/intake": Role.TRAINER,
    "/admin/intake/web": Role.ADMINISTRATOR,
    "/admin/keys": Role.ADMINISTRATOR,
    "/admin/lists": Role.TRAINER,
    "/admin/model": Role.ADMINISTRATOR,
    "/admin/overview": Role.TRAINER,
    "/admin/papers": Role.TRAINER,
    "/admin/plans": Role.TRAINER,
    "/admin/questions": Role.TRAINER,
    "/admin/queues": Role.TRAINER,
    "/admin/results": Role.TRAINER,
    "/admin/search": Role.TRAINER,
    "/admin/users": Role.ADMINISTRATOR,
    "/admin/classes": Role.ADMINISTRATOR,
}
NO_IDS = ["x", "-1", "0", str(2**63), str(10**30), "%00", "１"]
NO_BODIES: list[dict[str, object]] = [
    {},
    {"content": b"\xff\xfe{", "headers": {"Content-Type": "application/json"}},
    {"content": b'{"question": "\\ud800", "title": "\\udfff"}', "headers": {"Content-Type": "application/json"}},
    {"content": b"[" * 20_000, "headers": {"Content-Type": "application/json"}},
    {"content": b"name=%ED%A0%80&id=" + b"9" * 5000, "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
]
_VARIABLE = re.compile(r"\{(\w+)(?::\w+)?\}")


class FlatEncoder:
    """Everything is as near to everything; no model is needed."""

    name, dimension = "flat", 4

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 4), 0.5, dtype=np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return np.full(4, 0.5, dtype=np.float32)


@dataclass(frozen=True)
class Route:
    """A route that answers `method`; `path` has variables in braces."""

    method: str
    path: str

    @property
    def needed(self) -> Role:
        if not self.path.startswith(("/admin", "/api/admin")):
            return Role.TRAINEE
        fitting = [one for one in NEEDED if self.path == one or self.path.startswith(one.rstrip("/") + "/")]
        assert fitting, f"who may use {self.path}? Give it a line in NEEDED"
        return NEEDED[max(fitting, key=len)]

    def filled(self, value: str) -> str:
        return _VARIABLE.sub(value, self.path)


@dataclass
class House:
    """The application with everybody in it."""

    app: FastAPI
    accounts: Accounts

    def ask(self, role: Role | None, route: Route, value: str = "1", **body: object) -> tuple[int, str, str]:
        """Status, text and where it leads, asked with a session of its own, which a log-out may end."""
        cookies = {}
        if role:
            cookies["xuesi_session"] = self.accounts.sessions.begin(self.accounts.user(role.value).id)
        client = TestClient(
            self.app, "http://127.0.0.1", raise_server_exceptions=False, cookies=cookies, follow_redirects=False
        )
        reply = client.request(route.method, route.filled(value), **body)  # type: ignore[arg-type]
        return reply.status_code, reply.text, reply.headers.get("location", "")


def opened(choice: Choice) -> Endpoint:
    return Endpoint(EndpointSettings(choice.base_url, choice.model, api_key=choice.api_key))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("house") / "data"
    register = Register.load()
    kb = KnowledgeBase.open(data, FlatEncoder, register=register)
    kb.add([write_library(data.parent / "made-up")], publish=True)
    conversations, accounts = Conversations.open(data), Accounts.open(data)
    for role in reversed(Role):
        accounts.add("命令行", role.value, PASSWORD, role)
    lists = Lists(data)
    live = LiveAnswerer(lambda: Answerer(kb, register, lists.lexicon), lists.stamp)
    box = SecretBox(data.parent / "secret.key")
    may = allowed(accounts, Role.TRAINER)
    answers = ReadersAnswers(live, kb, accounts.membership.groups_of)
    app = build(
        answerer=answers,
        programs=Programs(answers),
        writing=Writing(ChosenModel(accounts.settings, box, opened, None), Allowance(), Policy()),
        provider=Provider("http://127.0.0.1:1", "xuesi", "secret"),
        questions=Questions(live, lists, CuratedAnswers(conversations.database)),
        knowledge_base=kb,
        conversations=conversations,
        accounts=accounts,
        originals=data / "originals",
        further={
            "/admin/eval": (
                "评测",
                lambda pages: evaluation_desk(Path("no-runs-yet"), data, kb, lambda: live.now, may, pages),
            )
        },
    )
    yield House(app, accounts)
    conversations.close()
    accounts.close()
    kb.close()


@pytest.fixture(scope="module")
def routes(house: House) -> list[Route]:
    """Every route of the application, however deep it is included."""
    found, waiting = [], [("", route) for route in house.app.routes]
    while waiting:
        prefix, route = waiting.pop()
        inner = getattr(route, "original_router", None)
        if inner is not None:
            context = getattr(route, "include_context", None)
            waiting += [(prefix + getattr(context, "prefix", ""), one) for one in inner.routes]
        elif isinstance(route, APIRoute):
            found += [Route(method, prefix + route.path) for method in sorted(route.methods)]
    return sorted(found, key=lambda one: (one.path, one.method))


def test_every_route_is_there_and_every_page_of_the_desk_has_its_role(routes: list[Route]) -> None:
    assert len(routes) > 60
    assert {route.needed for route in routes} == set(Role)
    unused = [one for one in NEEDED if not any(route.path.startswith(one.rstrip("/")) for route in routes)]
    assert not unused, "take out of NEEDED what is gone"


def test_nobody_without_a_session_gets_further_than_the_door(house: House, routes: list[Route]) -> None:
    wrong = []
    for route in routes:
        status, _, leads = house.ask(None, route)
        if route.path.startswith(OPEN):
            right = status < 500 or (route.path, status) == AWAY
        elif route.method in ("GET", "HEAD") and not route.path.startswith(("/api/", "/v1/")):
            right = status == 303 and leads.startswith("/login")
        else:
            right = status == 401
        wrong += [] if right else [(route, status, leads)]
    assert not wrong


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_exactly_as_far_as_it_may(house: House, routes: list[Route], role: Role) -> None:
    wrong = []
    for route in routes:
        status, _, _ = house.ask(role, route)
        if not reaches(role, route.needed):
            right = status == 403
        else:
            well = status < 500 or (route.path, status) == AWAY
            right = well and not (status == 403 and route.path.startswith("/admin"))
        wrong += [] if right else [(route, status)]
    assert not wrong


@pytest.mark.parametrize("value", NO_IDS)
def test_an_id_that_cannot_be_leads_nowhere(house: House, routes: list[Route], value: str) -> None:
    wrong, tried = [], 0
    for route in routes:
        names = _VARIABLE.findall(route.path)
        if not names or not all(name.endswith(("id", "marker")) for name in names):
            continue
        status, _, _ = house.ask(Role.ADMINISTRATOR, route, value)
        wrong += [] if status in ({404} if route.method == "GET" else {404, 400}) else [(route, status)]
        tried += 1
    assert not wrong
    assert tried > 15


@pytest.mark.parametrize("value", [one for one in NO_IDS if one != "%00"])
def test_a_version_that_cannot_be_leads_nowhere(house: House, value: str) -> None:
    status, _, _ = house.ask(Role.TRAINEE, Route("GET", f"/document/1?version={value}"))
    assert status == 404


@pytest.mark.parametrize("body", NO_BODIES, ids=["none", "no utf-8", "half characters", "deep", "long number"])
def test_a_body_that_cannot_be_is_refused_in_one_sentence(
    house: House, routes: list[Route], body: dict[str, object]
) -> None:
    wrong = []
    for route in routes:
        if route.method not in ("GET", "HEAD"):
            status, text, _ = house.ask(Role.ADMINISTRATOR, route, **body)
            wrong += [] if status < 500 and "Traceback" not in text else [(route, status)]
    assert not wrong


def test_what_is_mounted_is_behind_the_same_door(house: House) -> None:
    """Routes of a mounted application (the chat's) are not in the list above; plain ones serve static files."""
    kinds = Counter(type(route).__name__ for route in house.app.routes)
    assert kinds["Mount"] <= 1
    plain = [route.path for route in house.app.routes if type(route).__name__ == "Route"]  # type: ignore[attr-defined]
    assert all(path.startswith("/static/") for path in plain)
    for path in ("/", "/config", "/gradio_api/info", "/gradio_api/queue/data", "/gradio_api/file=/etc/passwd"):
        assert house.ask(None, Route("GET", path))[0] in (303, 401, 404), path
        assert house.ask(None, Route("POST", path))[0] == 401, path
