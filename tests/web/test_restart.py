"""The program ends and starts again in the middle of an answer: nothing is lost or mixed up."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import running, visitor
from chat_events import Chat
from conftest import Site
from samples import answer_of
from scripted import Stage

from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.web import build


@pytest.fixture
def stage(site: Site) -> Stage:
    return Stage(site.stage.real)


def test_an_answer_cut_off_by_a_restart_is_marked_and_can_be_made_again(
    site: Site, stage: Stage, tmp_path: Path
) -> None:
    answer = answer_of(site, "休假", ["机关工作人员连续工作满一年的，享受年休假八天。"], "2023")
    gate = stage.script("重启之前", answer)
    before = Conversations.open(tmp_path)
    with (
        running(build(answerer=stage, knowledge_base=site.knowledge_base, conversations=before)) as url,
        visitor(url) as client,
    ):
        asked = Chat(client).ask("重启之前").bridge
        gate.open(2)
    before.close()
    after = Conversations.open(tmp_path)
    with (
        running(build(answerer=stage, knowledge_base=site.knowledge_base, conversations=after)) as url,
        visitor(url) as client,
    ):
        page = client.get(f"/?c={asked['c']}").text
        for wanted in ("重启之前", "回答中断了", "重新回答"):
            assert wanted in page
        gate.open(20)
        chat = Chat(client)
        again = chat.send("bridge.again", [""], {"turn": asked["turn"]}, str(asked["c"]))
        assert "享受年休假八天" in chat.follow(again.bridge).text
        assert after.turn("local", str(asked["turn"])).state is TurnState.DONE
        assert "享受年休假八天" in client.get(f"/?c={asked['c']}").text
    after.close()
