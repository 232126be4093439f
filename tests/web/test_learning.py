"""Learning from a document, with a clock of its own: its points, a diagnosis, a plan, what changed, and a trainee's week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, PHONE, fits, window
from desk_site import DeskSite, desk_site

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
