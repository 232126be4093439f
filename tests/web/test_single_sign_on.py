"""Logging in through an OpenID Connect provider: a made-up one runs on loopback and signs like a real one."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from browsing import running, visitor
from fastapi import FastAPI, Form, Request
from joserfc import jwt
from joserfc.jwk import RSAKey

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from assistant.web import build
from assistant.web.security.oidc import Provider
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register

PASSWORD = "长江黄河泰山长城二〇二六"


@dataclass
class MadeUpProvider:
    """Says that `claims` come, signed with `key`; `wrong` replaces claims of the token."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))
    signs_with: RSAKey | None = None
    algorithm: str = "RS256"
    claims: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def about() -> dict[str, Any]:
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.post("/token")
        def token(request: Request, code: str = Form(), code_verifier: str = Form()) -> dict[str, Any]:
            digest = hashlib.sha256(code_verifier.encode()).digest()
            assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.asked["code_challenge"]
            assert request.headers["authorization"].startswith("Basic ")
            now = int(time.time())
            claims = {"iss": self.url, "aud": "xuesi", "iat": now, "exp": now + 300, "nonce": self.asked["nonce"]}
            signed = jwt.encode(
                {"alg": self.algorithm, "kid": "one"},
                {**claims, **self.claims, **self.wrong},
                self.signs_with or self.key,
                algorithms=[self.algorithm],
            )
            return {"access_token": "x", "token_type": "Bearer", "id_token": signed}

        return app


@dataclass
class House:
    url: str
    accounts: Accounts
    provider: MadeUpProvider

    def comes_in(self, client: httpx.Client, state: str | None = None, **claims: object) -> httpx.Response:
        """Go to the provider and come back as whom `claims` say; the reply to coming back."""
        self.provider.claims = {"sub": "s-1", "preferred_username": "lisi", **claims}
        left = client.get("/oidc/login?next=/library")
        assert left.status_code == 303
        query = parse_qs(urlsplit(left.headers["location"]).query)
        self.provider.asked = {name: values[0] for name, values in query.items()}
        assert self.provider.asked["code_challenge_method"] == "S256"
        assert self.provider.asked["redirect_uri"] == f"{self.url}/oidc/callback"
        return client.get("/oidc/callback", params={"code": "c", "state": state or self.provider.asked["state"]})

    def browser(self) -> httpx.Client:
        return visitor(self.url)


@contextmanager
def opened(data: Path, create: bool) -> Iterator[House]:
    with ExitStack() as stack:
        made = MadeUpProvider()
        made.url = stack.enter_context(running(made.app()))
        kb = KnowledgeBase.open(data, lambda: None, register=Register([]))  # type: ignore[arg-type, return-value]
        conversations, accounts = Conversations.open(data), Accounts.open(data)
        for part in (kb, conversations, accounts):
            stack.callback(part.close)
        accounts.add_first("admin", PASSWORD)
        accounts.add("admin", "lisi", PASSWORD, Role.TRAINEE, must_change=True)
        provider = Provider(made.url, "xuesi", "secret", create=create)
        app = build(
            answerer=None,  # type: ignore[arg-type]
            knowledge_base=kb,
            conversations=conversations,
            accounts=accounts,
            provider=provider,
        )
        yield House(stack.enter_context(running(app)), accounts, made)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path / "data", create=False) as made:
        yield made


def test_a_trainee_comes_in_by_his_name_and_stays_tied_to_who_he_is_there(house: House) -> None:
    with house.browser() as browser:
        assert "用统一身份认证登录" in browser.get("/login").text
        back = house.comes_in(browser)
        assert (back.status_code, back.headers["location"]) == (303, "/library")
        assert browser.get("/library").status_code == 200
    with house.browser() as browser:  # the name has changed there, the person has not
        assert house.comes_in(browser, preferred_username="lisi2").headers["location"] == "/library"
    with house.browser() as browser:  # somebody else took the name there
        refused = house.comes_in(browser, sub="s-2")
        assert refused.status_code == 401
        assert "没有您的账号" in refused.text
        assert browser.get("/library").status_code == 303
    assert any(entry.action == "绑定统一身份" for entry in house.accounts.history(5))


def test_a_name_alone_makes_nobody_an_administrator_but_who_is_logged_in_may_tie_himself(house: House) -> None:
    with house.browser() as browser:
        assert house.comes_in(browser, sub="boss", preferred_username="admin").status_code == 401
        browser.post("/login", data={"name": "admin", "password": PASSWORD})
        assert house.comes_in(browser, sub="boss", preferred_username="whatever").status_code == 303
    with house.browser() as browser:
        house.comes_in(browser, sub="boss", preferred_username="whatever")
        assert browser.get("/admin/exchange").status_code == 200


def test_a_disabled_account_does_not_come_in(house: House) -> None:
    house.accounts.set_disabled("admin", "lisi", True)
    with house.browser() as browser:
        refused = house.comes_in(browser)
        assert refused.status_code == 401
        assert "现在不能使用" in refused.text


def test_another_browser_cannot_be_made_to_come_in(house: House) -> None:
    """Who lures somebody to the end of his own way would have him work under his account."""
    with house.browser() as attacker, house.browser() as victim:
        house.provider.claims = {"sub": "s-1", "preferred_username": "lisi"}
        left = attacker.get("/oidc/login")
        state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
        assert victim.get("/oidc/callback", params={"code": "c", "state": state}).status_code == 401
        assert victim.get("/library").status_code == 303
        assert house.comes_in(victim, state="made up").status_code == 401


@pytest.mark.parametrize("wrong", [{"iss": "http://127.0.0.1:1"}, {"aud": "other"}, {"exp": 1}, {"nonce": "old"}])
def test_a_token_for_another_place_or_time_is_refused(house: House, wrong: dict[str, Any]) -> None:
    house.provider.wrong = wrong
    with house.browser() as browser:
        assert house.comes_in(browser).status_code == 401


def test_a_token_signed_by_another_is_refused(house: House) -> None:
    house.provider.signs_with = RSAKey.generate_key(2048, parameters={"kid": "one"})
    with house.browser() as browser:
        refused = house.comes_in(browser)
        assert refused.status_code == 401
        assert "没有确认您的身份" in refused.text


def test_a_new_trainee_is_made_only_where_that_is_wanted(tmp_path: Path) -> None:
    with opened(tmp_path / "data", create=True) as house, house.browser() as browser:
        assert house.comes_in(browser, sub="s-9", preferred_username="wangwu", name="王五").status_code == 303
        made = house.accounts.user("wangwu")
        assert (made.display_name, made.role) == ("王五", Role.TRAINEE)


def test_a_provider_that_is_away_is_said_in_one_sentence(house: House) -> None:
    house.provider.url = "http://127.0.0.1:1"  # it now says that it is another
    with house.browser() as browser:
        reply = browser.get("/oidc/login")
        assert reply.status_code == 503
        assert "连不上" in reply.text
