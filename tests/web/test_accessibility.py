"""axe-core finds nothing to object to on any page, in both sizes and both colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, ask
from conftest import Site

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
    assert objections(page, axe) == []
    for question in (
        "青禾市机关休假管理规定第五条",
        "青禾市机关休假管理规定2018年版和2023年版有什么变化？",
        "《青禾市机关采购办法》规定来访接待怎么做？",
    ):
        ask(page, question)
    assert objections(page, axe) == []
    page.locator("a.cite").first.click()
    page.wait_for_selector("#drawer mark")
    page.wait_for_timeout(250)  # the drawer slides in
    assert objections(page, axe) == []
    for path in (f"/document/{site.document('休假', '2018').id}?at=40-60", "/library"):
        page.goto(site.url + path)
        assert objections(page, axe) == []
