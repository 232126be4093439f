"""The trainer's pages about documents: bringing in, cards, passages, effects before they happen; and who may what."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, PHONE, running, until, visitor, window
from chat_events import Chat
from conftest import Site
from made_up_library import FILES, LEAVE_2023, write_library

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.answerer import Answerer
from assistant.conversations.conversations import Conversations
from assistant.web import build
from assistant.web.admin.documents.parts import Rules
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.model import Status, Validity
from knowledge.retrieval.lexicon import Lexicon

PASSWORD = "长江黄河泰山长城二〇二六"
BATCH = "0123456789abcdef"
LEAVE_2027 = (
    LEAVE_2023.replace("2023年5月10日", "2026年12月1日")
    .replace("2023年6月1日", "2027年1月1日")
    .replace("2018年印发", "2023年印发")
    .replace("年休假八天", "年休假十天")
)


class Place:
    """A library of its own behind a running server, whose clock can be turned."""

    def __init__(self, data: Path, site: Site) -> None:
        self.today = date(2026, 11, 1)
        self.knowledge_base = KnowledgeBase.open(
            data, lambda: site.knowledge_base.encoder, register=Register.load(), today=lambda: self.today
        )
        self.conversations = Conversations.open(data)
        self.accounts = Accounts.open(data)
        self.accounts.add_first("root1", PASSWORD)
        for name, role in (("teacher", Role.TRAINER), ("teacher2", Role.TRAINER), ("xy01", Role.TRAINEE)):
            self.accounts.add("root1", name, PASSWORD, role)
        self.url = ""

    def enter(self, name: str) -> httpx.Client:
        client = visitor(self.url)
        assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
        return client

    def document(self, edition: str) -> Any:
        return next(one for one in self.knowledge_base.documents() if one.card.edition == edition)

    def bring(self, client: httpx.Client, name: str, text: str, batch: str = BATCH) -> int:
        """Upload a file as the page does and wait for its job; the number of the job."""
        reply = client.post("/admin/intake/files", params={"batch": batch, "name": name}, content=text.encode())
        assert reply.status_code == 201, reply.text
        jobs = "/admin/intake/jobs"
        until(lambda: client.get(jobs, params={"batch": batch}).headers["x-open"] == "0", "the job does not end")
        return int(reply.json()["job"])


@pytest.fixture
def rules() -> Rules:
    return Rules(hosts=("example.org",), largest=200_000)


@pytest.fixture
def place(site: Site, tmp_path: Path, rules: Rules) -> Iterator[Place]:
    made = Place(tmp_path / "data", site)
    answerer = Answerer(made.knowledge_base, Register.load(), Lexicon.load())
    app = build(
        answerer=answerer,
        knowledge_base=made.knowledge_base,
        conversations=made.conversations,
        accounts=made.accounts,
        today=lambda: made.today,
        rules=rules,
    )
    with running(app) as url:
        made.url = url
        yield made
    made.conversations.close()
    made.accounts.close()
    made.knowledge_base.close()


def seen(page: str) -> dict[str, str]:
    """The hidden fields of a page that asks for agreement."""
    assert "确认后会发生这些变化" in page
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def add_published(place: Place, tmp_path: Path, *names: str) -> None:
    folder = tmp_path / "files"
    if not folder.exists():
        write_library(folder)
    place.knowledge_base.add([folder / name for name in names or FILES], publish=True)


OLD, NEW = "青禾市机关休假管理规定（2018）.txt", "青禾市机关休假管理规定（2023）.txt"


def test_a_file_is_uploaded_reported_previewed_and_published(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD)
    teacher = place.enter("teacher")
    job = place.bring(teacher, "新规/" + NEW, LEAVE_2023)
    assert place.document("2023").status is Status.DRAFT
    report = teacher.get(f"/admin/intake/{job}").text
    assert "6 条" in report
    assert "《青禾市机关休假管理规定》2018年版由现行有效变为已" in report
    asked = teacher.post(f"/admin/intake/{job}/publish").text
    assert place.document("2023").status is Status.DRAFT
    assert teacher.post(f"/admin/intake/{job}/publish", data=seen(asked)).status_code == 303
    assert place.document("2023").status is Status.PUBLISHED
    assert place.document("2018").validity is not Validity.IN_FORCE
    assert [entry.action for entry in place.accounts.history(2)] == ["发布文件", "上传文件"]


def choices(page: str) -> tuple[dict[str, str], list[str], list[str]]:
    """The page that names many documents: its hidden fields, the ids that are ticked, those that are not."""
    boxes = re.findall(r'name="id" value="(\d+)" (checked)?', page)
    return seen(page), [one for one, ticked in boxes if ticked], [one for one, ticked in boxes if not ticked]


def test_a_batch_is_published_file_by_file_with_effects_and_without_what_is_there_already(
    place: Place, tmp_path: Path
) -> None:
    add_published(place, tmp_path, OLD)
    teacher = place.enter("teacher")
    place.bring(teacher, NEW, LEAVE_2023)
    place.bring(teacher, "抄件 休假规定.txt", LEAVE_2023.replace("　", " "))
    address = f"/admin/intake/batches/{BATCH}/publish"
    page = teacher.post(address).text
    assert "《青禾市机关休假管理规定》2018年版由现行有效变为已" in page
    assert "100% 的文字相同" in page
    fields, ticked, left_out = choices(page)
    assert (len(ticked), len(left_out)) == (1, 1)
    assert "不选有疑问的（1 份）" in page
    assert "2018年版有" not in page  # that another edition reads alike is no doubt
    again = teacher.post(address, data={**fields, "id": [*ticked, *left_out]}).text
    assert "勾选变了" in again
    assert "一份也没有勾选" in teacher.post(address, data=fields).text
    assert place.document("2018").validity is Validity.IN_FORCE
    fields, ticked, _ = choices(teacher.post(address).text)
    done = teacher.post(address, data={**fields, "id": ticked})
    assert done.status_code == 303
    assert "已办：发布 1 份，1 份没有勾选，仍是草稿" in teacher.get(done.headers["location"]).text
    statuses = {one.id: one.status for one in place.knowledge_base.documents()}
    assert statuses[int(ticked[0])] is Status.PUBLISHED
    assert statuses[int(left_out[0])] is Status.DRAFT


def test_many_documents_get_a_topic_are_withdrawn_and_published_together(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path)
    teacher = place.enter("teacher")
    every = place.knowledge_base.documents()
    ids = [str(one.id) for one in every]
    bulk = "/admin/documents/bulk"
    assert teacher.post(bulk, data={"do": "topic", "topic": "机关事务"}).status_code == 400
    assert teacher.post(bulk, data={"do": "topic", "topic": "机关事务", "id": ids}).status_code == 303
    assert {one.card.topic for one in place.knowledge_base.documents()} == {"机关事务"}
    listing = teacher.get("/admin/documents", params={"topic": "机关事务", "sort": "-edition"}).text
    editions = re.findall(r'data-label="版本">([^<]+)<', listing)
    assert editions == sorted(editions, key=lambda one: "" if one == "—" else one, reverse=True)
    assert f"共 {len(ids)} 份" in listing
    page = teacher.post(bulk, data={"do": "withdraw", "id": ids}).text
    assert "没有别的版本" in page
    fields, ticked, _ = choices(page)
    assert ticked == ids
    assert all(one.status is Status.PUBLISHED for one in place.knowledge_base.documents())
    assert teacher.post(bulk, data={**fields, "id": ids}).status_code == 303
    assert all(one.status is Status.WITHDRAWN for one in place.knowledge_base.documents())
    fields, _, _ = choices(teacher.post(bulk, data={"do": "publish", "id": ids[:2]}).text)
    assert teacher.post(bulk, data={**fields, "id": ids[:1]}).status_code == 200  # other ticks than were seen
    assert teacher.post(bulk, data={**fields, "id": ids[:2]}).status_code == 303
    assert sum(one.status is Status.PUBLISHED for one in place.knowledge_base.documents()) == 2
    assert place.enter("xy01").post(bulk, data={"do": "topic", "topic": "甲", "id": ids}).status_code == 403


def test_withdrawing_asks_first_and_says_which_edition_readers_fall_back_to(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD, NEW)
    teacher, new = place.enter("teacher"), place.document("2023")
    page = teacher.post(f"/admin/documents/{new.id}/withdraw").text
    assert "查到的会是《青禾市机关休假管理规定》2018年版" in page
    assert place.document("2023").status is Status.PUBLISHED
    assert teacher.post(f"/admin/documents/{new.id}/withdraw", data=seen(page)).status_code == 303
    assert place.document("2023").status is Status.WITHDRAWN


def test_a_new_edition_takes_over_topic_and_series_of_the_editions_held(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD)
    place.knowledge_base.set_card(place.document("2018").id, topic="假期", series="青禾市职工休假办法")
    place.bring(place.enter("teacher"), NEW, LEAVE_2023)
    assert place.document("2023").card.topic == "假期"
    assert place.document("2023").series == place.document("2018").series


def test_effects_that_are_no_longer_true_are_shown_again(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD)
    teacher = place.enter("teacher")
    job = place.bring(teacher, NEW, LEAVE_2023)
    old_look = seen(teacher.post(f"/admin/intake/{job}/publish").text)
    place.knowledge_base.withdraw(place.document("2018").id)
    again = teacher.post(f"/admin/intake/{job}/publish", data=old_look)
    assert again.status_code == 200
    assert seen(again.text)["seen"] != old_look["seen"]
    assert place.document("2023").status is Status.DRAFT


@pytest.mark.parametrize("rules", [Rules(second_person=True)], ids=["second-person"])
def test_with_the_rule_of_two_nobody_publishes_what_he_brought_in(place: Place, tmp_path: Path) -> None:
    first, second = place.enter("teacher"), place.enter("teacher2")
    job = place.bring(first, NEW, LEAVE_2023)
    document = place.document("2023")
    for path in (f"/admin/intake/{job}/publish", f"/admin/intake/batches/{BATCH}/publish"):
        assert first.post(path, data={**seen(second.post(path).text), "id": document.id}).status_code == 403
    assert first.post(f"/admin/documents/{document.id}/publish").status_code == 403
    # Bringing the same bytes in again under another name makes nobody else of him.
    place.bring(first, "抄件.txt", LEAVE_2023, batch="f" * 16)
    assert first.post(f"/admin/documents/{document.id}/publish").status_code == 403
    assert place.document("2023").status is Status.DRAFT
    assert second.post(f"/admin/documents/{document.id}/publish").status_code == 303
    assert place.document("2023").status is Status.PUBLISHED
    changed = place.bring(first, NEW, LEAVE_2023.replace("八天", "九天"), batch="e" * 16)
    assert "八天" in place.knowledge_base.text(place.document("2023").version_id)
    assert first.post(f"/admin/intake/{changed}/publish").status_code == 403
    agreed = second.post(
        f"/admin/intake/{changed}/publish", data=seen(second.post(f"/admin/intake/{changed}/publish").text)
    )
    assert agreed.status_code == 303
    assert "九天" in place.knowledge_base.text(place.document("2023").version_id)


def test_uploads_are_limited_in_size_and_type_and_only_there(place: Place) -> None:
    teacher = place.enter("teacher")
    where = {"batch": BATCH, "name": "大.txt"}
    assert teacher.post("/admin/intake/files", params=where, content=b"x" * 200_001).status_code == 413
    assert teacher.post("/admin/intake/files", params=where, content=b"x" * 5_000_000).status_code == 413
    assert teacher.post("/admin/intake/web", content=b"x" * 100_000).status_code == 413
    disguised = {"batch": BATCH, "name": "../../规定.docx"}
    reply = teacher.post("/admin/intake/files", params=disguised, content=b"MZ program")
    assert reply.status_code == 400
    assert "规定.docx" in reply.json()["message"]
    assert teacher.post("/admin/intake/files", params={"batch": "x", "name": "a.txt"}, content=b"x").status_code == 400
    assert place.knowledge_base.documents() == []


def test_nobody_adds_to_the_batch_of_another(place: Place) -> None:
    place.bring(place.enter("teacher"), NEW, LEAVE_2023)
    where = {"batch": BATCH, "name": "a.txt"}
    assert place.enter("teacher2").post("/admin/intake/files", params=where, content=b"x").status_code == 400


def test_a_trainee_gets_403_before_his_file_is_looked_at(place: Place) -> None:
    trainee = place.enter("xy01")
    where = {"batch": BATCH, "name": "a.txt"}
    assert trainee.post("/admin/intake/files", params=where, content=b"x" * 150_000).status_code == 403
    for path in ("/admin/intake", "/admin/intake/jobs", "/admin/documents/1", "/admin/documents/1/diff?old=1&new=1"):
        assert trainee.get(path).status_code == 403, path
    for path in ("/admin/intake/web", "/admin/documents/1/card", "/admin/documents/1/cut", "/admin/documents/1/reread"):
        assert trainee.post(path, data={"do": "off:1"}).status_code == 403, path


def test_web_pages_are_for_administrators_and_from_listed_hosts_only(place: Place) -> None:
    form = {"batch": BATCH, "address": "https://www.example.org/a.html"}
    assert place.enter("teacher").post("/admin/intake/web", data=form).status_code == 403
    root = place.enter("root1")
    refused = root.post("/admin/intake/web", data={**form, "address": "https://evil.example/"})
    assert refused.status_code == 400
    assert "evil.example" in refused.text
    assert "从网址添加网页" in root.get("/admin/intake").text
    assert "从网址添加网页" not in place.enter("teacher").get("/admin/intake").text


def test_the_card_is_corrected_after_a_look_at_what_that_moves(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD, NEW)
    teacher, new = place.enter("teacher"), place.document("2023")
    page = teacher.get(f"/admin/documents/{new.id}").text
    assert "自2023年6月1日起施行" in page  # the words on which the date rests
    form = {"title": new.card.title, "issued_on": "2023-05-10", "effective_on": "2027-06-01", "edition": "2023"}
    asked = teacher.post(f"/admin/documents/{new.id}/card", data=form).text
    assert "由现行有效变为尚未施行" in asked
    assert "2027-06-01 起" in asked
    assert place.document("2023").validity is Validity.IN_FORCE
    assert teacher.post(f"/admin/documents/{new.id}/card", data=seen(asked)).status_code == 303
    assert place.document("2023").validity is Validity.NOT_YET
    entry = place.accounts.history(1)[0]
    assert entry.action == "修改文件信息"
    assert entry.detail["changes"] == {"施行日期": ["2023-06-01", "2027-06-01"]}
    back = teacher.post(f"/admin/documents/{new.id}/card", data={**form, "effective_on": "2023-06-01"}).text
    assert teacher.post(f"/admin/documents/{new.id}/card", data=seen(back)).status_code == 303
    assert place.document("2023").validity is Validity.IN_FORCE


def test_a_field_that_a_trainer_confirms_is_his_until_he_takes_it_back(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD)
    teacher, document = place.enter("teacher"), place.document("2018")
    same = {"title": document.card.title, "edition": "2018"}
    teacher.post(f"/admin/documents/{document.id}/card", data={**same, "keep-edition": "on"})
    assert dict(place.knowledge_base.origin(document.id).said) == {"edition": "2018"}
    teacher.post(f"/admin/documents/{document.id}/card", data=same)
    assert dict(place.knowledge_base.origin(document.id).said) == {}
    wrong = teacher.post(f"/admin/documents/{document.id}/card", data={**same, "effective_on": "昨天"})
    assert wrong.status_code == 400
    assert "昨天" in wrong.text


def test_a_document_is_put_into_another_series(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD)
    teacher = place.enter("teacher")
    title, other = "青禾市机关休假管理规定", "青禾市机关工作人员休假办法"
    renamed = LEAVE_2023.replace(f"，2018年印发的《{title}》同时废止", "").replace(title, other)
    place.bring(teacher, "办法.txt", renamed)
    new = place.document("2023")
    place.knowledge_base.publish(new.id)
    assert place.document("2018").validity is Validity.IN_FORCE
    form = {"title": new.card.title, "series": "青禾市机关休假管理规定"}
    asked = teacher.post(f"/admin/documents/{new.id}/card", data=form).text
    assert "《青禾市机关休假管理规定》2018年版由现行有效变为已被修订" in asked
    teacher.post(f"/admin/documents/{new.id}/card", data=seen(asked))
    assert place.document("2018").validity is Validity.REVISED
    assert place.document("2023").series == place.document("2018").series


def test_passages_are_switched_split_and_merged_on_the_page(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, NEW)
    teacher, document = place.enter("teacher"), place.document("2023")

    def passage(ending: str) -> Any:
        held = place.knowledge_base.passages(place.document("2023").version_id)
        return next(p for p in held if p.address.endswith(ending))

    def do(what: str) -> int:
        return teacher.post(f"/admin/documents/{document.id}/cut", data={"do": what, "page": "1"}).status_code

    third = passage("第三条")
    assert do(f"off:{third.id}") == 303
    assert "已停用" in teacher.get(f"/admin/documents/{document.id}").text
    assert do(f"on:{third.id}") == 303
    assert do(f"split:{third.id}:{third.text.index('年休假可以')}") == 303
    assert passage("第二款").text.startswith("年休假可以分段")
    assert do(f"off:{third.id}") == 409  # the page was from before the split
    assert do(f"merge:{passage('第一款').id}") == 303
    assert "分段" in passage("第三条").text
    assert do(f"split:{passage('第三条').id}:99999") == 400
    actions = [entry.action for entry in place.accounts.history(4)]
    assert actions == ["合并条文片段", "分开条文片段", "启用条文片段", "停用条文片段"]


def test_the_page_says_which_questions_led_to_a_passage_and_not_who_asked(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, NEW)
    trainee = place.enter("xy01")
    question = "青禾市机关休假管理规定第三条"
    assert Chat(trainee).ask(question).bridge["answering"]
    teacher, address = place.enter("teacher"), f"/admin/documents/{place.document('2023').id}"
    until(lambda: question in teacher.get(address).text, "the question is not named")
    assert "1 个问题引用过" in teacher.get(address).text
    assert "xy01" not in teacher.get(address).text


def test_versions_and_editions_are_set_side_by_side(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD, NEW)
    teacher = place.enter("teacher")
    old, new = place.document("2018"), place.document("2023")
    page = teacher.get(f"/admin/documents/{new.id}/diff?old={old.version_id}&new={new.version_id}").text
    assert "<del>五" in page
    assert "<ins>八" in page
    assert "新增" in page
    other = place.knowledge_base.add([tmp_path / "files" / "青禾市机关来访接待规则.txt"])[0].document_id
    stranger = place.knowledge_base.document(other or 0).version_id
    assert teacher.get(f"/admin/documents/{new.id}/diff?old={stranger}&new={new.version_id}").status_code == 404


def test_a_text_of_the_future_takes_over_on_its_day_while_the_server_runs(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, NEW)
    teacher = place.enter("teacher")
    job = place.bring(teacher, "青禾市机关休假管理规定（2026）.txt", LEAVE_2027)
    asked = teacher.post(f"/admin/intake/{job}/publish").text
    assert "2027-01-01 起，《青禾市机关休假管理规定》2023年版由现行有效变为" in asked
    teacher.post(f"/admin/intake/{job}/publish", data=seen(asked))
    listed = teacher.get("/admin/documents").text
    assert "即将自动变化" in listed
    assert "2027-01-01" in listed

    def cited() -> str:
        """What the answer to a new question cites, as it is kept."""
        assert Chat(teacher).ask("机关工作人员享受年休假几天？").bridge["answering"]

        def latest() -> Sequence[Any]:
            with place.knowledge_base.database.read() as connection:
                order = "SELECT state, answer FROM turn ORDER BY asked_at DESC LIMIT 1"
                return connection.exec_driver_sql(order).one()

        until(lambda: latest()[0] == "done", "no answer")
        return str(latest()[1])

    assert "八天" in cited()
    place.today = date(2027, 1, 1)
    after = cited()  # the very first question of the day
    assert "十天" in after
    assert "八天" not in after
    assert place.document("2023").validity is not Validity.IN_FORCE
    assert "即将自动变化" not in teacher.get("/admin/documents").text


def test_the_whole_library_is_carried_away_and_brought_back_by_administrators(place: Place, tmp_path: Path) -> None:
    add_published(place, tmp_path, OLD, NEW)
    root, teacher = place.enter("root1"), place.enter("teacher")
    assert teacher.get("/admin/exchange/library.zip").status_code == 403
    assert teacher.post("/admin/exchange/library", params={"batch": BATCH}, content=b"x").status_code == 403
    packed = root.get("/admin/exchange/library.zip").content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".card.yaml")]) == 2
    place.knowledge_base.remove(place.document("2018").id)

    def bring_back(content: bytes, batch: str) -> str:
        reply = root.post("/admin/exchange/library", params={"batch": batch}, content=content)
        assert reply.status_code == 201
        jobs = "/admin/intake/jobs"
        until(lambda: root.get(jobs, params={"batch": batch}).headers["x-open"] == "0", "the job does not end")
        return root.get(jobs, params={"batch": batch}).text

    assert "新增 1 份，更新 0 份，没有变化 1 份" in bring_back(packed, BATCH)
    assert place.document("2018").status is Status.PUBLISHED
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../../evil.card.yaml", "title: 甲")
    assert "会写到别处" in bring_back(outside.getvalue(), "a" * 16)
    assert "不是能打开的压缩包" in bring_back(b"PK no", "b" * 16)


@pytest.mark.browser
@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_the_pages_have_no_violation(
    place: Place, browser: Any, tmp_path: Path, size: dict[str, int], colours: str
) -> None:
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python（含 axe-core）没有安装")
    axe = (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    add_published(place, tmp_path, OLD, NEW)
    root = place.enter("root1")
    job = place.bring(root, "青禾市机关休假管理规定（2026）.txt", LEAVE_2027)
    context = window(browser, viewport=size, locale="zh-CN", color_scheme=colours, bypass_csp=True)
    context.add_cookies([{"name": "xuesi_session", "value": root.cookies["xuesi_session"], "url": place.url}])
    page, old, new = context.new_page(), place.document("2018"), place.document("2023")
    diff = f"/admin/documents/{new.id}/diff?old={old.version_id}&new={new.version_id}"
    for path in ("documents", "intake", f"intake/{job}", "exchange", f"documents/{new.id}"):
        page.goto(f"{place.url}/admin/{path}")
        assert violations(page, axe) == [], path
    page.click("button:has-text('移除')")
    page.wait_for_selector("#effects")
    assert violations(page, axe) == []
    page.goto(place.url + diff)
    assert violations(page, axe) == []
    context.close()


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [one["id"] for one in found] + (["wider than the screen"] if wide > 0 else [])


@pytest.mark.browser
def test_a_trainer_brings_in_files_in_a_browser(place: Place, browser: Any, tmp_path: Path) -> None:
    folder = write_library(tmp_path / "文件")
    (folder / "图片.png").write_bytes(b"\x89PNG")
    context = window(browser, viewport={"width": 1280, "height": 800}, locale="zh-CN")
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(place.url + "/admin/intake")
    page.fill("input[name=name]", "teacher")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_selector("#drop")
    page.set_input_files("#folder", str(folder))
    page.wait_for_selector("text=跳过 1 个")
    page.click("text=只看这一批")
    page.wait_for_selector("text=发布这一批（4 份）")
    page.click("text=发布这一批（4 份）")
    assert "确认后会发生这些变化" in page.inner_text("main")
    page.click("main button:has-text('发布勾选的文件')")
    page.wait_for_selector("#jobs")
    assert len(place.knowledge_base.published()) == 4
    page.click("#jobs a:has-text('核对') >> nth=0")
    page.wait_for_selector("#card")
    page.check("input[name=keep-edition]")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=教员核定")
    page.click("ol.passages li:nth-child(2) button:has-text('停用')")
    page.wait_for_selector("text=已停用")
    assert troubles == []
    context.close()
