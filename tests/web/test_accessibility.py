"""axe-core finds nothing to object to on any page, in both sizes and both colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import BOX, DESKTOP, PHONE, ask, started
from conftest import Site
from samples import answer_of

DAYS = "机关工作人员连续工作满一年的，享受年休假八天。"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def axe() -> str:
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python（含 axe-core）没有安装")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def objections(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_no_page_has_a_violation(
    open_page: Callable[..., Any], site: Site, axe: str, size: dict[str, int], colours: str
) -> None:
    page = open_page(size, color_scheme=colours, bypass_csp=True)  # only so that axe itself can be put in
    started(page)
    assert objections(page, axe) == []
    gate = site.stage.script("还在回答的问题", answer_of(site, "休假", [DAYS], "2023"))
    page.fill(BOX, "还在回答的问题")
    page.press(BOX, "Enter")
    gate.open(4)
    page.locator(".body", has_text=DAYS).wait_for()
    assert objections(page, axe) == []
    gate.open(1)
    for question in (
        "青禾市机关休假管理规定第五条",
        "青禾市机关休假管理规定2018年版和2023年版有什么变化？",
        "《青禾市机关采购办法》规定来访接待怎么做？",
    ):
        turn = ask(page, question)
        if question.endswith("第五条"):
            turn.locator("button", has_text="没用").click()
            turn.locator("form.why").wait_for()
            assert objections(page, axe) == []
    assert objections(page, axe) == []
    page.click("#scope > button")
    page.fill("#day input", "2020-01-01")
    page.locator("#chosen button").wait_for()
    assert objections(page, axe) == []
    page.click("#everywhere")
    page.click("#scope > button")
    page.locator("button", has_text="告诉教员").click()
    page.locator(".told").wait_for()
    page.locator("a.cite").first.click()
    page.wait_for_selector("#original mark")
    page.wait_for_timeout(250)  # the drawer slides in
    assert objections(page, axe) == []
    for path in (
        f"/document/{site.document('休假', '2018').id}?at=40-60",
        f"/document/{site.document('休假', '2018').id}/revision/{site.document('休假', '2023').id}",
        "/library",
        "/library?q=年休假",
        "/about",
        "/terms",
        "/document/999999",
    ):
        page.goto(site.url + path)
        if path == "/about" and size is PHONE:
            page.click("#more")
        assert objections(page, axe) == []


@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["desktop", "phone"])
def test_no_page_of_what_is_kept_and_taken_away_has_a_violation(
    open_page: Callable[..., Any], site: Site, axe: str, size: dict[str, int], colours: str
) -> None:
    page = open_page(size, color_scheme=colours, bypass_csp=True)
    ask(page, "青禾市机关休假管理规定第五条")
    turn = page.locator("article.turn").get_attribute("data-turn")
    page.goto(f"{site.url}/c/{page.url.partition('?c=')[2]}/export")
    assert objections(page, axe) == []
    page.goto(f"{site.url}/turn/{turn}/share")
    page.click("text=分享给本单位的人")
    page.locator(".share-address input").wait_for()
    assert objections(page, axe) == []
    page.goto(f"{site.url}/document/{site.document('休假', '2018').id}?at=40-60")
    page.click("[data-keep]")
    assert objections(page, axe) == []
    page.click("dialog button[value=save]")
    page.locator(".toast", has_text="已收藏").wait_for()
    page.reload()
    page.locator("#text .kept-here").first.wait_for()
    assert objections(page, axe) == []
    page.goto(f"{site.url}/notes")
    page.check("#all")
    page.click("[data-do=edit]")
    assert objections(page, axe) == []
    page.click("button[value=outline]")
    page.wait_for_selector("#parts .point")
    assert objections(page, axe) == []
    page.set_viewport_size({"width": 360, "height": 700})
    page.evaluate("document.documentElement.dataset.size = 'larger'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_question_is_asked_checked_and_judged_without_a_mouse(page: Any) -> None:
    started(page)
    page.wait_for_function("document.activeElement.matches('#ask textarea')")
    page.keyboard.type("青禾市机关休假管理规定第五条")
    page.keyboard.press("Enter")
    page.locator("article.turn[data-state=done]").wait_for()
    page.focus(BOX)
    reached: list[str] = []
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        inside = page.evaluate("document.activeElement.closest('article') !== null")
        assert outline != "none" or not inside, f"{reached[-1]} shows no focus"
        if page.evaluate("document.activeElement.matches('a.cite')"):
            break
    for wanted in ("复制", "改一改再问", "有用", "没用"):
        assert wanted in reached
    page.keyboard.press("Enter")
    page.wait_for_selector("#original mark")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('a.cite')")


def test_the_tools_of_a_phone_are_a_menu(phone: Any) -> None:
    assert phone.locator("#size-switch").is_hidden()
    phone.click("#more")
    phone.click("#size-switch")
    phone.click("#theme-switch")
    assert phone.evaluate("({...document.documentElement.dataset})") == {"size": "large", "theme": "dark"}
    assert phone.locator("#theme-switch").inner_text().strip() == "浅色"
    phone.keyboard.press("Escape")
    assert phone.locator("#size-switch").is_hidden()
    assert phone.evaluate("document.activeElement.id") == "more"
    phone.click("#more")
    phone.click("#tools a[href='/about']")
    phone.wait_for_selector("h1:text('关于学思')")


def test_nothing_moves_for_who_does_not_want_it(open_page: Callable[..., Any]) -> None:
    page = open_page(reduced_motion="reduce")
    page.evaluate("document.querySelector('.bar').style.animation = 'turn 5s'")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.bar')).animationDuration)") < 0.1


@pytest.mark.parametrize("path", ["/", "/library", "/notes", "/about", "/terms", "/nothing"])
def test_every_page_fits_a_small_phone_in_the_largest_text(
    client: Any, open_page: Callable[..., Any], path: str
) -> None:
    if path == "/nothing":
        path = "/document/999999"
    page = open_page({"width": 360, "height": 700}, path)
    page.evaluate("document.documentElement.dataset.size = 'larger'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#more").is_visible()
