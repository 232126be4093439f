"""What one reader keeps is not there for another: guessed and borrowed ids give nothing, on every route."""

from __future__ import annotations

import secrets

import httpx
import pytest
from conftest import Site
from samples import answer_of, place, save

from assistant.conversations.turns import TurnState

SECRET = "应当在来访登记簿上记明"


@pytest.fixture
def kept(site: Site, client: httpx.Client, reader: str) -> dict[str, str]:
    """A conversation, a turn, a note and an outline of `reader`; their ids by name."""
    turn = site.conversations.ask(reader, "秘密的问题")
    site.conversations.close_turn(turn.id, TurnState.DONE, answer=answer_of(site, "来访接待", [SECRET]))
    note = save(client, reader, place(site, SECRET, "来访接待", None), "秘密的批注")
    outline = client.post("/outlines", data={"topic": "秘密的题目"}, headers={"X-Reader": reader}).headers["location"]
    return {
        "conversation": turn.conversation_id,
        "turn": turn.id,
        "note": note,
        "outline": outline.rsplit("/", 1)[1],
    }


def attempts(ids: dict[str, str]) -> list[tuple[str, str, dict[str, object]]]:
    """Every way to read or change what has an id, with the method and what is sent."""
    conversation, turn, note, outline = (ids[name] for name in ("conversation", "turn", "note", "outline"))
    nothing = {"topic": "改", "headings": []}
    return [
        ("GET", f"/c/{conversation}", {}),
        ("GET", f"/?c={conversation}", {}),
        ("GET", f"/c/{conversation}/export", {}),
        ("POST", f"/c/{conversation}/export", {"data": {"turn": turn, "form": "docx"}}),
        ("POST", f"/c/{conversation}/export", {"data": {"turn": turn, "form": "md"}}),
        ("POST", f"/c/{conversation}/export", {"data": {"turn": turn, "form": "outline"}}),
        ("GET", f"/api/turn/{turn}/text", {}),
        ("POST", "/notes/take", {"data": {"note": note, "form": "md"}}),
        ("POST", "/notes/take", {"data": {"note": note, "form": "docx"}}),
        ("POST", "/notes/take", {"data": {"note": note, "form": "outline"}}),
        ("POST", f"/api/notes/{note}", {"json": {}}),
        ("POST", f"/api/notes/{note}", {"json": {"remark": "改"}}),
        ("POST", f"/api/notes/{note}", {"json": {"deleted": True}}),
        ("POST", f"/api/notes/{note}", {"json": {"deleted": False}}),
        ("GET", f"/outlines/{outline}", {}),
        ("GET", f"/outlines/{outline}/docx", {}),
        ("GET", f"/outlines/{outline}/md", {}),
        ("POST", f"/api/outlines/{outline}", {"json": nothing}),
        ("GET", f"/api/outlines/{outline}/found?about=来访", {}),
        ("POST", f"/api/outlines/{outline}/state", {"json": {"deleted": True}}),
    ]


def test_every_route_answers_its_owner_and_nobody_else(
    site: Site, client: httpx.Client, reader: str, kept: dict[str, str]
) -> None:
    for method, path, sent in attempts(kept):
        reply = client.request(method, path, headers={"X-Reader": "someone-else"}, **sent)
        assert reply.status_code == 404, (method, path)
        assert "秘密" not in reply.text, (method, path)
        assert SECRET not in reply.text, (method, path)
    assert "秘密" not in client.get("/notes", headers={"X-Reader": "someone-else"}).text
    assert site.notes("someone-else") == []
    assert [note.remark for note in site.notes(reader)] == ["秘密的批注"], "nothing was changed"
    for method, path, sent in attempts(kept):
        reply = client.request(method, path, headers={"X-Reader": reader}, **sent)
        assert reply.status_code in (200, 204, 303), (method, path, reply.text[:200])


def test_a_thousand_guessed_ids_give_nothing(
    site: Site, client: httpx.Client, kept: dict[str, str], reader: str
) -> None:
    assert all(len(one) == 24 for one in kept.values()), "ids have 96 random bits"
    for number in range(1000):
        guess = {name: secrets.token_hex(12) for name in kept}
        method, path, sent = attempts(guess)[number % len(attempts(guess))]
        assert client.request(method, path, headers={"X-Reader": reader}, **sent).status_code == 404, path


def test_turns_of_another_conversation_cannot_be_slipped_into_an_export(
    site: Site, client: httpx.Client, reader: str, kept: dict[str, str]
) -> None:
    own = site.conversations.ask("someone-else", "自己的问题")
    site.conversations.close_turn(own.id, TurnState.DONE, answer=answer_of(site, "休假", ["享受年休假五天"], "2018"))
    reply = client.post(
        f"/c/{own.conversation_id}/export",
        data={"turn": [own.id, kept["turn"]], "form": "md"},
        headers={"X-Reader": "someone-else"},
    )
    assert "享受年休假五天" in reply.text
    assert SECRET not in reply.text


def test_the_way_back_from_a_document_is_shown_to_the_asker_only(
    site: Site, client: httpx.Client, kept: dict[str, str]
) -> None:
    page = client.get(
        f"/document/{site.document('来访接待').id}?turn={kept['turn']}", headers={"X-Reader": "someone-else"}
    ).text
    assert kept["conversation"] not in page
