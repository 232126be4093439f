"""The program ends and starts again in the middle of an answer: nothing is lost or mixed up."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from browsing import running
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
    with running(build(answerer=stage, knowledge_base=site.knowledge_base, conversations=before)) as url:
        asked = httpx.post(f"{url}/api/ask", json={"question": "重启之前"}).json()
        gate.open(2)
        with httpx.stream("GET", f"{url}/api/turn/{asked['turn']}/events", timeout=10) as events:
            assert any("理解问题" in line for line in events.iter_lines())
    before.close()
    after = Conversations.open(tmp_path)
    with running(build(answerer=stage, knowledge_base=site.knowledge_base, conversations=after)) as url:
        page = httpx.get(f"{url}/c/{asked['conversation']}").text
        assert "重启之前" in page
        assert "回答中断了" in page
        assert "重新回答" in page
        gate.open(20)
        assert httpx.post(f"{url}/api/turn/{asked['turn']}/again").status_code == 200
        with httpx.stream("GET", f"{url}/api/turn/{asked['turn']}/events", timeout=10) as events:
            assert "event: done" in "\n".join(events.iter_lines())
        assert after.turn("local", asked["turn"]).state is TurnState.DONE
        assert "享受年休假八天" in httpx.get(f"{url}/c/{asked['conversation']}").text
    after.close()
