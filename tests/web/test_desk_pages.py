"""The pages of the desk in a browser: trying the search, curated answers, queues, lists, overview."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, ask, window
from desk_site import HUGE, OVERTIME, DeskSite, complain

from assistant.accounts.classes.class_list import Row
from assistant.conversations.feedback import Feedback, Opinion, Reason
from assistant.curation.queues.board import NAMES
from eval.running.run import run
from eval.suite import load_suite
from eval.training.learn import confirmed_by

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]


@pytest.fixture
def enter(browser: Any, desk: DeskSite) -> Iterator[Opener]:
    """Opens a page with a session of somebody; afterwards no foreign host was asked and no script failed."""
    contexts, requests, troubles = [], [], []

    def opener(name: str, path: str, size: dict[str, int] = DESKTOP, **options: Any) -> Any:
        context = window(browser, viewport=size, locale="zh-CN", **options)
        context.add_cookies([{"name": "xuesi_session", "value": desk.session(name), "url": desk.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(desk.url + path)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert not [url for url in requests if not url.startswith((desk.url, "data:"))]
    assert not troubles


def test_a_question_is_tried_and_saved_as_a_case_with_one_click(enter: Opener, desk: DeskSite) -> None:
    question = "来访事项几日内答复"
    page = enter("teacher", "/admin/search")
    page.fill("input[name=q]", question)
    page.click("text=检索 >> nth=-1")
    titles = [page.inner_text(f".halves section:nth-child({place}) h3") for place in (1, 2, 3, 4)]
    assert titles == ["字面", "语义", "综合", "最后采用"]
    _, [ranking] = desk.answerer.now.searched(question)
    assert f"{ranking.hits[0].score:.3f}" in page.inner_text(".halves section:nth-child(4) li >> nth=0")
    assert "第四条" in page.inner_text(".because li >> nth=0")
    assert "来访事项" in page.inner_text(".because .sum >> nth=1")
    page.click("[aria-label='第 1 条能答：存为评测题']")
    assert "可以回答" in page.inner_text(".made")
    suite = load_suite(str(desk.data / "cases.jsonl"))
    case = next(case for case in suite.cases if case.question == question)
    [confirmed] = confirmed_by([case], desk.kb)
    assert ranking.hits[0].passage.id in confirmed.passages
    [result] = [one for one in run(suite, desk.kb, desk.answerer.now) if one.case is case]
    assert result.value("answered") == 1.0
    assert result.value("evidence_recall") == 1.0


def test_what_a_document_says_is_shown_as_text_and_never_run(enter: Opener) -> None:
    page = enter("teacher", "/admin/search?q=尖括号应当原样显示")
    assert "<script>window.pwned=1</script>" in page.inner_text(".because li >> nth=0")
    assert page.evaluate("window.pwned") is None


def test_a_curated_answer_is_made_by_ticking_sentences_and_used_in_the_chat(enter: Opener, desk: DeskSite) -> None:
    page = enter("teacher", "/admin/curated/new?q=接待人员要记下来访人的什么")
    page.fill("[name=questions]", "接待人员要记下来访人的什么\n来访登记簿上要写明哪些内容")
    page.fill("[name=lead]", "登记要当场完成。")
    page.check("text=接待人员应当在来访登记簿上记明来访人的姓名、事项和时间。")
    page.click("button[value=save]")
    assert "接待人员要记下来访人的什么" in page.inner_text(".entries h2 >> nth=0")
    chat = enter("xy01", "/")
    turn = ask(chat, "来访登记簿上要写明哪些内容")
    assert "教员审定" in turn.inner_text()
    assert "教员说明：登记要当场完成。" in turn.inner_text()
    assert "记明来访人的姓名、事项和时间" in turn.inner_text()
    document = next(one for one in desk.kb.documents() if "来访" in one.card.title)
    desk.kb.withdraw(document.id)
    try:
        page.goto(desk.url + "/admin/curated")
        assert "需要复核，暂不使用" in page.inner_text(".entry.stale")
        page.goto(desk.url + "/admin/queues?queue=recheck")
        assert "没有发布" in page.inner_text(".entries")
    finally:
        desk.kb.publish(document.id)
    page.goto(desk.url + "/admin/curated")
    page.click("[aria-label='删去审定答案：接待人员要记下来访人的什么']")
    assert "接待人员要记下来访人的什么" not in page.inner_text("main")


def test_a_lead_that_truncates_a_formulation_is_refused(enter: Opener) -> None:
    page = enter("teacher", "/admin/curated/new?q=接待人员应当遵守哪些要求")
    page.fill("[name=lead]", "增强四个意识，即政治意识、大局意识。")
    page.check("[name=quote] >> nth=0")
    page.click("button[value=save]")
    assert "少了“核心意识”、“看齐意识”" in page.inner_text("[role=alert]")
    assert page.input_value("[name=lead]").startswith("增强四个意识")


def test_an_unanswered_question_goes_through_the_queue_to_its_askers(enter: Opener, desk: DeskSite) -> None:
    for place, question in enumerate(OVERTIME):
        turn_id, answer = desk.ask(("xy01", "xy02")[place % 2], question)
        assert answer.refusal
        if not place:
            complain(desk, "xy01", turn_id, f"我的证件号 {HUGE}，想知道标准")
    page = enter("teacher", "/admin/queues")
    item = page.locator(".entry", has_text="加班").first
    assert "3 次" in item.inner_text()
    assert "〔身份证号〕" in item.inner_text()
    assert "xy01" not in page.inner_text("main")
    item.locator("select").select_option("teacher")
    item.locator("button[value=assign]").click()
    item = page.locator(".entry", has_text="加班").first
    assert item.locator("select").input_value() == "teacher"
    item.locator("button[value=supplied]").click()
    assert "仍然没有答案" in page.inner_text("[role=alert]")
    item = page.locator(".entry", has_text="加班").first
    question = item.locator("h2").inner_text().rsplit(" ", 2)[0].strip()
    item.locator("text=写审定答案").click()
    page.fill("[name=words]", "年休假由本人提出申请")
    page.click("button[value=search]")
    page.check("[name=quote] >> nth=0")
    page.click("button[value=save]")
    page.goto(desk.url + "/admin/queues")
    item = page.locator(".entry", has_text="加班").first
    item.locator("[name=note]").fill("已按现行规定作答。")
    item.locator("button[value=supplied]").click()
    assert "已补充" in page.inner_text(".made")
    assert page.locator(".entry", has_text="加班").count() == 0
    assert question in [case["question"] for case in desk.cases()]
    for name in ("xy01", "xy02"):
        chat = enter(name, "/")
        chat.locator("#conversations", has_text="已补充").wait_for()
    chat = enter("xy01", "/")
    chat.locator("#conversations .conversation", has_text=OVERTIME[0]).locator("a").first.click()
    chat.wait_for_selector("article.turn")
    assert "已按现行规定作答。" in chat.inner_text("article.turn")


def test_disliked_and_outdated_answers_are_looked_at_and_closed(enter: Opener, desk: DeskSite) -> None:
    feedback = Feedback(desk.conversations)
    for question, reason in (("接待人员应当遵守哪些要求", Reason.OFF_POINT), ("来访事项几日内答复", Reason.OUTDATED)):
        turn_id, _ = desk.ask("xy01", question)
        feedback.vote(desk.accounts.user("xy01").id, turn_id, Opinion.DOWN, reason, f"手机 13800138000 {question}")
    for queue, question in (("disliked", "接待人员应当遵守哪些要求"), ("outdated", "来访事项几日内答复")):
        page = enter("teacher", f"/admin/queues?queue={queue}")
        item = page.locator(".entry", has_text=question)
        assert item.count() == 1
        assert "〔手机号〕" in item.inner_text()
        item.locator("summary").click()
        assert "[1]" in item.inner_text()
        item.locator("button[value=done]").click()
        assert page.locator(".entry", has_text=question).count() == 0


def test_missing_documents_and_dates_stand_in_their_queues(enter: Opener, desk: DeskSite) -> None:
    desk.ask("xy02", "《公务员录用规定》第三条")
    page = enter("teacher", "/admin/queues?queue=missing")
    assert "公务员" in page.inner_text(".entry h2 >> nth=0")
    document = next(one for one in desk.kb.documents() if "网页" in one.card.title)
    desk.kb.set_card(document.id, repealed_on="2024-01-01")
    try:
        page.goto(desk.url + "/admin/queues?queue=dates")
        assert "已到废止日期，仍在发布" in page.inner_text(".entries")
    finally:
        desk.kb.set_card(document.id, repealed_on=None)


def test_lists_are_edited_and_count_at_once(enter: Opener, desk: DeskSite) -> None:
    page = enter("teacher", "/admin/lists?kind=错字")
    page.fill("[name=key]", "接代")
    page.fill("[name=value]", "接待、招待")
    page.click("button[value=put]")
    assert "只能有一个正确写法" in page.inner_text("[role=alert]")
    page.fill("[name=key]", "接代")
    page.fill("[name=value]", "接待")
    page.click("button[value=put]")
    assert page.inner_text("tbody tr >> nth=0").split() == ["接代", "接待", "本单位", "去掉"]
    assert desk.answerer.now.answer("接代人员应当遵守哪些要求").standalone == "接待人员应当遵守哪些要求"
    page.click("[aria-label='去掉：接代']")
    assert "接代" not in page.inner_text("tbody")
    page.goto(desk.url + "/admin/lists?kind=说法&q=饭局")
    page.click("[aria-label='去掉：饭局']")
    assert page.locator("tr.removed", has_text="饭局").count() == 1
    page.click("[aria-label='恢复：饭局']")
    assert page.locator("tr.removed").count() == 0
    page.goto(desk.url + "/admin/lists?kind=固定表述")
    page.click("text=核对一段文字")
    page.fill("[name=text]", "落实两个区分开来。")
    page.click("text=核对 >> nth=-1")
    assert "应为“三个区分开来”" in page.inner_text("ul.trouble")
    assert {"修改词表：错字", "去掉词表条目：说法", "恢复词表条目：说法"} <= {
        entry.action for entry in desk.accounts.history(20)
    }


def test_the_overview_counts_and_never_says_who(enter: Opener, desk: DeskSite) -> None:
    school = desk.accounts.add_class("root1", "小班", date(2020, 1, 1), date(2090, 1, 1))
    desk.accounts.import_class("root1", school.id, [Row(2, "xy90", "学员九十", "")])
    for _ in range(6):
        desk.ask("xy90", "来访事项几日内答复")
    page = enter("teacher", "/admin/overview")
    numbers = page.inner_text(".numbers").split()
    assert int(numbers[1]) >= 6
    assert "青禾市机关来访接待规则" in page.inner_text("[aria-labelledby=by-document]")
    assert page.locator("svg.chart rect").count() == 60
    assert "青禾市网页内容编写办法" in page.inner_text("[aria-labelledby=never]")
    assert "现行有效" in page.inner_text("[aria-labelledby=held]")
    for name in ("xy01", "xy90", "学员九十"):
        assert name not in page.inner_text("main")
    page.select_option("select[name=class_id]", label="小班")
    page.click("text=查看")
    assert "不到 5 人" in page.inner_text("main")
    assert page.locator(".numbers").count() == 0


PAGES = (
    "/admin/overview",
    "/admin/search?q=来访事项几日内答复",
    "/admin/curated",
    "/admin/curated/new?q=来访事项几日内答复",
    "/admin/lists",
    "/admin/lists?kind=固定表述",
    "/admin/users",
    "/admin/audit",
    "/admin/home",
    "/admin/keys",
    "/admin/eval",
    *(f"/admin/queues?queue={queue}" for queue in NAMES),
)


@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_no_page_of_the_desk_has_a_violation(enter: Opener, desk: DeskSite, size: dict[str, int], colours: str) -> None:
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python（含 axe-core）没有安装")
    axe = (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page = enter("root1", "/admin/overview", size, color_scheme=colours, bypass_csp=True)
    for path in PAGES:
        page.goto(desk.url + path)
        page.evaluate(axe)
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert not [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
