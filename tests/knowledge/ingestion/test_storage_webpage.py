"""Adding a page by its address: only from the public web, within limits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from small_library import open_library

from knowledge.errors import ReadingError
from knowledge.ingestion import webpage

PAGE = """<html><head><title>阅览室管理办法</title></head><body><h1>阅览室管理办法</h1>
<p>第一条　借书由阅览室负责登记，并在五个工作日内报告馆长。</p><p>第二条　还书由阅览室负责登记。</p></body></html>"""


class _Pages(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/")  # type: ignore[attr-defined]
            self.end_headers()
        elif self.path == "/moved.html":
            self.send_response(302)
            self.send_header("Location", "/%E5%8A%9E%E6%B3%95.html")
            self.end_headers()
        elif self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
            self.end_headers()
        elif self.path == "/missing":
            self.send_error(404)
        elif self.path == "/slow":
            time.sleep(1.5)
            self.send_response(200)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Type", "application/pdf" if self.path == "/pdf" else "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"x" * 2000 if self.path == "/big" else PAGE.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "name"),
    [("/办法.html", "办法.html"), ("/moved.html", "办法.html"), ("/pdf", "pdf.pdf"), ("/", "网页.html")],
)
def test_a_page_is_stored_under_a_name_that_tells_its_type(site: str, tmp_path: Path, path: str, name: str) -> None:
    stored = webpage.fetch(site + path, tmp_path, private=True)
    assert stored == tmp_path / name
    assert stored.read_text("utf-8") == PAGE


@pytest.mark.parametrize(("path", "why"), [("/missing", "404"), ("/round", "次")])
def test_a_page_that_cannot_be_had_is_named(site: str, tmp_path: Path, path: str, why: str) -> None:
    with pytest.raises(ReadingError, match=why) as error:
        webpage.fetch(site + path, tmp_path, private=True)
    assert path in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_page_too_big_or_too_slow_is_given_up(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpage, "MOST_BYTES", 1000)
    with pytest.raises(ReadingError, match="超过"):
        webpage.fetch(f"{site}/big", tmp_path, private=True)
    monkeypatch.setattr(webpage, "SECONDS", 0.2)
    with pytest.raises(ReadingError, match="超时"):
        webpage.fetch(f"{site}/slow", tmp_path, private=True)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/a.html",
        "http://localhost:8000/a.html",
        "http://10.1.2.3/a.html",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a.html",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://[64:ff9b::7f00:1]/",  # NAT64
        "http://[64:ff9b::a01:203]/",
        "http://[64:ff9b:1::a01:203]/",
        "http://[2002:7f00:1::]/",  # 6to4
        "http://[2001:0:a01:203::]/",  # Teredo
        "http://[::7f00:1]/",
        "http://[2606:4700::5efe:10.1.2.3]/",  # ISATAP
        "http://224.0.0.1/",
        "http://[ff0e::1]/",
    ],
)
def test_the_own_machine_and_network_are_never_asked(tmp_path: Path, address: str) -> None:
    with pytest.raises(ReadingError, match="本机或内部网络"):
        webpage.fetch(address, tmp_path)


@pytest.mark.parametrize(
    "address", ["ftp://example.org/a", "file:///etc/passwd", "http://", "https:///a", "javascript://x"]
)
def test_only_web_addresses_are_taken(tmp_path: Path, address: str) -> None:
    with pytest.raises(ReadingError, match="不是网页地址"):
        webpage.fetch(address, tmp_path)


def test_a_refused_address_is_reported_like_a_bad_file(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data")
    [added] = library.add(["http://127.0.0.1:9/a.html"])
    assert (added.status, added.path) == ("failed", "http://127.0.0.1:9/a.html")
    library.close()


def test_only_listed_hosts_are_asked_also_after_a_redirect(site: str, tmp_path: Path) -> None:
    named = site.replace("127.0.0.1", "localhost")
    assert webpage.fetch(f"{named}/moved.html", tmp_path, private=True, hosts=("localhost",)).name == "办法.html"
    with pytest.raises(ReadingError, match="不在允许的名单里"):
        webpage.fetch(f"{site}/办法.html", tmp_path, private=True, hosts=("localhost",))
    with pytest.raises(ReadingError, match="不在允许的名单里"):
        webpage.fetch(f"{named}/elsewhere", tmp_path, private=True, hosts=("localhost",))


def test_a_listed_name_that_leads_to_the_own_machine_is_refused_before_it_is_asked(site: str, tmp_path: Path) -> None:
    before = len(_Pages.asked)
    with pytest.raises(ReadingError, match="内部网络"):
        webpage.fetch(site.replace("127.0.0.1", "localhost"), tmp_path, hosts=("localhost",))
    assert len(_Pages.asked) == before
