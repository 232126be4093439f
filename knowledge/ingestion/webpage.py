"""Fetches one page or file from the public web into a local file, within limits of time and size."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from knowledge.errors import ReadingError
from knowledge.parsing.loaders import READABLE

SECONDS: Final = 20.0  # for one step: connecting, one piece of the answer
MOST_SECONDS: Final = 60.0  # for everything
MOST_BYTES: Final = 30 * 1024 * 1024
_MOST_REDIRECTS: Final = 5
_LAST_32: Final = tuple(ipaddress.IPv6Network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
_SUFFIXES: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def is_address(text: str) -> bool:
    """Whether `text` is meant as a web address and not as a path."""
    return "://" in text


def fetch(address: str, folder: Path, *, private: bool = False, hosts: Collection[str] | None = None) -> Path:
    """Store what stands at `address` in `folder`; the name tells its type. Redirects are followed and checked each.

    Addresses inside the own network are refused unless `private`: a link must not make this machine read what only
    it can reach. With `hosts` only these names count, and names below them. The name is resolved once and the connection
    goes to the address that was checked, so that a second answer of the name server changes nothing. Raises
    ReadingError with one sentence.
    """
    import httpx

    until = time.monotonic() + MOST_SECONDS
    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
            for _ in range(_MOST_REDIRECTS + 1):
                host = check_host(address, hosts)
                url = httpx.URL(address)
                pinned = url.copy_with(host=_resolved(address, host, private))
                headers = {"Host": url.netloc.decode("ascii"), "Accept": "text/html,application/pdf,*/*"}
                asked = client.build_request("GET", pinned, headers=headers, extensions={"sni_hostname": host})
                response = client.send(asked, stream=True)
                try:
                    if response.is_redirect:
                        address = urljoin(address, response.headers.get("location", ""))
                        continue
                    if response.status_code != httpx.codes.OK:
                        raise ReadingError(f"网址“{address}”打不开（服务器答复 {response.status_code}），请检查网址。")
                    target = folder / _name(address, response.headers.get("content-type", ""))
                    target.write_bytes(_limited(response, address, until))
                    return target
                finally:
                    response.close()
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        raise ReadingError(f"网址“{address}”连接不上（{_cause(error)}），请检查网络，或下载后按文件添加。") from error
    raise ReadingError(f"网址“{address}”转来转去超过 {_MOST_REDIRECTS} 次，请下载后按文件添加。")


def check_host(address: str, hosts: Collection[str] | None) -> str:
    """The host of a web address. Raises ReadingError when it is none, or not among `hosts`."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise ReadingError(f"“{address}”不是网页地址，只能添加 http:// 或 https:// 开头的网址。")
    if hosts is not None and not any(host == one or host.endswith("." + one) for one in hosts):
        allowed = "、".join(hosts) or "（还没有）"
        raise ReadingError(f"网站“{host}”不在允许的名单里（{allowed}），请下载后按文件添加，或请管理员加入名单。")
    return host


def _resolved(address: str, host: str, private: bool) -> str:
    """The one address to connect to; all that the name stands for are looked at."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    if not private:
        for one in found:
            _refuse_private(one, address)
    return found[0]


def _refuse_private(host: str, address: str) -> None:
    address_of = ipaddress.ip_address(host.split("%")[0])
    if not all(_is_public(one) for one in (address_of, *_embedded(address_of))):
        raise ReadingError(f"网址“{address}”指向本机或内部网络，不能添加；请下载后按文件添加。")


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _embedded(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for or leads through: a gateway would connect to them."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    for held in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
        if held is not None:
            yield held
    # NAT64 (RFC 6052 and 8215), IPv4-compatible (RFC 4291) and ISATAP (RFC 5214) keep it in the last 32 bits.
    number = int(address)
    if any(address in network for network in _LAST_32) or (number >> 32) & 0xFDFFFFFF == 0x5EFE:
        yield ipaddress.IPv4Address(number & 0xFFFFFFFF)


def _limited(response: Any, address: str, until: float) -> bytes:
    received = bytearray()
    for chunk in response.iter_bytes():
        if time.monotonic() > until:
            raise ReadingError(f"网址“{address}”超过 {MOST_SECONDS:.0f} 秒还没有传完，请下载后按文件添加。")
        received += chunk
        if len(received) > MOST_BYTES:
            raise ReadingError(f"网址“{address}”的内容超过 {MOST_BYTES >> 20} MB，请下载后按文件添加。")
    return bytes(received)


def _name(address: str, content_type: str) -> str:
    path = PurePosixPath(unquote(urlsplit(address).path))
    suffix = _SUFFIXES.get(content_type.split(";")[0].strip().lower())
    if suffix is None:
        suffix = path.suffix.lower() if path.suffix.lower() in READABLE else ".html"
    stem = "".join(c for c in path.stem if c not in '\\/:*?"<>|\0')[:80].strip(". ")
    return (stem or "网页") + suffix


def _cause(error: Exception) -> str:
    return "超时" if "timed out" in str(error).lower() or "Timeout" in type(error).__name__ else "网络不通或地址不存在"
