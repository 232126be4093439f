"""The report says in its first words whether the build may be released, needs nothing else, and shows every case."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from borrowing import answered, refused, result

from eval.reporting.report import outcome, percent, report
from eval.running.folder import Run, read
from eval.scoring.result import Result
from eval.scoring.scores import Score

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def _run(results: list[Result], name: str = "now") -> Run:
    return Run(Path("runs") / name, "made-up", "0", "2026-11-24T10:00:00+08:00", "0.1.0", tuple(results))


def _all(**values: float) -> list[Result]:
    return [result(i, document=f"文件{i}", **{"quotes": 1.0, **values}) for i in range(20)]


def _word(page: str) -> str:
    found = re.search(r'<strong class="word">([^<]*)<', page)
    assert found
    return found[1].strip()


def test_a_missed_floor_is_said_first_with_its_distance() -> None:
    page = report(_run(_all(answered=1.0, key_points_capped=0.5)))
    assert _word(page) == "没有达标"
    assert "还差 35.0 个百分点" in page


def test_one_broken_quote_blocks() -> None:
    results = _all(answered=1.0)
    results[7] = replace(results[7], scores=(Score("quotes", 0.0, "引文 [1] 与原文不符"),))
    page = report(_run(results))
    assert _word(page) == "没有达标"
    assert 'href="#case-c-7"' in page


def test_a_significant_fall_blocks_and_is_shown_beside_the_earlier_answer() -> None:
    before = [replace(one, answer=answered("从前一次十册。")) for one in _all(answered=1.0)]
    after = [replace(one, answer=refused()) for one in _all(answered=0.0)]
    page = report(_run(after), _run(before, "before"))
    assert _word(page) == "没有达标，也变差了"
    assert "显著变差" in page
    assert "从前一次十册" in page


def test_a_run_without_anything_to_compare_with_says_so() -> None:
    assert "没有检查是否变差" in report(_run(_all(answered=1.0)))


def test_two_runs_over_different_libraries_say_in_which_documents() -> None:
    before, after = _run(_all(answered=1.0), "before"), _run(_all(answered=1.0))
    before, after = replace(before, library={"《甲》": "1", "《乙》": "2"}), replace(after, library={"《乙》": "3"})
    page = report(after, before)
    assert "两次评测用的文件库不一样" in page
    assert "只有先前有（1）：《甲》" in page
    assert "内容改过（1）：《乙》" in page
    assert "文件库不一样" not in report(after, replace(before, library=after.library))


@pytest.mark.parametrize(
    ("values", "answer", "word"),
    [
        ({"quotes": 0.0, "answered": 1.0}, answered(), "引文不符"),
        ({"answered": 0.0}, refused(), "误拒"),
        ({"answered": 1.0, "nothing_forbidden": 0.0}, answered(), "说错"),
        ({"answered": 1.0, "key_points_capped": 0.5}, answered(), "要点不全"),
        ({"answered": 1.0, "key_points_capped": 0.0}, answered(), "要点全缺"),
        ({"answered": 1.0, "key_points_capped": 1.0}, answered(), "回答得当"),
        ({"answered": 1.0, "key_points_capped": 1.0, "evidence_recall": 0.0}, answered(), "出处不对"),
    ],
)
def test_every_case_ends_in_one_word(values: dict[str, float], answer: Any, word: str) -> None:
    assert outcome(result(1, answer=answer, **values)) == word


def test_a_page_never_shows_a_whole_hundred_that_is_not_whole() -> None:
    assert [percent(value) for value in (1.0, 0.9999, 0.871, 0.95, 0.0, 0.0001)] == [
        "100%", "99.9%", "87.1%", "95%", "0%", "0.1%",
    ]  # fmt: skip


def test_what_a_document_or_question_says_cannot_become_markup() -> None:
    hostile = "<script>window.pwned=1</script><img src=x onerror=alert(1)>"
    made = result(1, answer=answered(hostile), quotes=1.0, answered=1.0)
    made = replace(made, case=replace(made.case, id='"><b>', question=hostile))
    page = report(_run([made]))
    assert "<script>window" not in page
    assert "<img" not in page
    assert '"><b>' not in page


@pytest.fixture(scope="module")
def browser() -> Any:
    if not CHROMIUM.exists():
        pytest.skip("Chromium 不在 /usr/bin/chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a real run, compared with itself less one answer."""
    run = read(folder)
    worse = [
        replace(one, scores=tuple(replace(s, value=0.0) if s.metric == "answered" else s for s in one.scores))
        if one.case.id == "w-1"
        else one
        for one in run.results
    ]
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report(replace(run, results=tuple(worse)), run), encoding="utf-8")
    return path


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_page_opens_from_disk_asks_for_nothing_and_fits(browser: Any, file: Path, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert broken == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".verdict .word").is_visible()
    assert page.locator(".verdict").bounding_box()["y"] < height / 2
    page.close()


@pytest.mark.browser
def test_the_filters_leave_what_fits(browser: Any, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    cases = page.locator(".case:visible")
    assert cases.count() == 8
    page.get_by_label("题型").select_option("number")
    assert cases.count() == 2
    page.get_by_role("button", name="清除").click()
    page.get_by_label("变差了").check()
    assert [cases.nth(i).get_attribute("id") for i in range(cases.count())] == ["case-w-1"]
    page.get_by_label("变差了").uncheck()
    page.get_by_label("查找题号、问题、回答、文件").fill("排骨")
    assert cases.count() == 1
    page.close()


@pytest.mark.browser
def test_a_case_opens_by_keyboard_and_its_marker_leads_to_the_source(browser: Any, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    page.locator("#case-n-1 > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#case-n-1 .said a").first.click()
    assert page.locator(".source:target").inner_text().count("十册") >= 1
    page.goto(f"{file.as_uri()}#case-l-1")
    assert page.locator("#case-l-1").get_attribute("open") is not None
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_reading_the_page(browser: Any, file: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(color_scheme=scheme)
    page.goto(file.as_uri())
    page.get_by_role("button", name="全部展开").click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    page.close()
