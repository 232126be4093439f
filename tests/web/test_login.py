"""Logging in, and who gets where: raw HTTP against the running server, with real accounts."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from browsing import running, visitor, window
from conftest import Site
from fastapi import FastAPI
from fastapi.routing import APIRoute
from samples import questions_of

from assistant.accounts.model import Role
from assistant.accounts.store import Accounts
from assistant.conversations.turns import TurnState
from assistant.web import build

PASSWORD = "长江黄河泰山长城二〇二六"
GRADIO_PATHS = (
    ("GET", "/config"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data?session_hash=x"),
    ("POST", "/gradio_api/run/predict"),
    ("GET", "/gradio_api/heartbeat/x"),
    ("POST", "/gradio_api/cancel"),
    ("POST", "/gradio_api/reset"),
    ("GET", "/assets/index.js"),
    ("GET", "/theme.css"),
)
Entrance = Callable[..., httpx.Client]


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    opened = Accounts.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def people(accounts: Accounts) -> Accounts:
    accounts.add_first("root1", PASSWORD)
    accounts.add("root1", "teacher", PASSWORD, Role.TRAINER)
    accounts.add("root1", "xy01", PASSWORD, Role.TRAINEE)
    accounts.add("root1", "xy02", PASSWORD, Role.TRAINEE)
    return accounts


@pytest.fixture
def app(site: Site, accounts: Accounts) -> FastAPI:
    parts = {"knowledge_base": site.knowledge_base, "conversations": site.conversations}
    questions = questions_of(**parts, real=site.stage.real)  # type: ignore[arg-type]
    return build(answerer=site.stage, **parts, accounts=accounts, questions=questions)  # type: ignore[arg-type]


@pytest.fixture
def enter(app: FastAPI) -> Iterator[Entrance]:
    with running(app) as url:
        opened: list[httpx.Client] = []

        def as_user(name: str = "", password: str = PASSWORD) -> httpx.Client:
            client = visitor(url)
            opened.append(client)
            if name:
                assert client.post("/login", data={"name": name, "password": password}).status_code == 303
            return client

        yield as_user
        for client in opened:
            client.close()


def admin_calls(app: FastAPI) -> list[tuple[str, str]]:
    """Method and address of every route under /admin, however deep it is included."""
    found = []
    waiting = list(app.routes)
    while waiting:
        route = waiting.pop()
        inner = getattr(route, "original_router", None)
        waiting += list(inner.routes) if inner else []
        if isinstance(route, APIRoute) and route.path.startswith("/admin"):
            found += [(method, re.sub(r"\{[^}]*\}", "1", route.path)) for method in route.methods]
    return found


def test_a_trainee_gets_403_on_every_admin_route(people: Accounts, app: FastAPI, enter: Entrance) -> None:
    calls = admin_calls(app)
    assert len(calls) >= 7
    trainee, nobody = enter("xy01"), enter()
    for method, path in [*calls, ("GET", "/admin"), ("POST", "/admin/upload"), ("GET", "/admin/none")]:
        assert trainee.request(method, path).status_code == 403, (method, path)
        reply = nobody.request(method, path)
        assert reply.status_code == (303 if method == "GET" else 401), (method, path)


def test_only_administrators_see_accounts(people: Accounts, enter: Entrance) -> None:
    teacher = enter("teacher")
    assert teacher.get("/admin/documents").status_code == 200
    for method, path in (("GET", "/admin/users"), ("POST", "/admin/users"), ("POST", "/admin/users/xy01/reset")):
        assert teacher.request(method, path).status_code == 403, path
    assert enter("root1").get("/admin/users").status_code == 200


def test_nobody_without_a_session_gets_further_than_the_log_in_page(people: Accounts, enter: Entrance) -> None:
    nobody = enter()
    assert nobody.get("/c/x").headers["location"] == "/login?next=%2Fc%2Fx"
    assert nobody.get("/?c=x").headers["location"] == "/login?next=%2F"
    for method, path in GRADIO_PATHS:
        assert nobody.request(method, path, json={} if method == "POST" else None).status_code in (401, 303), path
    assert nobody.get("/setup").status_code == 404


def test_no_user_reads_anothers_conversation(people: Accounts, site: Site, enter: Entrance) -> None:
    owner = people.user("xy01").id
    turn = site.conversations.ask(owner, "只给自己看的问题")
    site.conversations.close_turn(turn.id, TurnState.FAILED, message="无")
    other = enter("xy02")
    assert "只给自己看的问题" in enter("xy01").get(f"/?c={turn.conversation_id}").text
    for path in (f"/c/{turn.conversation_id}", f"/api/turn/{turn.id}/text", f"/?c={turn.conversation_id}"):
        assert other.get(path).status_code == 404
    for _ in range(1000):
        assert other.get(f"/c/{secrets.token_hex(12)}").status_code == 404


def test_the_cookie_is_new_at_each_log_in_and_out_of_reach_of_scripts(people: Accounts, enter: Entrance) -> None:
    client = enter()
    client.cookies.set("xuesi_session", "planted-by-somebody")
    reply = client.post("/login", data={"name": "xy01", "password": PASSWORD, "next": "//evil.example/"})
    cookie = reply.headers["set-cookie"]
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert reply.headers["location"] == "/"
    client = enter("xy01")
    token = client.cookies["xuesi_session"]
    assert client.post("/logout").status_code == 303
    assert people.whose(token) is None


def test_wrong_passwords_get_one_answer_and_then_too_many_requests(people: Accounts, enter: Entrance) -> None:
    client = enter()
    replies = [client.post("/login", data={"name": name, "password": "wrong"}) for name in ("xy01", "nobody")]
    assert [reply.status_code for reply in replies] == [401, 401]
    assert replies[0].text == replies[1].text
    codes = [client.post("/login", data={"name": "nobody", "password": "x"}).status_code for _ in range(6)]
    assert codes[-1] == 429
    for number in range(60):
        codes.append(client.post("/login", data={"name": f"nobody{number}", "password": "x"}).status_code)
    assert codes[-1] == 429
    assert codes.count(401) > 50


def test_a_whole_class_logs_in_through_one_address_at_once(people: Accounts, enter: Entrance) -> None:
    client = enter()

    def come_in(_number: int) -> int:
        return client.post("/login", data={"name": "xy01", "password": PASSWORD}, timeout=120).status_code

    with ThreadPoolExecutor(30) as threads:
        assert list(threads.map(come_in, range(30))) == [303] * 30


def test_an_administrator_releases_somebody_on_the_page(people: Accounts, enter: Entrance) -> None:
    client, root = enter(), enter("root1")
    for _ in range(6):
        reply = client.post("/login", data={"name": "xy01", "password": "wrong"})
    assert reply.status_code == 429
    assert "管理员解除" in reply.text
    assert root.post("/admin/users/xy01/release").status_code == 200
    assert client.post("/login", data={"name": "xy01", "password": PASSWORD}).status_code == 303


def test_setup_is_open_at_this_machine_until_there_is_an_administrator(
    accounts: Accounts, tmp_path: Path, enter: Entrance
) -> None:
    """As an earlier release left it: a trainee was made first, and nobody could come in to administer."""
    accounts.add_first("root1", PASSWORD)
    database = sqlite3.connect(tmp_path / "xuesi.db")
    database.execute("UPDATE account SET name = 'xy01', role = 'trainee'")
    database.commit()
    database.close()
    client = enter()
    assert client.get("/login").headers["location"] == "/setup"
    form = {"name": "root1", "password": PASSWORD, "again": PASSWORD}
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):  # through a proxy, so from another machine
        assert client.post("/setup", data=form, headers={name: "203.0.113.9"}).status_code == 404
    assert client.post("/setup", data=form).headers["location"] == "/admin/"
    assert client.get("/admin/users").status_code == 200
    assert enter().get("/setup").status_code == 404


def test_a_form_of_another_site_neither_logs_in_nor_out(people: Accounts, enter: Entrance) -> None:
    client = enter("root1")
    foreign = {"Origin": "https://evil.example"}
    for path in ("/login", "/logout", "/password", "/admin/users", "/admin/documents/1/withdraw"):
        assert client.post(path, headers=foreign).status_code == 403, path
    assert client.get("/admin/users").status_code == 200


def test_a_first_password_must_be_changed_before_anything_else(people: Accounts, enter: Entrance) -> None:
    people.reset_password("root1", "xy01", "first password 1")
    client = enter("xy01", "first password 1")
    assert client.get("/").headers["location"] == "/password"
    assert client.post("/gradio_api/queue/join", json={"data": []}).status_code == 403
    form = {"old": "first password 1", "new": PASSWORD, "again": PASSWORD}
    assert client.post("/password", data=form).status_code == 303
    assert client.get("/").status_code == 200


def test_without_accounts_the_first_administrator_is_made_once(accounts: Accounts, enter: Entrance) -> None:
    client = enter()
    assert client.get("/").status_code == 200
    assert client.get("/admin/documents").status_code == 200
    form = {"name": "root1", "password": PASSWORD, "again": PASSWORD}
    assert client.post("/setup", data=form).headers["location"] == "/admin/"
    assert client.get("/admin/users").status_code == 200
    assert client.get("/setup").status_code == 404
    assert enter().get("/").status_code == 303


def test_users_and_documents_are_changed_through_the_pages(people: Accounts, site: Site, enter: Entrance) -> None:
    root = enter("root1")
    roster = {"roster": ("list.csv", "用户名,姓名\nxy11,学员甲\n".encode("gb18030"))}
    dates = {"name": "春季一班", "starts": "2020-01-01", "ends": "2090-01-01"}
    page = root.post("/admin/classes", data=dates, files=roster)
    password = re.search(r"xy11</td>\s*<td[^>]*><code>(\w+)</code>", page.text)
    assert password
    assert enter("xy11", password[1]).get("/").headers["location"] == "/password"
    assert "已有人用" in root.post("/admin/users", data={"name": "xy11", "role": "trainee"}).text
    document = site.document("来访")
    try:
        asked = root.post(f"/admin/documents/{document.id}/withdraw").text
        confirmed = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked))
        root.post(f"/admin/documents/{document.id}/withdraw", data=confirmed)
        assert document.card.title not in root.get("/library").text
    finally:
        root.post(f"/admin/documents/{document.id}/publish")
    assert document.card.title in root.get("/library").text
    assert [entry.action for entry in people.history(2)] == ["发布文件", "撤下文件"]


@pytest.mark.browser
def test_a_trainer_logs_in_in_a_browser(people: Accounts, browser: object, enter: Entrance) -> None:
    url = str(enter().base_url)
    page = window(browser).new_page()
    page.goto(url + "/admin/")
    page.fill("input[name=name]", "teacher")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/admin/overview")
    assert page.inner_text("h1").startswith("概况")
    page.close()
