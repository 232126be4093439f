"""统一身份认证: logging in through an OpenID Connect provider (authorization code with PKCE)."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from assistant.accounts import passwords
from assistant.accounts.errors import AccountError, NotAdmitted
from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.web.pages import Pages
from assistant.web.security.access import cookie_name, current
from assistant.web.security.login import end_session, local_address, with_cookie

ACTOR = "统一身份认证"
#: Only signatures that the provider alone can make.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
LASTS = 600.0  # seconds between leaving for the provider and coming back
MOST = 1000  # people on their way there
PATIENCE = 10.0  # seconds for an answer of the provider
LEEWAY = 60  # seconds that two clocks may differ
_COOKIE = "xuesi_oidc"
_FAILED = "没有登录成功：统一身份认证没有确认您的身份，请再试一次；仍不行请联系管理员。"
_AWAY = "统一身份认证现在连不上，请稍后再试，或用本系统的用户名和密码登录。"
_UNKNOWN = "统一身份认证通过了，但这里没有您的账号；请联系管理员新建账号，或先用密码登录再绑定。"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people log in. `claim` holds the user name, `create` says whether who has no account gets one as a trainee."""

    issuer: str
    client_id: str
    client_secret: str
    name: str = "统一身份认证"
    claim: str = "preferred_username"
    create: bool = False


@dataclass(frozen=True, slots=True)
class _Leaving:
    """Somebody on the way to the provider and back; `browser` is the hash of the cookie that he took along."""

    browser: str
    nonce: str
    verifier: str
    to: str
    at: float


def routes(accounts: Accounts, pages: Pages, provider: Provider) -> APIRouter:
    """`/oidc/login` and `/oidc/callback`."""
    router = APIRouter(prefix="/oidc")
    client = _Client(provider)
    leaving: dict[str, _Leaving] = {}
    lock = threading.Lock()

    def failed(status: int, words: str) -> Response:
        return pages.page("login.html", status, error=words, next="/", section="")

    @router.get("/login")
    def leave(request: Request, next: str = "/") -> Response:
        state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
        try:
            address = client.address(_callback(request), state, nonce, verifier)
        except _Trouble:
            return failed(503, _AWAY)
        now = time.monotonic()
        with lock:
            for old in [one for one, left in leaving.items() if now - left.at > LASTS]:
                del leaving[old]
            if len(leaving) >= MOST:
                leaving.pop(min(leaving, key=lambda one: leaving[one].at))
            leaving[state] = _Leaving(_hash(browser), nonce, verifier, local_address(next), now)
        reply = RedirectResponse(address, 303)
        secure = request.url.scheme == "https"
        reply.set_cookie(
            _COOKIE, browser, max_age=int(LASTS), path="/oidc", httponly=True, samesite="lax", secure=secure
        )
        return reply

    @router.get("/callback")
    def come_back(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
        with lock:
            left = leaving.pop(state, None)
        own = left is not None and secrets.compare_digest(left.browser, _hash(request.cookies.get(_COOKIE, "")))
        if left is None or not own or time.monotonic() - left.at > LASTS or not code or error:
            return failed(401, _FAILED)
        try:
            claims = client.claims(code, _callback(request), left.nonce, left.verifier)
        except _Trouble:
            return failed(401, _FAILED)
        try:
            user_id = _account(accounts, provider, claims, request)
        except AccountError as trouble:
            return failed(401, str(trouble))
        if request.cookies.get(cookie_name(request.url)):
            end_session(accounts, request)
        reply = with_cookie(request, RedirectResponse(left.to, 303), accounts.sessions.begin(user_id))
        reply.delete_cookie(_COOKIE, path="/oidc")
        return reply

    return router


def _account(accounts: Accounts, provider: Provider, claims: Mapping[str, Any], request: Request) -> str:
    """The id of the account that comes in. Raises AccountError."""
    subject, name = f"{provider.issuer}|{claims['sub']}", str(claims.get(provider.claim) or "")
    user = current(request)
    if user is not None:
        accounts.single_sign_on.tie(user.id, user.name, subject)
        return user.id
    user_id = accounts.single_sign_on.account_of(subject, name)
    if user_id is None and provider.create and name:
        shown = str(claims.get("name") or name)
        accounts.add(ACTOR, name, passwords.new_password(), Role.TRAINEE, display_name=shown)
        user_id = accounts.single_sign_on.account_of(subject, name)
    if user_id is None:
        raise NotAdmitted(_UNKNOWN)
    if accounts.admitted(user_id) is None:
        raise NotAdmitted("这个账号现在不能使用（已停用，或班次不在日期内），请联系管理员。")
    return user_id


class _Trouble(Exception):
    """The provider could not be reached, or did not confirm who comes."""


class _Client:
    """Talks to one provider. Its description and keys are fetched when first needed, the keys again when one is new."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._metadata: dict[str, Any] | None = None

    def address(self, callback: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent. Raises _Trouble."""
        with self._session(callback) as session:
            url, _ = session.create_authorization_url(
                self._about(session)["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def claims(self, code: str, callback: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        """What the provider says of who came, checked. Raises _Trouble."""
        from authlib.common.errors import AuthlibBaseError
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        with self._session(callback) as session:
            about = self._about(session)
            try:
                token = session.fetch_token(
                    about["token_endpoint"], code=code, code_verifier=verifier, grant_type="authorization_code"
                )
                keys = KeySet.import_key_set(session.request("GET", about["jwks_uri"], withhold_token=True).json())
                decoded = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS)
                required = {
                    "iss": {"essential": True, "value": about["issuer"]},
                    "aud": {"essential": True, "value": self._provider.client_id},
                    "nonce": {"essential": True, "value": nonce},
                }
                given = {"nonce": nonce, "client_id": self._provider.client_id}
                checked = CodeIDToken(decoded.claims, decoded.header, required, given)
                checked.validate(leeway=LEEWAY)
            except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError, _unreachable()) as error:
                _log.warning("single sign-on failed: %r", error)
                raise _Trouble from error
        return dict(checked)

    def _session(self, callback: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self._provider.client_id,
            self._provider.client_secret,
            scope="openid profile",
            redirect_uri=callback,
            code_challenge_method="S256",
            timeout=PATIENCE,
        )

    def _about(self, session: Any) -> dict[str, Any]:
        """The provider's own description; it must be of the issuer that was set."""
        if self._metadata is None:
            issuer = self._provider.issuer.rstrip("/")
            try:
                reply = session.request("GET", f"{issuer}/.well-known/openid-configuration", withhold_token=True)
                found = reply.raise_for_status().json()
                if str(found["issuer"]).rstrip("/") != issuer:
                    raise ValueError(found["issuer"])
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not isinstance(found[name], str):
                        raise ValueError(name)
            except (KeyError, TypeError, ValueError, _unreachable()) as error:
                _log.warning("the provider of single sign-on cannot be used: %r", error)
                raise _Trouble from error
            self._metadata = found
        return self._metadata


def _unreachable() -> type[Exception]:
    """What the client of authlib raises when the network fails."""
    from httpx2 import HTTPError

    return HTTPError


def _callback(request: Request) -> str:
    return str(request.url_for("come_back"))


def _hash(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()
