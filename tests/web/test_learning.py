"""Learning from a document, with a clock of its own: its points, a diagnosis, a plan, what changed, and a trainee's week."""

from __future__ import annotations

import html
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import httpx
import openpyxl
import pytest
from browsing import DESKTOP, PHONE, fits, window
from desk_site import DeskSite, desk_site

from assistant.study.excerpt import excerpt
from assistant.study.question_bank import Content, Finding, Kind, QuestionBank, Status
from assistant.study.self_test import Mode, SelfTests

SPEECH = """在青禾市专题培训班上的研讨发言材料

各位老师、同学：

下面谈三点体会。

一、让干事的人有办法，打通“不会”的路

办法从学习和实践中来。一是抓好业务培训。把常用的文件读熟，遇到事情先找依据。二是多到岗位历练。到窗口和村里去，把事情从头办到尾。

二、让干事的人有底气，打消“不敢”的顾虑

底气从规矩中来。一是讲清容错纠错。哪些失误可以容，事先说明白。二是改进考核评价。把做了什么记清楚。

三、让干事的人有劲头，打破“不想”的壁垒

劲头从认可中来。一是落实激励措施。该有的保障按时给到。二是讲好先进典型。身边的事最能打动人。

发言完毕，谢谢大家。
"""


@dataclass
class Clock:
    """A clock that stands until it is moved on."""

    moment: datetime = datetime(2026, 3, 2, 1, 0)

    def __call__(self) -> datetime:
        return self.moment

    def next_day(self, days: int = 1) -> None:
        self.moment += timedelta(days=days)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DeskSite]:
    """One server for all of these pages."""
    folder = tmp_path_factory.mktemp("school")
    with desk_site(folder / "data", now=clock) as opened:
        today = date.today()
        made = opened.accounts.school.add("root1", "春季一班", today - timedelta(days=9), today + timedelta(days=30))
        opened.accounts.school.move("root1", "xy01", made.id)
        (folder / "发言").mkdir()
        (folder / "发言" / "研讨发言材料.txt").write_text(SPEECH, encoding="utf-8")
        opened.kb.add([folder / "发言"], publish=True)
        yield opened


@pytest.fixture
def trainee(school: DeskSite) -> Iterator[httpx.Client]:
    with school.enter("xy01") as client:
        yield client


@pytest.fixture
def trainer(school: DeskSite) -> Iterator[httpx.Client]:
    with school.enter("teacher") as client:
        yield client


def numbered(school: DeskSite, title: str, edition: str | None = None) -> int:
    """The id of the document whose title contains `title`."""
    every = school.kb.documents()
    return next(one.id for one in every if title in one.card.title and edition in (None, one.card.edition))


def test_a_reader_sees_the_points_of_a_document_and_opens_each_at_its_place(
    school: DeskSite, trainee: httpx.Client
) -> None:
    number = numbered(school, "来访接待")
    assert f'href="/document/{number}/points"' in trainee.get(f"/document/{number}").text
    page = trainee.get(f"/document/{number}/points").text
    assert re.search(r"应当自登记之日起<strong>十二日</strong>内答复来访人", page)
    place = re.search(r'class="where" href="([^"#]+)#quote">第二章 › 第四条', page)
    assert place
    opened = trainee.get(place[1].replace("&amp;", "&")).text
    assert re.search(r'<mark id="quote">来访事项应当自登记之日起十二日内', opened)
    card = trainee.get(f"/document/{number}/card").text
    assert "十二日" in card
    assert "我的体会" in card
    assert trainee.get("/document/999999/points").status_code == 404


UNABLE = {f"s{number}": "3" if number % 3 == 0 else "0" for number in range(15)}


def test_a_diagnosis_cites_the_speech_and_keeps_nothing_unasked(school: DeskSite, trainee: httpx.Client) -> None:
    assert trainee.get("/study/diagnosis").text.count("<fieldset") == 15
    short = trainee.post("/study/diagnosis", data=UNABLE | {"s4": ""})
    assert (short.status_code, "15 句里选了 14 句" in short.text) == (400, True)
    told = trainee.post("/study/diagnosis", data=UNABLE).text
    assert re.search(r'class="leading"><dt>不会</dt><dd>比较突出', told)
    assert "抓好业务培训" in told
    assert "讲清容错纠错" not in told, "what does not stand out gets no measure"
    number = numbered(school, "研讨发言")
    place = re.search(rf'href="(/document/{number}\?at=[^"#]+)#quote">看原文', told)
    assert place
    assert "一是抓好业务培训" in trainee.get(place[1].replace("&amp;", "&")).text
    assert "我保存的诊断" not in trainee.get("/study/diagnosis").text

    kept = trainee.post("/study/diagnosis/keep", data={"answers": "300" * 5}).headers["location"]
    assert "保存于" in trainee.get(kept).text
    assert "我保存的诊断" in trainee.get("/study/diagnosis").text
    for name in ("xy02", "teacher", "root1"):
        with school.enter(name) as other:
            assert other.get(kept).status_code == 404
    trainee.post(f"{kept}/forget")
    assert trainee.get(kept).status_code == 404


def test_without_the_speech_a_diagnosis_says_so(school: DeskSite, trainee: httpx.Client) -> None:
    number = numbered(school, "研讨发言")
    school.kb.withdraw(number)
    told = trainee.post("/study/diagnosis", data=UNABLE).text
    school.kb.publish(number)
    assert "没有做法可以引用" in told
    assert "看原文：" not in told


def test_a_diagnosis_becomes_a_plan(trainee: httpx.Client) -> None:
    address = trainee.post("/study/diagnosis/plan", data={"answers": "300" * 5}).headers["location"]
    plan = trainee.get(address).text
    assert "从“不会”入手" in plan
    assert "结合自己的工作谈“抓好业务培训”" in plan
    trainee.post(f"{address}/delete")
    assert trainee.get(address).status_code == 404


def lines_of(page: str) -> list[int]:
    """Where the lines of a document's page begin."""
    return [int(one) for one in re.findall(r'<p id="s-(\d+)"', page)]


def test_reading_is_noted_by_article_only_when_asked_and_goes_on_where_it_stopped(
    school: DeskSite, trainee: httpx.Client
) -> None:
    document = school.kb.document(numbered(school, "来访接待"))
    page = trainee.get(f"/document/{document.id}").text
    assert "记下读到哪里" in page
    lines = lines_of(page)
    seen = {"version": document.version_id, "lines": lines[: len(lines) // 2]}
    assert trainee.post(f"/api/reading/{document.id}", json=seen).json() == {}, "nobody asked for it to be noted"
    trainee.post(f"/study/reading/{document.id}")
    noted = trainee.post(f"/api/reading/{document.id}", json=seen).json()
    assert 0 < noted["read"] < noted["total"]
    goes_on = re.search(r'href="#s-(\d+)">接着读(第.条)', trainee.get(f"/document/{document.id}").text)
    assert goes_on
    assert int(goes_on[1]) in lines[len(lines) // 2 - 2 :]
    with school.enter("xy02") as other:
        assert "接着读" not in other.get(f"/document/{document.id}").text
    noted = trainee.post(f"/api/reading/{document.id}", json={"version": document.version_id, "lines": lines}).json()
    assert noted["read"] == noted["total"]
    assert "读完了" in trainee.get("/study/plans").text
    trainee.post(f"/study/reading/{document.id}/forget")
    assert "读完了" not in trainee.get("/study/plans").text


def test_a_class_gets_a_plan_and_its_trainer_sees_nobodys_progress(
    school: DeskSite, trainee: httpx.Client, trainer: httpx.Client
) -> None:
    number = numbered(school, "网页内容")
    refused = trainee.get("/admin/plans")
    assert refused.status_code == 403
    made = trainer.post("/admin/plans", data={"class_id": "1", "title": "三月计划"}).headers["location"]
    wrong = trainer.post(f"{made}/steps", data={"task": "读完"})
    assert (wrong.status_code, "要选一份文件" in wrong.text) == (400, True)
    trainer.post(f"{made}/steps", data={"task": "读完", "document": str(number), "due": "2026-03-10"})
    trainer.post(f"{made}/steps", data={"task": "研讨", "words": "怎样把网页写清楚"})
    assert "春季一班" in trainee.get("/study/plans").text
    address = f"/study/plans/{made.rsplit('/', 1)[1]}"
    plan = trainee.get(address).text
    assert "3月10日前" in plan
    assert "完成 0 / 2 项" in plan
    tick = re.search(r'action="([^"]+/tick)"', plan)
    assert tick
    trainee.post(tick[1], data={"done": "true"})
    assert "完成 1 / 2 项" in trainee.get(address).text
    assert "完成 1" not in trainer.get(made).text
    assert trainee.post(f"{address}/steps", data={"task": "研讨", "words": "别的"}).status_code == 404
    with school.enter("xy02") as other:
        assert other.get(address).status_code == 404
    trainer.post(f"{made}/delete")
    assert trainee.get(address).status_code == 404


RULES = {  # words of the new edition of the rule of holidays, as items ask for them
    "机关工作人员连续工作满一年的，享受年休假八天。": ("年休假为____。", "八天"),
    "年休假可以分段安排，一般不跨年度。": ("年休假一般不跨____。", "年度"),
    "年休假由本人提出申请，经科室负责人审核、分管领导批准后执行。": ("年休假由____批准。", "分管领导"),
}


@pytest.fixture(scope="module")
def holidays(school: DeskSite, clock: Clock) -> list[int]:
    """Three approved items on the holidays of 2023, each on something that edition changed."""
    document = school.kb.document(numbered(school, "休假", "2023"))
    text = school.kb.text(document.version_id)
    contents = []
    for words, (stem, answer) in RULES.items():
        start = text.index(words)
        source = excerpt(school.kb, document.id, document.version_id, start, start + len(words))
        contents.append(Content(Kind.FILL, stem, (), (answer,), topic="休假", source=source))
    bank = QuestionBank(school.conversations, school.kb, clock)
    made = [one for one in bank.add("teacher", contents, finding=Finding.CONFIRMED) if one is not None]
    assert bank.decide("teacher", made, Status.APPROVED) == []
    return made


def test_a_new_edition_is_a_lesson_for_those_who_knew_the_old_one(
    school: DeskSite, trainee: httpx.Client, trainer: httpx.Client, holidays: list[int]
) -> None:
    old, new = numbered(school, "休假", "2018"), numbered(school, "休假", "2023")
    offer = f"/study/changes/{new}"
    assert offer not in trainee.get("/study").text
    trainee.post(f"/study/reading/{old}")
    assert offer in trainee.get("/study").text
    page = trainee.get(offer).text
    assert "<del>五</del>" in page
    assert "<ins>八</ins>" in page
    assert "第一条" not in page, "what stayed is no part of the lesson"
    assert "做 3 道关于改动的题" in page
    test = trainee.post(f"{offer}/test").headers["location"]
    assert "改了什么" in trainee.get(test).text
    trainee.post(f"{test}/forget")
    trainee.post(f"{offer}/seen")
    assert offer not in trainee.get("/study").text
    trainee.post(f"/study/reading/{old}/forget")
    assert trainee.get(f"/study/changes/{old}").status_code == 404
    made = trainer.post("/admin/items/make/changes", data={"document": str(new)}, follow_redirects=True)
    assert "改动" in made.text
    assert trainer.post("/admin/items/make/changes", data={"document": str(old)}).status_code == 400


def test_a_trainees_week(
    school: DeskSite, trainee: httpx.Client, clock: Clock, holidays: list[int], tmp_path: Path
) -> None:
    """He asks, saves, tests himself, reviews what comes back, follows his plan, and takes his record away."""
    monday = clock.moment
    document = school.kb.document(numbered(school, "休假", "2023"))
    _, answer = school.ask("xy01", "青禾市机关休假管理规定第三条")
    cited = answer.citations[0]
    saved = {"document": cited.document.id, "version": cited.version_id, "start": cited.start, "end": cited.end}
    note = trainee.post("/api/notes", json=saved).json()["id"]
    trainee.post("/study/review/notes", data={"note": note})

    plan = trainee.post("/study/plans", data={"title": "弄懂休假"}).headers["location"]
    sunday = (clock.moment + timedelta(days=6)).date().isoformat()
    trainee.post(f"{plan}/steps", data={"task": "读完", "document": str(document.id), "due": sunday})
    trainee.post(f"{plan}/steps", data={"task": "自测", "words": "休假"})
    trainee.post(f"{plan}/steps", data={"task": "问清", "words": "年休假能分几次休？"})

    def practise(*answers: str) -> str:
        """Answer the items in their order; the page with how it went."""
        address = trainee.post("/study/tests", data={"mode": "试卷", "topic": "休假"}).headers["location"]
        sent = {str(number): given for number, given in zip(holidays, answers, strict=True)}
        return trainee.post(f"{address}/hand-in", data=sent, follow_redirects=True).text

    assert "1 / 3 题对" in practise("五天", "年度", "科室负责人")
    assert "最近一次 1 / 3 题对" in trainee.get(plan).text
    came = {day: reviewed(trainee, clock) for day in range(9)}
    assert came[0] == {"年休假为", "由", "收藏"}, "what was wrong and what was saved, on the same day"
    assert came[1] == {"年休假为", "由"}, "what was forgotten comes back the next day, what was well known does not"
    assert all("收藏" not in came[day] for day in range(1, 4))
    assert any("收藏" in came[day] for day in range(4, 9)), "and it comes back before it is forgotten"
    assert "不跨" not in {word for words in came.values() for word in words}, "what was right is no card"

    clock.moment = monday + timedelta(days=5)
    assert "3 / 3 题对" in practise("8 天", "年度", "分管领导")
    trainee.post(f"/study/reading/{document.id}")
    lines = lines_of(trainee.get(f"/document/{document.id}").text)
    trainee.post(f"/api/reading/{document.id}", json={"version": document.version_id, "lines": lines})
    tick = re.search(r'action="([^"]+/tick)"', trainee.get(plan).text)
    assert tick
    trainee.post(tick[1], data={"done": "true"})
    assert "完成 3 / 3 项" in trainee.get(plan).text

    record = trainee.get("/study/record").text
    assert "通过" in record
    assert "分钟" not in record
    book = openpyxl.load_workbook(io.BytesIO(trainee.get("/study/record/xlsx").content))
    assert {(sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) for sheet in book} == {
        ("landscape", True)
    }, "printed, no column stands on a page of its own"
    note = book["说明"]
    assert note.row_dimensions[note.max_row].height >= 30, (
        "a long text is seen whole where rows do not grow by themselves"
    )
    rows = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    assert rows["阅读"][1][:2] == ["《青禾市机关休假管理规定》", "6 / 6 条"]
    assert [row[3:] for row in rows["自测"][1:3]] == [["3 / 3 题", "通过"], ["1 / 3 题", "没有通过"]]
    assert [row[1] for row in rows["计划"][1:]] == ["读完", "自测", "问清"]
    word = docx.Document(io.BytesIO(trainee.get("/study/record/docx").content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "《青禾市机关休假管理规定》" in cells
    assert "自己确认" in cells
    cards = anki_notes(trainee.get("/study/review/anki").content, tmp_path)
    assert sorted(front.split("为")[0].split("第")[0] for front in cards) == [
        "《青禾市机关休假管理规定》",
        "年休假",
        "年休假由____批准。",
    ]
    assert any(back.startswith("答案：八天") for back in cards.values())


def reviewed(trainee: httpx.Client, clock: Clock) -> set[str]:
    """Go through the cards of a day, the first time badly where it was wrong, and on to the next day; what came."""
    came: set[str] = set()
    while card := re.search(r"/study/review/(\w+)/put-off", page := trainee.get("/study/review").text):
        word = next(one for one in ("收藏", "年休假为", "不跨", "由") if one in page.partition('class="stem"')[2][:200])
        came.add(word)
        known = "4" if word == "收藏" else "1" if clock.moment.day == 2 else "3"
        trainee.post(f"/study/review/{card[1]}", data={"known": known})
    clock.next_day()
    return came


def test_after_a_holiday_no_day_asks_for_more_than_the_reader_set(
    school: DeskSite, clock: Clock, tmp_path: Path
) -> None:
    """Twelve saved passages at five a day; a day is missed, then three weeks; nothing is heaped up and nothing reproached."""
    begun = clock.moment
    with school.enter("xy02") as trainee:
        plan = trainee.post("/study/plans", data={"title": "休假前读懂"}).headers["location"]
        due = (begun + timedelta(days=2)).date()
        trainee.post(f"{plan}/steps", data={"task": "研讨", "words": "怎样答复来访", "due": due.isoformat()})
        quotes = keep_as_cards(school, trainee, 12)
        trainee.post("/study/review/pace", data={"cards": "5"})

        assert "另有 7 张会分在后面 2 天" in trainee.get("/study/review").text
        first, page = session(trainee, known="3")
        tomorrow = begun + timedelta(days=1)
        assert f"下一张在 {tomorrow.month}月{tomorrow.day}日" in page, "what waits behind the limit comes the next day"
        more = trainee.get("/study/review?more=true").text
        assert shown(more) not in first, "who wants more today gets what waits, and no card twice"
        clock.next_day()
        second, _ = session(trainee, known="3")
        clock.next_day(2)  # a day is missed
        third, _ = session(trainee, known="3")
        clock.next_day()
        fourth, _ = session(trainee, known="3")
        assert [len(one) for one in (first, second, third, fourth)] == [5, 5, 5, 5]
        assert {*first, *second, *third, *fourth} == set(quotes), "each has come, though others came a second time"

        clock.next_day(21)
        plain = trainee.get("/study/review").text
        assert "另有 7 张会分在后面 2 天" in plain
        assert not re.search("逾期|欠|错过|落下|加油", plain + trainee.get("/study").text)
        days = []
        for _ in range(6):
            came, page = session(trainee, known="3")
            days.append(came)
            clock.next_day()
        assert [len(one) for one in days[:3]] == [5, 5, 2], "the backlog is gone on the third day"
        assert sorted(one for came in days for one in came) == sorted(quotes), (
            "each card once, and none again within the week"
        )
        step = trainee.get(plan).text
        assert f"{due.month}月{due.day}日前（已过）" in step
        assert "未完成" in step

        word = docx.Document(io.BytesIO(trainee.get("/study/record/docx").content))
        assert word.core_properties.created == clock.moment.replace(microsecond=0, tzinfo=UTC)
        cards = anki_notes(trainee.get("/study/review/anki").content, tmp_path)
        assert len(cards) == 12
        assert all(any(quote in back for back in cards.values()) for quote in quotes.values())
    clock.moment = begun


def keep_as_cards(school: DeskSite, trainee: httpx.Client, count: int) -> dict[str, str]:
    """Save as many passages, each as a card; their words by what stands on the front."""
    kept: dict[str, str] = {}
    for document in school.kb.published():
        for passage in school.kb.passages(document.version_id):
            front = f"《{document.card.title}》{passage.address.replace('/', ' › ')}"
            if len(kept) == count or front in kept:
                continue
            place = {"start": passage.start, "end": passage.end, "version": document.version_id}
            saved = trainee.post("/api/notes", json=place | {"document": document.id})
            trainee.post("/study/review/notes", data={"note": saved.json()["id"]})
            kept[front] = passage.text.splitlines()[-1]
    assert len(kept) == count
    return kept


def shown(page: str) -> str:
    """What stands on the front of the card on a page."""
    found = re.search(r'class="stem"><span class="kind">收藏</span>([^<]+)</h2>', page)
    return found[1].strip() if found else ""


def session(trainee: httpx.Client, known: str) -> tuple[list[str], str]:
    """Go through the cards of a day; their fronts, and the page after the last."""
    came: list[str] = []
    while card := re.search(r"/study/review/(\w+)/put-off", page := trainee.get("/study/review").text):
        came.append(shown(page))
        trainee.post(f"/study/review/{card[1]}", data={"known": known})
    return came, page


def anki_notes(package: bytes, folder: Path) -> dict[str, str]:
    """Front and back of each note of a deck, as Anki would read them."""
    with zipfile.ZipFile(io.BytesIO(package)) as deck:
        (folder / "deck.db").write_bytes(deck.read("collection.anki2"))
    with closing(sqlite3.connect(folder / "deck.db")) as opened:
        rows = opened.execute("SELECT flds FROM notes").fetchall()
    return dict(html.unescape(row[0]).replace("<br>", "\n").split("\x1f") for row in rows)


@pytest.fixture(scope="module")
def answered(school: DeskSite, clock: Clock, holidays: list[int]) -> int:
    """A choice that six people answered together with the items on holidays, half of them wrong; its id."""
    tests = SelfTests(school.conversations, clock)
    bank = QuestionBank(school.conversations, school.kb, clock)
    content = Content(Kind.SINGLE, "来访事项几日内答复（ ）", ("十日", "十二日", "二十日"), ("B",), topic="接待")
    (choice,) = bank.add("teacher", [content])
    assert choice is not None
    bank.decide("teacher", [choice], Status.APPROVED)
    for place in range(6):
        able, user = place >= 3, f"reader-{place}"
        test = tests.begin(user, Mode.PAPER, "混合", [*holidays, choice])
        answers = ("八天", "年度", "分管领导") if able else ("五天", "年度", "主任")
        for number, given in zip(holidays, answers, strict=True):
            tests.reply(user, test.id, bank.get(number), [given])
        tests.reply(user, test.id, bank.get(choice), ["B" if able else "A"])
    return choice


def test_a_trainer_sees_how_items_went_and_nothing_of_small_groups(
    trainer: httpx.Client, trainee: httpx.Client, answered: int
) -> None:
    assert trainee.get("/admin/results").status_code == 403
    page = trainer.get("/admin/results").text
    assert "来访事项几日内答复" in page
    assert "A．十日（少于 5 人）" in page
    assert "50%，6 人" in page
    assert "主任" not in page, "what somebody wrote himself is shown to nobody"
    small = trainer.get("/admin/results", params={"class_id": "1"}).text
    assert "做过自测的不到 5 人" in small
    assert "来访事项几日内答复" not in small


def test_a_paper_is_composed_and_printed_with_its_answer_sheet_and_key(
    trainer: httpx.Client, holidays: list[int]
) -> None:
    refused = trainer.post("/admin/papers", data={"title": "空卷", "FILL": "0"})
    assert (refused.status_code, "没有够用的已审题目" in refused.text) == (400, True)
    made = trainer.post("/admin/papers", data={"title": "休假测验", "topic": "休假", "FILL": "3"}).headers["location"]
    assert "3 题" in trainer.get(made).text

    def words(part: str) -> str:
        document = docx.Document(io.BytesIO(trainer.get(f"{made}/{part}.docx").content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in document.paragraphs), *cells])

    assert "年休假为＿＿＿＿＿＿" in words("paper")
    lines = [line for line in words("sheet").splitlines() if "＿" in line and "姓名" not in line]
    assert lines
    assert max(map(len, lines)) <= 26, "a rule to write on is one line, of 28 characters less the indent"
    assert "八天" not in words("paper")
    assert "八天" not in words("sheet")
    assert re.search(r"\d．八天\n出处：《青禾市机关休假管理规定》第二章第三条", words("key"))
    trainer.post(f"{made}/items/{holidays[0]}/delete")
    assert "八天" not in words("key")
    trainer.post(f"{made}/delete")
    assert trainer.get(made).status_code == 404


@pytest.fixture(scope="module")
def axe() -> str:
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python（含 axe-core）没有安装")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def opened(school: DeskSite, browser: Any, axe: str) -> Iterator[Callable[[str, dict[str, int], str], Any]]:
    """Opens a page as somebody, in a size; it fits, and axe has nothing against it."""
    contexts: list[Any] = []

    def opener(name: str, size: dict[str, int], address: str) -> Any:
        colours = "dark" if size is PHONE else "light"
        context = window(browser, viewport=size, base_url=school.url, color_scheme=colours, bypass_csp=True)
        contexts.append(context)
        context.add_cookies([{"name": "xuesi_session", "value": school.session(name), "url": school.url}])
        page = context.new_page()
        page.goto(address)
        return page

    yield opener
    for context in contexts:
        context.close()


def looked_at(page: Any, axe: str, name: str) -> None:
    """It is not wider than its window, and axe finds nothing."""
    fits(page, name)
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found] == []


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_points_and_diagnosis_fit_and_are_accessible(
    school: DeskSite, opened: Callable[..., Any], axe: str, size: dict[str, int]
) -> None:
    number = numbered(school, "来访接待")
    page = opened("xy01", size, f"/document/{number}/points")
    looked_at(page, axe, "points")
    page.click("text=学习卡（可打印）")
    looked_at(page, axe, "study-card")
    page.goto("/study/diagnosis")
    looked_at(page, axe, "diagnosis")
    for number in range(15):
        page.locator(f"input[name=s{number}]").nth(3 if number % 3 == 1 else 1).check()
    page.click("text=看结果")
    page.get_by_role("heading", name="从哪里学起").wait_for()
    looked_at(page, axe, "diagnosis-result")
    page.click("text=做成我的学习计划")
    page.get_by_role("heading", name="从“不敢”入手").wait_for()
    looked_at(page, axe, "plan")
    page.goto("/study/plans")
    looked_at(page, axe, "plans")
    page.goto("/study/record")
    looked_at(page, axe, "record")


@pytest.mark.browser
def test_a_document_is_read_by_looking_at_it_and_a_question_waits_in_the_box(
    school: DeskSite, opened: Callable[..., Any]
) -> None:
    number = numbered(school, "网页内容")
    page = opened("xy02", DESKTOP, f"/document/{number}")
    page.click("text=记下读到哪里")
    page.locator("#read-so-far", has_text="已读 0").wait_for()
    for _ in range(4):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(300)
    page.locator("#read-so-far", has_text="读完了，共 4 条").wait_for(timeout=15000)
    page.goto("/?ask=来访多久答复？")
    page.wait_for_function("document.querySelector('#ask textarea')?.value === '来访多久答复？'")


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_desks_plans_fit_and_are_accessible(
    school: DeskSite, opened: Callable[..., Any], axe: str, size: dict[str, int]
) -> None:
    page = opened("teacher", size, "/admin/plans")
    looked_at(page, axe, "desk-plans")
    page.fill("input[name=title]", "读懂接待规则")
    page.click("text=新建")
    page.select_option("#document", str(numbered(school, "来访接待")))
    page.fill("#due", "2026-03-20")
    page.click("text=加入")
    page.locator(".plan-steps .item").wait_for()
    looked_at(page, axe, "desk-plan")
    page.click("text=删去这个计划")


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_self_tests_reviews_and_the_bank_fit_and_are_accessible(
    school: DeskSite, opened: Callable[..., Any], axe: str, holidays: list[int], size: dict[str, int]
) -> None:
    page = opened("xy02", size, "/study")
    looked_at(page, axe, "study")
    with school.enter("xy02") as trainee:
        practice = trainee.post("/study/tests", data={"mode": "练习", "topic": "休假"}).headers["location"]
        paper = trainee.post("/study/tests", data={"mode": "试卷", "topic": "休假"}).headers["location"]
        page.goto(practice)
        looked_at(page, axe, "practice")
        drawn = re.findall(rf"{practice}/items/(\d+)", trainee.get(practice).text)
        trainee.post(f"{practice}/items/{drawn[0]}", data={"given": "五百天"})
        page.goto(paper)
        looked_at(page, axe, "test-paper")
        trainee.post(f"{paper}/hand-in", data={drawn[0]: "五百天"})
    page.goto(paper)
    looked_at(page, axe, "marked")
    page.goto("/study/wrong")
    looked_at(page, axe, "wrong")
    page.goto("/study/review")
    looked_at(page, axe, "review")
    page = opened("teacher", size, "/admin/items")
    looked_at(page, axe, "bank")
    page.goto(f"/admin/items/{holidays[0]}")
    looked_at(page, axe, "bank-item")


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_changes_results_and_papers_fit_and_are_accessible(
    school: DeskSite, opened: Callable[..., Any], axe: str, answered: int, size: dict[str, int]
) -> None:
    new = numbered(school, "休假", "2023")
    page = opened("xy01", size, f"/study/changes/{new}")
    looked_at(page, axe, "changes")
    page = opened("teacher", size, "/admin/results")
    page.get_by_text("来访事项几日内答复").wait_for()
    looked_at(page, axe, "results")
    page.goto("/admin/items/make")
    looked_at(page, axe, "make-items")
    page.goto("/admin/papers")
    looked_at(page, axe, "papers")
    page.fill("#title", "休假测验")
    page.get_by_role("button", name="组卷").click()
    page.get_by_text("下载答题卡").wait_for()
    looked_at(page, axe, "paper")
    page.click("text=删去这份试卷")
