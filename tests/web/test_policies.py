"""A trainee finds a policy that is open, walks through its conditions and keeps it only if he asks; a trainer confirms the card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, PHONE, fits, window
from desk_site import DeskSite

LAST = date.today() + timedelta(days=12)
POLICY = f"""青禾市集市奖补办法

第一条 为繁荣集市，制定本办法。

第二条 本办法适用于在青禾市登记的个体工商户和小微企业。

第三条 申请奖补，应当同时具备下列条件：

（一）登记满一年；

（二）符合下列情形之一：

1．带动就业五人以上；

2．上年度销售额五十万元以上。

第四条 被列入严重失信主体名单的，不得申报。

第五条 符合条件的，给予一次性奖补三千元。

第六条 本办法常年受理申请，市商务局负责审核认定，咨询电话：0000-6123001。

第七条 本办法自2023年4月1日起施行，有效期至{LAST.year}年{LAST.month}月{LAST.day}日。

青禾市人民政府

2023年3月20日
"""


@pytest.fixture(scope="module")
def number(desk: DeskSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The policy, and one that has run out; both go again, for the library is shared."""
    folder: Path = tmp_path_factory.mktemp("policies")
    (folder / "青禾市集市奖补办法.txt").write_text(POLICY, encoding="utf-8")
    over = re.sub("有效期至.*日。", "有效期一年。", POLICY).replace("集市", "夜市")
    (folder / "青禾市夜市奖补办法.txt").write_text(over, encoding="utf-8")
    desk.kb.add([folder], publish=True)
    found = next(one for one in desk.kb.documents() if one.card.title == "青禾市集市奖补办法")
    desk.kb.set_card(found.id, topic="不想")
    yield found.id
    for one in desk.kb.documents():
        if "市奖补办法" in one.card.title:
            desk.kb.remove(one.id)


def test_the_list_tells_what_is_open_what_ends_soon_and_what_is_over(desk: DeskSite, number: int) -> None:
    with desk.enter("xy01") as trainee:
        page = trainee.get("/study/policies").text
        assert "青禾市集市奖补办法" in page
        assert "还有 12 天" in page
        assert "夜市" not in page
        assert "青禾市集市奖补办法" in trainee.get("/study/policies", params={"group": "30 天内到期"}).text
        over = trainee.get("/study/policies", params={"group": "已过期"}).text
        assert "青禾市夜市奖补办法" in over
        assert "已失效" in over
        assert "可申报：青禾市集市奖补办法" in trainee.get("/").text
        assert trainee.get("/admin/policies").status_code == 403


def test_a_walk_decides_nothing_and_is_kept_only_when_asked(desk: DeskSite, number: int) -> None:
    with desk.enter("xy01") as trainee:
        card = trainee.get(f"/study/policies/{number}").text
        assert "对照条件（4 条）" in card
        page = trainee.post(f"/study/policies/{number}/walk").text
        assert "登记满一年" in page
        for given, reply in (("", "y"), ("y", "n"), ("yn", "y"), ("yny", "u")):
            page = trainee.post(f"/study/policies/{number}/walk", data={"given": given, "reply": reply}).text
        assert "还有条款不清楚" in page
        assert "由<strong>市商务局</strong>认定" in page
        assert "您可以申报" not in page
        either = trainee.post(f"/study/policies/{number}/walk", data={"given": "yny", "reply": "y"}).text
        assert "没有看到不满足的条款；标为不符合的几项" in either, (
            "one of several is enough, and the other is no failure"
        )
        assert "我保存的对照" not in trainee.get("/study/policies").text
        wrong = trainee.post(f"/study/policies/{number}/walk", data={"given": "yyyyy"})
        assert (wrong.status_code, "重新开始" in wrong.text) == (400, True)
        kept = trainee.post(f"/study/policies/{number}/keep", data={"given": "ynyu"})
        address = kept.headers["location"]
        assert "我保存的对照" in trainee.get("/study/policies").text
        with desk.enter("xy02") as other:
            assert other.get(address).status_code == 404
        trainee.post(f"{address}/forget")
        assert trainee.get(address).status_code == 404


def test_a_card_says_when_nobody_may_apply_today(desk: DeskSite, number: int, tmp_path: Path) -> None:
    """In force and open are two things; so are no longer and not yet in force."""
    today = date.today()
    later, earlier = today + timedelta(days=40), today - timedelta(days=9)
    window = f"自{later.year}年{later.month}月{later.day}日至{later.year + 1}年12月31日受理申请"
    closed = POLICY.replace("集市", "晚市").replace("常年受理申请", window)
    first = f"自{later.year}年{later.month}月{later.day}日起施行"
    ahead = (
        POLICY.replace("集市", "早市")
        .replace("自2023年4月1日起施行", first)
        .replace("2023年3月20日", f"{earlier:%Y年%m月%d日}")
    )
    ahead = re.sub("有效期至.*日。", "有效期三年。", ahead)
    (tmp_path / "青禾市晚市奖补办法.txt").write_text(closed, encoding="utf-8")
    (tmp_path / "青禾市早市奖补办法.txt").write_text(ahead, encoding="utf-8")
    desk.kb.add([tmp_path], publish=True)
    numbers = {one.card.title: one.id for one in desk.kb.documents()}
    with desk.enter("xy01") as trainee:
        for page in (
            trainee.get(f"/study/policies/{numbers['青禾市晚市奖补办法']}").text,
            trainee.post(f"/study/policies/{numbers['青禾市晚市奖补办法']}/walk").text,
        ):
            assert "今天不在申报期内" in page
        page = trainee.get(f"/study/policies/{numbers['青禾市早市奖补办法']}").text
        assert f"自 {later} 起施行，在那之前不能据此申报" in page
        assert "不能再据此申报" not in page
        assert "不在申报期" not in trainee.get(f"/study/policies/{number}").text


def test_a_trainer_confirms_in_words_of_the_text_or_takes_a_policy_out(desk: DeskSite, number: int) -> None:
    with desk.enter("teacher") as trainer, desk.enter("xy01") as trainee:
        assert "等待核定" in trainer.get("/admin/policies").text
        form = trainer.get(f"/admin/policies/{number}").text
        lines = {
            name: value.replace("&#34;", '"')
            for name, value in re.findall(r'<textarea id="(\w+)"[^>]*>([^<]*)</textarea>', form)
        }
        refused = trainer.post(f"/admin/policies/{number}", data=lines | {"STANDARDS": "给予一万元"})
        assert (refused.status_code, "不是原文里的话" in refused.text) == (400, True)
        confirm(trainer, number, lines | {"STANDARDS": "一次性奖补三千元"})
        page = trainee.get(f"/study/policies/{number}").text
        assert "教员已核定" in page
        nested = r'符合下列情形之一.{0,400}?<ol class="conditions">.{0,200}?带动就业五人以上'
        assert re.search(nested, page, re.DOTALL), "what he left as it was keeps its groups"
        assert "　　带动就业五人以上" in lines["CONDITIONS"]
        edited = lines["CONDITIONS"].replace("登记满一年\n", "")
        confirm(trainer, number, lines | {"CONDITIONS": edited})
        page = trainee.get(f"/study/policies/{number}").text
        assert "登记满一年" not in page
        assert re.search(nested, page, re.DOTALL), "what he changed keeps its groups as well"
        trainer.post(f"/admin/policies/{number}", data={"do": "unlist"})
        assert trainee.post(f"/study/policies/{number}/walk").status_code == 404
        confirm(trainer, number, lines)


def confirm(trainer: httpx.Client, number: int, lines: dict[str, Any]) -> None:
    done = trainer.post(f"/admin/policies/{number}", data=lines | {"do": "confirm"}, follow_redirects=True)
    assert "已核定" in done.text


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_policies_fit_both_sizes(desk: DeskSite, number: int, browser: Any, size: dict[str, int]) -> None:
    context = window(browser, viewport=size, base_url=desk.url)
    context.add_cookies([{"name": "xuesi_session", "value": desk.session("xy01"), "url": desk.url}])
    page = context.new_page()
    for name, address in (("list", "/study/policies"), ("card", f"/study/policies/{number}")):
        page.goto(address)
        fits(page, f"policy-{name}")
    page.get_by_role("button", name="对照条件").click()
    fits(page, "policy-step")
    for reply in ("符合", "不符合", "不清楚", "没有这种情形"):
        page.get_by_role("button", name=reply, exact=True).click()
    page.get_by_role("heading", name="对照的结果").wait_for()
    fits(page, "policy-outcome")
    context.add_cookies([{"name": "xuesi_session", "value": desk.session("teacher"), "url": desk.url}])
    page.goto("/admin/policies")
    fits(page, "desk-policies")
    page.goto(f"/admin/policies/{number}")
    fits(page, "desk-policy")
    context.close()
