"""What a reader is told when data cannot be read or written: a sentence and when to come again, nothing of the inside."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from assistant.web import errors
from assistant.web.pages import Pages
from knowledge.errors import NotInLibrary, StorageBusy, StorageError


def reply(error: Exception, path: str) -> tuple[int, str, str]:
    """Status, text and Retry-After of a page whose making raises `error`."""
    app = FastAPI()

    def fail() -> None:
        raise error

    for address in ("/page", "/api/page"):
        app.add_api_route(address, fail)
    errors.handle(app, Pages())
    got = TestClient(app, raise_server_exceptions=False).get(path)
    return got.status_code, got.text, got.headers.get("retry-after", "")


@pytest.mark.parametrize("path", ["/page", "/api/page"])
def test_a_busy_database_is_a_sentence_and_a_second_try(path: str) -> None:
    status, text, again = reply(StorageBusy("数据库正忙，请稍后再试。"), path)
    assert (status, again) == (503, "5")
    assert "数据库正忙，请稍后再试。" in text


@pytest.mark.parametrize("path", ["/page", "/api/page"])
def test_a_full_disk_is_told_without_where_the_data_is(path: str) -> None:
    status, text, again = reply(StorageError("数据库“/srv/data/xuesi.db”用不了：disk full；请检查磁盘空间。"), path)
    assert (status, again) == (503, "60")
    assert "/srv" not in text
    assert "请稍后再试，仍不行请告诉管理员。" in text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotInLibrary("没有这个编号。"), 404),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), 400),
        (ClientDisconnect(), 408),
    ],
    ids=["number", "half a character", "cut off"],
)
def test_what_cannot_be_is_no_error_of_ours(error: Exception, status: int) -> None:
    assert reply(error, "/api/page")[0] == status
