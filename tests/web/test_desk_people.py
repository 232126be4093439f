"""Classes and their members, first passwords to hand out, the queues' ticks, the record of changes. Without a browser."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date

import pytest
from browsing import visitor
from desk_site import DeskSite

from assistant.accounts.model import Role

DAYS = {"starts": "2020-01-01", "ends": "2090-01-01"}


def passwords(page: str) -> dict[str, str]:
    """Names with the first passwords that the page shows."""
    return dict(re.findall(r"<td>([^<]+)</td><td><code>([^<]+)</code></td>", page))


def test_a_class_is_imported_with_a_list_to_print_and_changed_one_by_one(desk: DeskSite) -> None:
    roster = "用户名,姓名\n" + "".join(f"bx{number:02},学员{number}\n" for number in range(6))
    with desk.enter("root1") as root:
        files = {"roster": ("名单.csv", roster.encode("gb18030"), "text/csv")}
        page = root.post("/admin/classes", data={"name": "秋季班", **DAYS}, files=files).text
        assert len(passwords(page)) == 6
        assert "data-print" in page
        school = next(one for one in desk.accounts.classes() if one.name == "秋季班")
        address = f"/admin/classes/{school.id}"
        [(name, word)] = passwords(
            root.post(f"{address}/members", data={"name": "bx99", "shown": "插班生"}).text
        ).items()
        with visitor(desk.url) as new:
            assert new.post("/login", data={"name": name, "password": word}).status_code == 303
        other = desk.accounts.add_class("root1", "冬季班", date(2020, 1, 1), date(2090, 1, 1))
        assert "已调班" in root.post(f"{address}/move", data={"name": "bx99", "to": str(other.id)}).text
        assert desk.accounts.user("bx99").class_id == other.id
        assert "已有账号，调进了这个班" in root.post(f"{address}/members", data={"name": "bx99"}).text
        assert "已经在这个班里" in root.post(f"{address}/members", data={"name": "bx99"}).text
        assert "移出" in root.post(f"{address}/move", data={"name": "bx99", "to": ""}).text
        assert len(passwords(root.post(f"{address}/passwords").text)) == 6
        assert root.post(address, data={**DAYS, "notice": "周三下午讨论，请先读文件。"}).status_code == 303
        assert (
            "结束日期不能早于开始日期" in root.post(address, data={"starts": "2030-01-02", "ends": "2030-01-01"}).text
        )
    assert desk.accounts.school.get(school.id).notice == "周三下午讨论，请先读文件。"
    with desk.enter("teacher") as teacher:
        assert teacher.get(address).status_code == 403
        assert "管理员" in teacher.get(address).text


def test_the_cards_of_the_first_page_and_the_notice_of_a_class_are_set_on_the_desk(desk: DeskSite) -> None:
    school = desk.accounts.add_class("root1", "通知班", date(2020, 1, 1), date(2090, 1, 1))
    desk.accounts.school.change("root1", school.id, school.starts_on, school.ends_on, "周三<b>讨论</b>接待规则")
    desk.accounts.school.move("root1", "xy02", school.id)
    card = {"title": "接待", "line": "来访怎么办", "questions": "来访事项几日内答复\n月球上怎么接待外星人"}
    with desk.enter("teacher") as teacher, desk.enter("xy01") as other, desk.enter("xy02") as member:
        assert "要有 1 到 5 个问题" in teacher.post("/admin/home", data={**card, "questions": ""}).text
        assert teacher.post("/admin/home", data=card).status_code == 303
        saved = teacher.get("/admin/home?done=已保存").text
        assert "答不上，请换一个问法或补充文件：月球上" in saved
        shown = member.get("/").text
        assert "来访怎么办" in shown
        assert "周三&lt;b&gt;讨论&lt;/b&gt;接待规则" in shown
        assert "接待规则</p>" not in other.get("/").text
        assert "来访怎么办" in other.get("/").text
        teacher.post("/admin/home", data={"do": "usual"})
        assert "来访怎么办" not in other.get("/").text
        assert member.get("/admin/home").status_code == 403
    desk.accounts.school.move("root1", "xy02", None)


def test_changes_are_told_in_words_narrowed_down_and_taken_away(desk: DeskSite) -> None:
    desk.accounts.add("root1", "audited", "长江黄河泰山长城二〇二六", Role.TRAINEE)
    desk.accounts.set_role("root1", "audited", Role.TRAINER)
    desk.accounts.note("teacher", "修改文件信息", "=甲办法", document=7, changes={"施行日期": [None, "2027-06-01"]})
    desk.accounts.note("teacher", "保存审定答案", "甲问", id=1, answerable=True)
    with desk.enter("root1") as root:
        page = root.get("/admin/audit", params={"q": "甲问"}).text
        assert "编号：1" in page
        assert "能否回答：是" in page
        page = root.get("/admin/audit", params={"q": "audited"}).text
        assert "原来：学员；改为：教员" in page
        page = root.get("/admin/audit", params={"actor": "teacher", "action": "修改文件信息"}).text
        assert "施行日期：（空） → 2027-06-01" in page
        assert "audited" not in page
        assert "没有这样的改动" in root.get("/admin/audit", params={"until": "2020-01-01"}).text
        reply = root.get("/admin/audit.csv", params={"action": "修改文件信息", "actor": "teacher"})
        rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
        assert rows[0] == ["序号", "时间", "谁", "做了什么", "对象", "详情"]
        assert "'=甲办法" in {row[4] for row in rows}
    with desk.enter("teacher") as teacher:
        assert teacher.get("/admin/audit").status_code == 403
        assert teacher.get("/admin/audit.csv").status_code == 403


@pytest.mark.parametrize("mine", ["", "1"])
def test_items_that_are_ticked_are_assigned_and_closed_together(desk: DeskSite, mine: str) -> None:
    with desk.enter("teacher") as teacher:
        page = teacher.get("/admin/queues", params={"queue": "missing"}).text
        subjects = re.findall(r'name="subject" value="([^"]+)"', page)[:3]
        assert len(subjects) == 3
        assign = {"queue": "missing", "do": "assign", "assignee": "teacher", "subject": subjects, "mine": mine}
        assert teacher.post("/admin/queues", data=assign).status_code == 303
        page = teacher.get("/admin/queues", params={"queue": "missing", "mine": "1"}).text
        assert re.findall(r'name="subject" value="([^"]+)"', page) == subjects
        done = teacher.post("/admin/queues", data={"queue": "missing", "do": "declined", "subject": subjects})
        assert "3" in done.headers["location"]
        assert "这里没有待办" in teacher.get("/admin/queues", params={"queue": "missing", "mine": "1"}).text
        nothing = teacher.post("/admin/queues", data={"queue": "missing", "do": "declined"})
        assert nothing.status_code == 400
        assert "一项也没有勾选" in nothing.text


def test_what_was_asked_and_refused_comes_first_among_the_missing_documents(desk: DeskSite) -> None:
    for name in ("xy01", "xy02"):
        desk.ask(name, "《公务员辞退规定》第三条")
    desk.ask("xy01", "《公务员转任规定》第二条")
    with desk.enter("teacher") as teacher:
        page = teacher.get("/admin/queues", params={"queue": "missing"}).text
    titles = re.findall(r"<h2>《([^》]+)》 <small>问到 (\d+) 次", page)
    assert [int(count) for _, count in titles] == sorted((int(count) for _, count in titles), reverse=True)
    assert {"公务员辞退规定", "公务员转任规定"} <= {title for title, _ in titles}


def test_a_long_list_is_turned_page_by_page_and_keeps_what_it_is_limited_to(desk: DeskSite) -> None:
    for number in range(250):
        desk.accounts.note("teacher", "试记一笔", f"第 {number} 笔")
    seen: list[str] = []
    with desk.enter("root1") as browser:
        address = "/admin/audit?action=试记一笔"
        while address:
            page = browser.get(address).text
            seen += re.findall(r"第 (\d+) 笔", page)
            onward = re.search(r'<a href="([^"]+)" rel="next">', page)
            address = html.unescape(onward[1]) if onward else ""
        assert "第 201 到 250，共 250" in page
        assert browser.get("/admin/audit?at=99999").status_code == 200
    assert [int(one) for one in seen] == list(range(249, -1, -1))
    with desk.enter("teacher") as browser:
        first, second = (browser.get("/admin/queues", params={"queue": "missing", "at": at}).text for at in (0, 1))
        titles = [set(re.findall(r"<h2>《(.+?)》", page)) for page in (first, second)]
        assert len(titles[0]) == 50
        assert titles[1]
        assert not titles[0] & titles[1]
        assert "第 1 到 50，共" in first


def test_what_waits_stands_beside_the_way_to_it_on_every_page_of_the_desk(desk: DeskSite) -> None:
    desk.ask("xy01", "外星人来访由谁接待")
    with desk.enter("teacher") as browser:
        for path in ("/admin/overview", "/admin/documents", "/admin/eval"):
            page = browser.get(path).text
            assert re.search(r'href="/admin/queues"[^>]*>待办<span class="waits" title="没有答上的提问 \d+ 次', page), (
                path
            )
