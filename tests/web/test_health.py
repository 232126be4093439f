"""What those who run the server ask it: does it live, and can it answer."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from postgresql_server import PostgresServer
from small_library import open_library

from assistant.web.operating.health import routes


def test_a_process_whose_database_is_gone_lives_and_is_not_ready(postgresql: PostgresServer, tmp_path: Path) -> None:
    with postgresql.fresh("migrated") as url:
        library = open_library(tmp_path, url=url)
        app = FastAPI()
        app.include_router(routes(library))
        visitor = TestClient(app)
        assert [visitor.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    assert visitor.get("/healthz").status_code == 200
    gone = visitor.get("/readyz")
    assert (gone.status_code, gone.text) == (503, "数据库现在读不了。")
    library.close()
