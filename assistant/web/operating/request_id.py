"""The number of a request: in its reply, on the page of an error and in every line of the log that it causes."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.requests import Request

HEADER: Final = "X-Request-ID"
_FIT: Final = re.compile(r"[A-Za-z0-9._-]{6,64}")
_now: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The number of the request that is being answered; "" where none is."""
    return _now.get()


def begin(sent: str) -> str:
    """The number for a request that begins: `sent` where it can be one, else a new one."""
    number = sent if _FIT.fullmatch(sent) else secrets.token_hex(6)
    _now.set(number)
    return number


def take_up(request: Request | None) -> None:
    """Work for `request` in what runs apart from it, as events of the chat do."""
    _now.set(getattr(request.state, "request_id", "") if request else "")


class Proxies:
    """Whose word counts: addresses and networks apart by commas, `*` for everybody's, as uvicorn reads them."""

    def __init__(self, listed: str) -> None:
        names = [one.strip() for one in listed.split(",") if one.strip()]
        self._all = "*" in names
        self._networks = [found for name in names if (found := _network(name))]

    def __contains__(self, host: object) -> bool:
        if self._all:
            return True
        try:
            address = ip_address(str(host))
        except ValueError:
            return False
        return any(address in network for network in self._networks)


def _network(name: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(name, strict=False)
    except ValueError:
        return None
