"""关于, 用户协议, the bar that knows who looks, and pages that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browsing import running, visitor
from conftest import Site

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.web import build
from assistant.web.about import LanguageModel

PASSWORD = "长江黄河泰山长城二〇二六"


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    opened = Accounts.open(tmp_path)
    yield opened
    opened.close()


def test_about_says_what_the_system_is_and_what_it_runs_on(client: httpx.Client, site: Site) -> None:
    page = client.get("/about").text
    assert "它不能做什么" in page
    assert site.knowledge_base.encoder.name in page
    assert f"已发布 {len(site.knowledge_base.published())} 份" in page
    assert "没有使用，所有回答都是原文摘录" in page
    assert "本系统目前没有使用语言模型" in client.get("/terms").text


def test_about_names_the_model_that_is_configured(site: Site) -> None:
    model = LanguageModel("qwen3-8b", "某服务商", "网信备-0001")
    parts = {"knowledge_base": site.knowledge_base, "conversations": site.conversations, "model": lambda: model}
    app = build(answerer=site.stage, **parts)  # type: ignore[arg-type]
    with running(app) as url, visitor(url) as client:
        page, terms = client.get("/about").text, client.get("/terms").text
    for words in ("qwen3-8b", "某服务商", "网信备-0001"):
        assert words in page
    assert "没有使用语言模型" not in terms


def test_the_bar_shows_who_is_logged_in_and_the_desk_to_trainers_only(site: Site, accounts: Accounts) -> None:
    parts = {"knowledge_base": site.knowledge_base, "conversations": site.conversations, "accounts": accounts}
    app = build(answerer=site.stage, **parts)  # type: ignore[arg-type]
    with running(app) as url, visitor(url) as anybody:
        assert 'href="/admin/"' in anybody.get("/").text, "without accounts everybody at this machine trains"
        accounts.add_first("root1", PASSWORD)
        accounts.add("root1", "teacher", PASSWORD, Role.TRAINER, display_name="任课教员")
        accounts.add("root1", "xy01", PASSWORD, Role.TRAINEE, display_name="一班学员")
        for name, shown, trains in (("teacher", "任课教员", True), ("xy01", "一班学员", False)):
            with visitor(url) as client:
                client.post("/login", data={"name": name, "password": PASSWORD})
                page = client.get("/").text
                assert shown in page
                assert ('href="/admin/"' in page) is trains
        outside = anybody.get("/terms")
        assert (outside.status_code, "用户协议" in outside.text) == (200, True), "to be read before logging in"
        assert 'href="/admin/"' not in outside.text
        assert anybody.get("/about").status_code == 303


@pytest.mark.parametrize(("path", "heading"), [("/nothing", "没有找到"), ("/document/x", "没有找到")])
def test_a_page_that_is_not_there_says_so_and_leads_back(client: httpx.Client, path: str, heading: str) -> None:
    page = client.get(path).text
    assert f"<h1>{heading}</h1>" in page
    assert 'href="/library"' in page
