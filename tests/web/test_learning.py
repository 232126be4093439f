"""Learning from a document, with a clock of its own: its points, a diagnosis, a plan, what changed, and a trainee's week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, PHONE, fits
from desk_site import DeskSite, desk_site


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
    with desk_site(tmp_path_factory.mktemp("school") / "data", now=clock) as opened:
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
        context = browser.new_context(viewport=size, base_url=school.url, color_scheme=colours, bypass_csp=True)
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
def test_the_pages_of_points_fit_and_are_accessible(
    school: DeskSite, opened: Callable[..., Any], axe: str, size: dict[str, int]
) -> None:
    number = numbered(school, "来访接待")
    page = opened("xy01", size, f"/document/{number}/points")
    looked_at(page, axe, "points")
    page.click("text=学习卡（可打印）")
    looked_at(page, axe, "study-card")
