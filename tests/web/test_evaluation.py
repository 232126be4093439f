"""The pages of evaluation in a browser, within the frame of the desk, in both sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, PATIENCE_MS, PHONE, fits, window
from desk_site import DeskSite, desk_site

from eval.desk.suites import SuiteFolder
from eval.suite import Case, Evidence

pytestmark = pytest.mark.browser

LEAVE = "青禾市机关休假管理规定"
CASES = (
    Case(
        "c-1",
        "figure",
        "工作满一年的休几天年假",
        evidence=(Evidence(LEAVE, "2023", "第三条"),),
        key_points=(("八天",),),
    ),
    Case(
        "c-2",
        "figure",
        "年休假由谁批准",
        evidence=(Evidence(LEAVE, "2023", "第四条"),),
        key_points=(("没有这样的话",),),
    ),
    Case("c-3", "not_in_library", "外星人来访由谁接待", answerable=False),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    folder = tmp_path_factory.mktemp("evaluation")
    suites = SuiteFolder(folder / "data")
    for case in CASES:
        suites.put("ours", case)
    with desk_site(folder / "data", runs=folder / "runs") as opened:
        opened.ask("xy01", "年休假由谁批准")
        yield opened


@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_a_run_is_begun_read_by_cause_and_compared_within_the_desk(
    browser: Any, house: DeskSite, size: dict[str, int], colours: str
) -> None:
    context = window(browser, viewport=size, locale="zh-CN", color_scheme=colours, bypass_csp=True)
    context.add_cookies([{"name": "xuesi_session", "value": house.session("teacher"), "url": house.url}])
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(house.url + "/admin/eval/start")
    page.select_option("[name=suite]", "ours")
    page.click("main button:has-text('开始')")
    page.locator("a:has-text('看结果')").wait_for(timeout=PATIENCE_MS)
    reader = _axe()
    page.click("a:has-text('看结果')")
    assert page.locator("nav.desk a[aria-current]").inner_text() == "评测"
    cause = page.locator("a[data-cause]").first
    number = cause.inner_text().strip()
    cause.click()
    page.locator("#shown", has_text=f"显示 {number} / 3 题").wait_for()
    assert page.locator(".case:visible").count() == int(number)
    for path in ("", "/start", "/suites", "/suites/ours", "/suites/ours?case=c-1", "/sample"):
        _sound(page, reader, house.url + "/admin/eval" + path)
    page.goto(house.url + "/admin/eval")
    report = page.locator("tbody a").first.get_attribute("href")
    _sound(page, reader, f"{house.url}{report}")
    assert troubles == []
    context.close()


def _axe() -> str:
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python（含 axe-core）没有安装")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def _sound(page: Any, reader: str, address: str) -> None:
    """A page without violations, no wider than its window, with the frame of the desk."""
    page.goto(address)
    assert page.locator("header.bar").count() == page.locator("nav.desk").count() == 1, address
    fits(page, "evaluation")
    page.evaluate(reader)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert not [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found], address
