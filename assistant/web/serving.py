"""Serves the application: where it listens, how it is encrypted, whose word about the sender's address counts."""

from __future__ import annotations

import ssl
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.web.security.guard import LOOPBACK

if TYPE_CHECKING:
    from fastapi import FastAPI


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


def serve(app: FastAPI, entrance: Entrance) -> None:
    """Serve `app` until somebody stops it."""
    import uvicorn

    from assistant.web.security.slow_senders import PromptProtocol

    uvicorn.run(
        app,
        host=entrance.host,
        port=entrance.port,
        http=PromptProtocol,
        log_level="warning",
        access_log=False,
        proxy_headers=bool(entrance.proxies),
        forwarded_allow_ips=entrance.proxies or None,
        ssl_certfile=entrance.certificate,
        ssl_keyfile=entrance.key,
        timeout_graceful_shutdown=3,
    )
