"""Serves the application: where it listens, how it is encrypted, whose word about the sender's address counts."""

from __future__ import annotations

import ssl
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from assistant.errors import AssistantError
from assistant.web.security.guard import LOOPBACK

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp
    from uvicorn._types import ASGI3Application

    from assistant.web.operating.metrics import Metrics


class CannotServe(AssistantError):
    """The server may not start as asked."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where readers come in. With `certificate` and `key` it is https; `proxies` are the addresses, apart by commas, of
    proxies whose word about the reader's address and about https is believed (none: nobody's)."""

    host: str = "127.0.0.1"
    port: int = 7860
    certificate: Path | None = None
    key: Path | None = None
    proxies: str = ""

    @property
    def is_open(self) -> bool:
        """Whether other machines come in, which needs accounts."""
        return self.host not in LOOPBACK or bool(self.proxies)

    @property
    def hosts(self) -> Collection[str] | None:
        """The names under which browsers may address the server; None for any."""
        return None if self.is_open else LOOPBACK

    @property
    def address(self) -> str:
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"

    def check(self, administered: bool) -> None:
        """Raises CannotServe."""
        if self.is_open and not administered:
            raise CannotServe(
                f"监听 {self.host} 会让别的电脑也能进来，需要先有管理员；"
                "请先用 xuesi user add 用户名 --role administrator 新建。"
            )
        if (self.certificate is None) != (self.key is None):
            raise CannotServe("证书和私钥要一起给出：--tls-cert 证书.pem --tls-key 私钥.pem。")
        if self.certificate and self.key:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.certificate, self.key, password="")
            except (OSError, ssl.SSLError) as error:
                raise CannotServe(
                    f"证书“{self.certificate}”或私钥“{self.key}”用不了（{error.strerror or error}），"
                    "请检查路径，并用没有密码的 PEM 格式。"
                ) from error


def serve(app: FastAPI, entrance: Entrance, metrics: Metrics, *, json_log: bool = False) -> None:
    """Serve `app` until somebody stops it; every request is counted and, with `json_log`, written down."""
    import uvicorn
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    from assistant.web.operating.json_log import write_json_lines
    from assistant.web.operating.requests import Requests
    from assistant.web.security.slow_senders import PromptProtocol

    if json_log:
        write_json_lines()
    served: ASGIApp = app
    if entrance.proxies:  # uvicorn and Starlette name the same types differently
        served = cast("ASGIApp", ProxyHeadersMiddleware(cast("ASGI3Application", app), trusted_hosts=entrance.proxies))
    uvicorn.run(
        Requests(served, metrics, entrance.proxies),  # outermost: it has to know who really sent a request
        host=entrance.host,
        port=entrance.port,
        http=PromptProtocol,
        log_level="warning",
        log_config=None if json_log else uvicorn.config.LOGGING_CONFIG,
        access_log=False,
        proxy_headers=False,
        ssl_certfile=entrance.certificate,
        ssl_keyfile=entrance.key,
        timeout_graceful_shutdown=3,
    )
