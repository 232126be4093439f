"""Fetches one page or file from the public web into a local file, within limits of time and size."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from knowledge.errors import ReadingError
from knowledge.reading import READABLE

SECONDS: Final = 20.0
MOST_BYTES: Final = 30 * 1024 * 1024
_MOST_REDIRECTS: Final = 5
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


def fetch(address: str, folder: Path, *, private: bool = False) -> Path:
    """Store what stands at `address` in `folder`; the name tells its type. Redirects are followed and checked each.

    Addresses inside the own network are refused unless `private`: a link must not make this machine read what only
    it can reach. Raises ReadingError with one sentence.
    """
    import httpx

    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
            for _ in range(_MOST_REDIRECTS + 1):
                _check(address, private)
                with client.stream("GET", address, headers={"Accept": "text/html,application/pdf,*/*"}) as response:
                    _check_peer(response.extensions.get("network_stream"), address, private)
                    if response.is_redirect:
                        address = urljoin(address, response.headers.get("location", ""))
                        continue
                    if response.status_code != httpx.codes.OK:
                        raise ReadingError(f"网址“{address}”打不开（服务器答复 {response.status_code}），请检查网址。")
                    target = folder / _name(address, response.headers.get("content-type", ""))
                    target.write_bytes(_limited(response, address))
                    return target
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ReadingError(f"网址“{address}”连接不上（{_cause(error)}），请检查网络，或下载后按文件添加。") from error
    raise ReadingError(f"网址“{address}”转来转去超过 {_MOST_REDIRECTS} 次，请下载后按文件添加。")


def _check(address: str, private: bool) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ReadingError(f"“{address}”不是网页地址，只能添加 http:// 或 https:// 开头的网址。")
    if private:
        return
    for entry in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM):
        _refuse_private(str(entry[4][0]), address)


def _check_peer(stream: Any, address: str, private: bool) -> None:
    """The name may have been resolved again, to another machine, when the connection was made."""
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if peer and not private:
        _refuse_private(str(peer[0]), address)


def _refuse_private(host: str, address: str) -> None:
    if not ipaddress.ip_address(host.split("%")[0]).is_global:
        raise ReadingError(f"网址“{address}”指向本机或内部网络，不能添加；请下载后按文件添加。")


def _limited(response: Any, address: str) -> bytes:
    received = bytearray()
    for chunk in response.iter_bytes():
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
