"""Nobody but trainers gets into the desk, and no reader to what another one asked: raw HTTP, every route there is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import httpx
import pytest
from desk_site import DeskSite
from fastapi.routing import APIRoute

SECRET = "只有本人知道的问题"


def every_route(site: DeskSite) -> Iterator[tuple[str, str]]:
    """Method and address (with its variables) of every route, however deep it is included."""
    waiting = [("", route) for route in site.app.routes]
    while waiting:
        prefix, route = waiting.pop()
        inner = getattr(route, "original_router", None)
        if inner is not None:
            context = getattr(route, "include_context", None)
            waiting += [(prefix + getattr(context, "prefix", ""), one) for one in inner.routes]
        elif isinstance(route, APIRoute):
            for method in route.methods:
                yield method, prefix + route.path


def desk_calls(site: DeskSite) -> list[tuple[str, str]]:
    calls = [
        (method, re.sub(r"\{[^}]*\}", "1", path))
        for method, path in every_route(site)
        if path.startswith(("/admin", "/api/admin"))
    ]
    further = [("GET", "/admin"), ("POST", "/admin/upload"), ("GET", "/admin/none"), ("GET", "/api/admin/none")]
    return [*calls, *further, ("POST", "/api/admin/upload"), ("DELETE", "/admin/documents/1"), ("PUT", "/admin/lists")]


@pytest.fixture(scope="module")
def trainee(desk: DeskSite) -> Iterator[httpx.Client]:
    with desk.enter("xy02") as client:
        yield client


def test_all_pages_of_the_desk_are_enumerated(desk: DeskSite) -> None:
    found = {path for _, path in desk_calls(desk)}
    for page in ("overview", "queues", "documents", "curated", "lists", "search", "users", "eval", "search/save"):
        assert f"/admin/{page}" in found
    assert len(found) >= 20


def test_a_trainee_gets_403_everywhere_at_the_desk(desk: DeskSite, trainee: httpx.Client) -> None:
    for method, path in desk_calls(desk):
        for body in ({}, {"data": {"do": "put"}}, {"files": {"file": ("a.txt", b"x")}}):
            if method in ("GET", "HEAD") and body:
                continue
            reply = trainee.request(method, path, **body)  # type: ignore[arg-type]
            assert reply.status_code == 403, (method, path, body)


def test_somebody_without_a_session_gets_nowhere_at_the_desk(desk: DeskSite) -> None:
    with desk.enter() as nobody:
        for method, path in desk_calls(desk):
            reply = nobody.request(method, path)
            wanted = 303 if method in ("GET", "HEAD") and not path.startswith("/api/") else 401
            assert reply.status_code == wanted, (method, path)
            assert reply.headers.get("location", "/login").startswith("/login")


def test_what_is_closed_to_trainers_is_open_to_administrators(desk: DeskSite) -> None:
    pages = {path for method, path in desk_calls(desk) if method == "GET" and path.count("/") == 2}
    with desk.enter("teacher") as trainer, desk.enter("root1") as administrator:
        closed = {path for path in pages if trainer.get(path).status_code == 403}
        assert "/admin/users" in closed
        assert not closed & {f"/admin/{page}" for page in ("overview", "queues", "documents", "curated", "lists")}
        for path in closed:
            assert administrator.get(path).status_code != 403, path
        assert trainer.post("/admin/users/xy01/reset").status_code == 403
        assert trainer.post("/admin/classes").status_code == 403


def test_no_reader_gets_at_another_ones_conversation_turn_or_export(desk: DeskSite, trainee: httpx.Client) -> None:
    turn_id, _ = desk.ask("xy01", SECRET)
    owner = desk.accounts.user("xy01").id
    conversation_id = desk.conversations.turn(owner, turn_id).conversation_id
    with desk.enter("xy01") as himself:
        assert SECRET in himself.get(f"/?c={conversation_id}").text
    tried = 0
    for method, path in every_route(desk):
        address = path.replace("{turn_id}", turn_id).replace("{conversation_id}", conversation_id)
        if address == path or path.startswith("/admin"):
            continue
        reply = trainee.request(method, re.sub(r"\{[^}]*\}", "1", address))
        assert reply.status_code in (400, 404), (method, path)
        assert SECRET not in reply.text
        tried += 1
    assert tried >= 4
    turn = desk.conversations.turn(owner, turn_id)
    assert turn.question == SECRET
    assert desk.conversations.get(owner, conversation_id).title == SECRET


def test_a_thousand_guessed_ids_lead_nowhere(desk: DeskSite, trainee: httpx.Client) -> None:
    templates = ("/c/{}", "/api/turn/{}/text", "/?c={}")
    for number in range(1000):
        path = templates[number % 3].format(secrets.token_hex(12))
        assert trainee.get(path).status_code == 404, path


def test_a_form_of_another_site_changes_nothing_at_the_desk(desk: DeskSite) -> None:
    with desk.enter("teacher") as trainer:
        for method, path in desk_calls(desk):
            if method == "POST":
                reply = trainer.post(path, headers={"Origin": "https://evil.example"})
                assert reply.status_code == 403, path
