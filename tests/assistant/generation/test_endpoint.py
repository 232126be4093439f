"""The endpoint against a real server that is scripted to be slow, broken, dead or hostile."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from scripted_endpoint import Disconnect, Pause, Raw, Reply, ScriptedEndpoint, Thought, fails, says

from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.endpoint import FAILURES_UNTIL_REST, Endpoint
from assistant.generation.failures import Failure, GenerationFailed, WrongEndpoint

ASKED = (SystemMessage("按原文回答。"), HumanMessage("借阅期限是多久？"))


@pytest.fixture
def server() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as running:
        yield running


def endpoint(server: ScriptedEndpoint, **changes: object) -> Endpoint:
    values: dict[str, object] = {"timeout": 3.0, "first_token": 1.0, "between_tokens": 0.5, **changes}
    return Endpoint(EndpointSettings(server.url, "scripted", **values))  # type: ignore[arg-type]


def failure_of(model: Endpoint) -> Failure:
    with pytest.raises(GenerationFailed) as raised:
        list(model.complete(ASKED))
    return raised.value.failure


def test_pieces_come_in_the_order_they_were_sent_and_tokens_are_counted(server: ScriptedEndpoint) -> None:
    server.play(Reply(["借期", "三十日", "[1]。"], usage=(120, 9)))
    completion = endpoint(server, api_key="secret").complete(ASKED)
    assert list(completion) == ["借期", "三十日", "[1]。"]
    assert completion.whole
    assert (completion.prompt_tokens, completion.completion_tokens) == (120, 9)
    assert 0 < completion.first_ms <= completion.total_ms
    request = server.requests[0]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == "Bearer secret"
    assert request.body["messages"] == [
        {"role": "system", "content": "按原文回答。"},
        {"role": "user", "content": "借阅期限是多久？"},
    ]


def test_a_piece_is_handed_on_before_the_next_one_is_there(server: ScriptedEndpoint) -> None:
    server.play(says("第一句。", Pause(0.4), "第二句。"))
    model = endpoint(server)
    list(model.complete(ASKED))  # imports
    began = time.perf_counter()
    pieces = iter(model.complete(ASKED))
    assert next(pieces) == "第一句。"
    assert time.perf_counter() - began < 0.3
    assert list(pieces) == ["第二句。"]


def test_reasoning_is_not_part_of_the_answer(server: ScriptedEndpoint) -> None:
    server.play(says(Thought("先想一想"), "借期三十日。"))
    assert "".join(endpoint(server).complete(ASKED)) == "借期三十日。"


def test_thinking_is_switched_only_when_it_is_set(server: ScriptedEndpoint) -> None:
    list(endpoint(server).complete(ASKED))
    list(endpoint(server, thinking=False).complete(ASKED))
    assert "enable_thinking" not in server.requests[0].body
    assert server.requests[1].body["enable_thinking"] is False
    assert server.requests[1].body["chat_template_kwargs"] == {"enable_thinking": False}


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (says(Pause(1.6), "太迟"), Failure.TIMEOUT),
        (says(Pause(1.6, pings=True), "太迟"), Failure.TIMEOUT),
        (says("开了头", Pause(1.2), "太迟"), Failure.STALLED),
        (says("开了头", Pause(1.2, pings=True), "太迟"), Failure.STALLED),
        (says(*(["慢", Pause(0.3)] * 20)), Failure.TIMEOUT),
        (says("开了头", Disconnect()), Failure.BROKEN),
        (Reply([Disconnect()]), Failure.DOWN),
        (says("开了头", Raw(b"data: {oops\n\n")), Failure.BROKEN),
        (Reply([Raw(b"<html><body>502 Bad Gateway</body></html>")], ends=False), Failure.BROKEN),
        (says(Raw(b'data: {"error": {"message": "out of memory"}}\n\n')), Failure.BROKEN),
        (fails(500), Failure.DOWN),
        (fails(429, Retry_After="60"), Failure.RATE_LIMITED),
        (fails(401), Failure.REJECTED),
        (fails(404), Failure.REJECTED),
        (Reply(status=200, steps=[Raw(b"\xff\xfe\x00")], ends=False), Failure.BROKEN),
    ],
    ids=str,
)
def test_every_fault_of_the_endpoint_ends_in_a_named_failure_within_the_limit(
    server: ScriptedEndpoint, reply: Reply, failure: Failure
) -> None:
    server.play(reply)
    model = endpoint(server)
    model.warm()
    began = time.perf_counter()
    assert failure_of(model) is failure
    assert time.perf_counter() - began < 3.5


def test_an_answer_without_end_is_known_to_be_cut_off(server: ScriptedEndpoint) -> None:
    server.play(Reply(["借期三十"], finish="length"))
    completion = endpoint(server).complete(ASKED)
    assert list(completion) == ["借期三十"]
    assert not completion.whole


def test_a_dead_endpoint_is_left_alone_after_a_few_failures() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        model = Endpoint(EndpointSettings(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "none"))
        assert [failure_of(model) for _ in range(FAILURES_UNTIL_REST)] == [Failure.DOWN] * FAILURES_UNTIL_REST
        began = time.perf_counter()
        assert failure_of(model) is Failure.RESTING
        assert time.perf_counter() - began < 0.05


def test_an_endpoint_that_has_recovered_is_used_again(server: ScriptedEndpoint) -> None:
    server.play(*[fails(500)] * FAILURES_UNTIL_REST, says("好的。"))
    model = Endpoint(EndpointSettings(server.url, "scripted", timeout=3), rest_seconds=0.2)
    assert [failure_of(model) for _ in range(FAILURES_UNTIL_REST)] == [Failure.DOWN] * FAILURES_UNTIL_REST
    assert failure_of(model) is Failure.RESTING
    time.sleep(0.3)
    assert list(model.complete(ASKED)) == ["好的。"]
    assert list(model.complete(ASKED)) == ["好的。"]


def test_one_question_may_be_given_less_time(server: ScriptedEndpoint) -> None:
    server.play(says("好", Pause(1), "的。"))
    with pytest.raises(GenerationFailed) as raised:
        list(endpoint(server, between_tokens=3).complete(ASKED, within=0.4))
    assert raised.value.failure is Failure.TIMEOUT


def test_a_reader_who_leaves_ends_the_request_and_counts_as_no_failure(server: ScriptedEndpoint) -> None:
    server.play(says(*(["字", Pause(0.1)] * 20)))
    model = endpoint(server, max_concurrency=1, timeout=9.0)
    for _ in range(FAILURES_UNTIL_REST + 1):
        pieces = iter(model.complete(ASKED))
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
    time.sleep(0.5)
    assert server.broken_off == FAILURES_UNTIL_REST + 1


def test_redirects_to_another_host_are_not_followed(server: ScriptedEndpoint) -> None:
    with ScriptedEndpoint(says("别处的回答")) as elsewhere:
        moved = Reply(status=307, body=b"", headers={"Location": f"{elsewhere.url}/chat/completions"})
        server.play(moved)
        assert failure_of(endpoint(server, api_key="secret")) in (Failure.REJECTED, Failure.BROKEN)
        assert not elsewhere.requests


def test_proxies_and_tracing_of_the_environment_see_nothing_of_a_local_model(
    server: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedEndpoint() as spy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY", "LANGSMITH_ENDPOINT"):
            monkeypatch.setenv(name, spy.url)
        monkeypatch.setenv("OPENAI_BASE_URL", spy.url)
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "x")
        server.play(says("本机的回答"))
        assert list(endpoint(server).complete(ASKED)) == ["本机的回答"]
        time.sleep(0.3)
        assert not spy.requests


@pytest.mark.parametrize("address", ["", "127.0.0.1:8081/v1", "ftp://host/v1", "http://", "http://user:pw@host/v1"])
def test_an_address_that_cannot_be_one_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(WrongEndpoint, match="XUESI_LLM_BASE_URL"):
        EndpointSettings(address, "some-model")


def test_the_key_is_in_no_representation() -> None:
    assert "secret" not in repr(EndpointSettings("http://127.0.0.1/v1", "m", api_key="secret"))


def test_importing_the_endpoint_loads_no_client() -> None:
    code = (
        "import assistant.generation.endpoint, sys; print('openai' in sys.modules or 'langchain_openai' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_no_more_answers_are_asked_for_at_a_time_than_the_setting_says(server: ScriptedEndpoint) -> None:
    server.play(says("好", Pause(0.3), "的。"))
    model = endpoint(server, max_concurrency=2)
    began = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: "".join(model.complete(ASKED)), range(4)))
    assert answers == ["好的。"] * 4
    assert time.perf_counter() - began >= 0.6  # two by two
