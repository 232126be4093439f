"""`xuesi move`: everything goes over to PostgreSQL and comes back as it was, or nothing does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgresql_server import PostgresServer
from small_library import open_library, regulation, write

from assistant.accounts.store import Accounts
from assistant.cli.move import SCHEMAS
from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.model import Answer, Citation, CitedDocument, Mode, Sentence
from knowledge.errors import StorageError
from knowledge.operations.moving import copy_files, move
from knowledge.storage.database import Database
from knowledge.text.tokenizer import tokenize

PASSWORD = "长江黄河泰山长城二〇二六"
OLD = regulation("阅览室管理办法", ["借书", "还书"], edition="2018", effective_on="2018-03-01")
NEW = regulation("阅览室管理办法", ["借书", "还书", "赔偿"], edition="2023", effective_on="2023-03-01")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two editions, an answer, an account."""
    data = tmp_path_factory.mktemp("moving") / "data"
    library = open_library(data)
    files = [write(data.parent, name, text) for name, text in (("old.md", OLD), ("new.md", NEW))]
    library.add(files, publish=True)
    library.set_card(1, topic="阅览")
    cited = library.document(2)
    library.close()
    accounts = Accounts.open(data)
    accounts.add_first("root1", PASSWORD)
    accounts.close()
    conversations = Conversations.open(data)
    turn = conversations.ask("甲", "怎么赔偿")
    held = CitedDocument(cited.id, cited.card.title, None, None, "2023", cited.validity)
    citation = Citation(1, held, cited.version_id, 3, "第三条", "赔偿由阅览室负责登记", 0, 10)
    answer = Answer("怎么赔偿", "怎么赔偿", Mode.EXTRACT, (Sentence("赔偿", (1,)),), (citation,), confidence=0.5)
    conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
    conversations.close()
    return data


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def url(postgresql: PostgresServer) -> Iterator[str]:
    with postgresql.fresh("migrated") as made:
        yield made


def rows_of(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, the words of the lexical index among them."""
    database = Database.open(data)
    with database.read() as connection:
        names = set(sa.inspect(connection).get_table_names()) - {"outbox", "passage_fts", "passage_terms"}
        names = {name for name in names if not name.startswith(("sqlite_", "passage_fts_"))}
        rows = {
            name: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr) for name in names
        }
        rows["words"] = [
            tuple(row) for row in connection.exec_driver_sql("SELECT term, doc FROM passage_terms ORDER BY term, doc")
        ]
    database.close()
    return rows


def carry(data: Path, url: str | None, target: Path, target_url: str | None) -> int:
    source, new = Database.open(data, url), Database.open(target, target_url)
    try:
        return move(source, new, SCHEMAS).total
    finally:
        source.close()
        new.close()


def test_everything_goes_over_and_comes_back_as_it_was(data: Path, url: str, tmp_path: Path) -> None:
    there = carry(data, None, data, url)
    library, accounts = open_library(data, url=url), Accounts.open(data, url)
    assert [item.card.topic for item in library.documents()] == ["阅览", None]
    assert library.lexical.search(tokenize("赔偿"), 5)
    assert library.dense.search(library.encoder.embed_query("赔偿"), 5)
    assert accounts.log_in("root1", PASSWORD)[0].name == "root1"
    assert accounts.verify_audit().broken_at is None
    library.close()
    accounts.close()
    back = tmp_path / "back"
    Accounts.open(back).close()
    Conversations.open(back).close()
    copy_files(data, back)
    with_session = carry(data, url, back, None)
    assert with_session == there + 1
    before, after = rows_of(data), rows_of(back)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"session", "account"}  # he has logged in between
    again = open_library(back)
    assert again.lexical.search(tokenize("赔偿"), 5)
    again.add([write(tmp_path, "third.md", regulation("书库规定", ["防火"]))])
    assert [item.id for item in again.documents()] == [3, 1, 2]
    again.close()


def test_numbers_go_on_after_a_move(data: Path, url: str, tmp_path: Path) -> None:
    carry(data, None, data, url)
    library = open_library(data, url=url)
    [added] = library.add([write(tmp_path, "third.md", regulation("书库规定", ["防火"]))])
    assert added.document_id == 3
    library.close()


def test_what_holds_anything_is_no_target(data: Path, url: str, tmp_path: Path) -> None:
    carry(data, None, data, url)
    with pytest.raises(StorageError, match="已有数据"):
        carry(data, None, data, url)


def test_a_table_that_nobody_named_stops_the_move_before_anything_is_carried(data: Path, url: str) -> None:
    database = Database.open(data)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE newer (id INTEGER)")
    database.close()
    with pytest.raises(StorageError, match="newer"):
        carry(data, None, data, url)
    library = open_library(data, url=url)
    assert library.documents() == []
    library.close()
