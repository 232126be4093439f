"""Follow-ups rewritten by a scripted model: taken when they add nothing, else the rules do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scripted_endpoint import Pause, ScriptedEndpoint, fails, says

from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.condensing import condense
from assistant.generation.endpoint import Endpoint
from assistant.model import Message

HISTORY = (
    Message("user", "来访事项应当在多少日内答复来访人？"),
    Message("assistant", "来访事项应当自登记之日起十二日内答复来访人。[1]"),
)


@pytest.fixture
def model() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as running:
        yield running


@pytest.fixture
def endpoint(model: ScriptedEndpoint) -> Endpoint:
    return Endpoint(EndpointSettings(model.url, "scripted", timeout=2, first_token=0.5, between_tokens=0.5))


@pytest.mark.parametrize(
    "reply",
    [
        "来访事项情况复杂的，可以延长几日答复？",
        "<think>嗯</think>\n改写后的问题：“来访事项情况复杂的，可以延长几日答复？”",
    ],
)
def test_a_follow_up_made_of_what_was_said_is_taken(model: ScriptedEndpoint, endpoint: Endpoint, reply: str) -> None:
    model.play(says(reply, size=4))
    assert condense(endpoint, "情况复杂的可以延长几日？", HISTORY) == "来访事项情况复杂的，可以延长几日答复？"


@pytest.mark.parametrize(
    "reply",
    [
        says("来访事项情况复杂的，可以延长三十日吗？"),  # a number nobody said
        says("请问公务员辞职后多久可以重新报考并享受养老保险待遇？"),  # another question
        says("来访事项应当在多少日内答复来访人？"),  # the old question again
        says("情况复杂的，可以延长几日?"),  # the follow-up as it was
        says("情况复杂的可以延长。\n依据是第四条。"),  # an answer
        says("抱歉，我无法回答。"),
        says(""),
        fails(500),
        says(Pause(1), "迟到"),
    ],
    ids=range(9),
)
def test_anything_else_is_left_to_the_rules(model: ScriptedEndpoint, endpoint: Endpoint, reply: object) -> None:
    model.play(reply)  # type: ignore[arg-type]
    assert condense(endpoint, "情况复杂的可以延长几日？", HISTORY) is None


def test_personal_numbers_and_marked_texts_stay_here(model: ScriptedEndpoint, endpoint: Endpoint) -> None:
    condense(endpoint, "手机13800138000的呢？", HISTORY)
    assert "13800138000" not in model.requests[0].prompt
    condense(endpoint, "那呢？", (Message("user", "【内部】某材料怎么说？"),))
    assert len(model.requests) == 1
