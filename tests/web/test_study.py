"""From an item in the bank to a trainee's practice, his wrong answers and reviews; items nobody approved are never asked."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from desk_site import DeskSite

from assistant.study.excerpt import excerpt
from assistant.study.question_bank import Content, Finding, Kind, QuestionBank

RULE = "机关工作人员连续工作满一年的，享受年休假八天。"


@pytest.fixture(scope="module")
def item_id(desk: DeskSite) -> int:
    """A draft on the made-up rule of holidays."""
    document = next(one for one in desk.kb.documents() if "休假" in one.card.title and one.card.edition == "2023")
    start = desk.kb.text(document.version_id).index(RULE)
    source = excerpt(desk.kb, document.id, document.version_id, start, start + len(RULE))
    stem = "根据《青禾市机关休假管理规定》，连续工作满一年的，享受年休假____。"
    content = Content(Kind.FILL, stem, (), ("八天",), topic="休假", source=source)
    (made,) = QuestionBank(desk.conversations, desk.kb).add("teacher", [content], finding=Finding.CONFIRMED)
    assert made is not None
    return made


@pytest.fixture
def trainee(desk: DeskSite) -> Iterator[httpx.Client]:
    with desk.enter("xy01") as client:
        yield client


@pytest.fixture
def trainer(desk: DeskSite) -> Iterator[httpx.Client]:
    with desk.enter("teacher") as client:
        yield client


def test_an_item_is_approved_practised_kept_as_wrong_and_reviewed(
    desk: DeskSite, trainee: httpx.Client, trainer: httpx.Client, item_id: int, tmp_path: Path
) -> None:
    refused = trainee.post("/study/tests", data={"mode": "练习"})
    assert (refused.status_code, "教员审定" in refused.text) == (400, True)
    assert trainee.get("/admin/items").status_code == 403

    assert "年休假" in trainer.get("/admin/items?status=草稿").text
    assert "享受年休假____" in trainer.get(f"/admin/items/{item_id}").text
    decided = trainer.post("/admin/items", data={"item": str(item_id), "do": "approve"}, follow_redirects=True)
    assert "1 道已改为“已审”" in decided.text

    assert "休假（1 道）" in trainee.get("/study").text
    address = trainee.post("/study/tests", data={"mode": "练习", "topic": "休假"}).headers["location"]
    page = trainee.get(address).text
    assert "享受年休假" in page
    assert "八天" not in page
    told = trainee.post(f"{address}/items/{item_id}", data={"given": "五天"}, follow_redirects=True).text
    assert "答错了" in told
    assert re.search(r'href="/document/\d+\?at=\d+-\d+&amp;version=\d+#quote"', told)
    assert "享受年休假" in trainee.get("/study/wrong").text

    card = re.search(r"/study/review/(\w+)/put-off", trainee.get("/study/review").text)
    assert card
    opened = trainee.get(f"/study/review?open=true&card={card[1]}").text
    assert "八天" in opened
    trainee.post(f"/study/review/{card[1]}", data={"known": "3"})
    assert "今天温习了 1 张" in trainee.get("/study/review").text
    deck = trainee.get("/study/review/anki")
    with zipfile.ZipFile(io.BytesIO(deck.content)) as package:
        (tmp_path / "cards.db").write_bytes(package.read("collection.anki2"))
    with closing(sqlite3.connect(tmp_path / "cards.db")) as cards:
        ((fields,),) = cards.execute("SELECT flds FROM notes").fetchall()
    assert "享受年休假____" in fields
    assert "答案：八天" in fields

    with desk.enter("xy02") as other:
        assert other.get(address).status_code == 404
        assert other.post(f"/study/review/{card[1]}", data={"known": "3"}).status_code == 404
        assert "没有错题" in other.get("/study/wrong").text


def test_a_paper_is_marked_when_it_is_handed_in(trainee: httpx.Client, trainer: httpx.Client, item_id: int) -> None:
    trainer.post("/admin/items", data={"item": str(item_id), "do": "approve"})
    address = trainee.post("/study/tests", data={"mode": "试卷"}).headers["location"]
    assert "八天" not in trainee.get(address).text
    assert trainee.post(f"{address}/items/{item_id}", data={"given": "八天"}).status_code == 400
    handed = trainee.post(f"{address}/hand-in", data={str(item_id): "8 天"}, follow_redirects=True).text
    assert "1 / 1 题对" in handed


def test_a_trainer_mends_an_item_and_takes_it_out(trainer: httpx.Client, trainee: httpx.Client, item_id: int) -> None:
    form = {"stem": "年休假几天？____", "answer": "八天|8日", "explanation": "见第三条", "topic": "休假"}
    wrong = trainer.post(f"/admin/items/{item_id}", data=form | {"answer": "八天\n九天"})
    assert (wrong.status_code, "1 个空，答案有 2 个" in wrong.text) == (400, True)
    trainer.post(f"/admin/items/{item_id}", data=form | {"do": "save"})
    assert "休假（1 道）" not in trainee.get("/study").text, "what was changed is a draft again"
    trainer.post(f"/admin/items/{item_id}", data=form | {"do": "approve"})
    assert "休假（1 道）" in trainee.get("/study").text
    trainer.post("/admin/items", data={"item": str(item_id), "do": "stop"})
    trainer.post("/admin/items", data={"item": str(item_id), "do": "delete"})
    assert trainer.get(f"/admin/items/{item_id}").status_code == 404


def test_a_bank_is_looked_at_before_it_is_kept_and_items_are_made_from_a_document(
    desk: DeskSite, trainer: httpx.Client, trainee: httpx.Client
) -> None:
    rows = "题型,题干,选项A,选项B,答案\n单选,来访接待由谁登记（ ）,值班员,门卫,A\n单选,没有答案（ ）,甲,乙,\n"
    looked = trainer.post("/admin/items/import", files={"file": ("题库.csv", rows.encode())})
    assert "读出 1 道，没有读出 1 道" in looked.text
    assert "没有答案。" in looked.text
    assert "来访接待由谁登记" not in trainer.get("/admin/items").text
    token = re.search(r'name="token" value="(\w+)"', looked.text)
    assert token
    kept = trainer.post("/admin/items/import/keep", data={"token": token[1]}, follow_redirects=True)
    assert "导入 1 道草稿" in kept.text
    assert trainer.post("/admin/items/import/keep", data={"token": token[1]}).status_code == 400
    assert trainer.post("/admin/items/import", files={"file": ("a.pdf", b"x")}).status_code == 400

    document = next(one for one in desk.kb.documents() if "休假" in one.card.title and one.card.edition == "2023")
    assert document.card.title in trainer.get("/admin/items/make").text
    made = trainer.post("/admin/items/make", data={"document": str(document.id), "count": "5"}, follow_redirects=True)
    assert "道草稿" in made.text
    older = next(one for one in desk.kb.documents() if "休假" in one.card.title and one.card.edition == "2018")
    assert trainer.post("/admin/items/make", data={"document": str(older.id)}).status_code == 400
    assert trainer.get("/admin/items/export").content.startswith(b"PK")
    for path in ("/admin/items/import", "/admin/items/make", "/admin/items/export"):
        assert trainee.get(path).status_code == 403
