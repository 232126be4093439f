"""The administrators' page about the language model."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browsing import running, visitor
from conftest import Site

sys.path.insert(0, str(Path(__file__).parents[1] / "assistant" / "generation"))
from scripted_endpoint import ScriptedEndpoint, fails, says

from assistant.accounts.model import Role
from assistant.accounts.setup.secret_box import SecretBox
from assistant.accounts.store import Accounts
from assistant.conversations.conversations import Conversations
from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.chosen import Choice, ChosenModel
from assistant.generation.endpoint import Endpoint
from assistant.generation.quota import Allowance
from assistant.verification.checker import Policy
from assistant.web import build
from assistant.web.admin.model import Writing

PASSWORD = "长江黄河泰山长城二〇二六"


@pytest.fixture
def model() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as running_model:
        yield running_model


@pytest.fixture(params=["with a model", "without one"])
def url(request: pytest.FixtureRequest, site: Site, model: ScriptedEndpoint, tmp_path: Path) -> Iterator[str]:
    accounts, conversations = Accounts.open(tmp_path), Conversations.open(tmp_path)
    accounts.add_first("root1", PASSWORD)
    accounts.add("root1", "teacher", PASSWORD, Role.TRAINER)
    settings = EndpointSettings(
        model.url, "scripted", api_key="k-e-y", provider="青禾公司", filing_number="网信算备001号"
    )
    environment = Endpoint(settings) if request.param == "with a model" else None
    box = SecretBox(tmp_path / "keys" / "secret.key")
    writing = Writing(ChosenModel(accounts.settings, box, opened, environment), Allowance(per_reader=7), Policy())
    app = build(
        answerer=site.stage,
        knowledge_base=site.knowledge_base,
        conversations=conversations,
        accounts=accounts,
        writing=writing,
    )
    with running(app) as address:
        yield address
    conversations.close()
    accounts.close()


def opened(choice: Choice) -> Endpoint:
    return Endpoint(EndpointSettings(choice.base_url, choice.model, api_key=choice.api_key, provider=choice.provider))


def entered(url: str, name: str) -> httpx.Client:
    client = visitor(url)
    assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    return client


@pytest.mark.parametrize("url", ["with a model"], indirect=True)
def test_it_shows_the_endpoint_its_register_and_the_limits_but_not_the_key(url: str, model: ScriptedEndpoint) -> None:
    page = entered(url, "root1").get("/admin/model").text
    for words in (model.url, "scripted", "青禾公司", "网信算备001号", "每人每小时 7，全部每小时 不限", "本机"):
        assert words in page
    assert "k-e-y" not in page
    assert not model.requests


@pytest.mark.parametrize("url", ["with a model"], indirect=True)
def test_a_trial_tells_whether_it_answers_streams_and_cites(url: str, model: ScriptedEndpoint) -> None:
    model.play(says("损坏图书的，应当照价赔偿[2]。逾期十五日不还的，管理员应当向馆长报告[3]。", size=4), fails(500))
    client = entered(url, "root1")
    page = client.post("/admin/model/check").text
    assert page.count("：好") == 3
    assert "2 句中有 2 句" in page
    assert "应答：不好，语言模型连接不上" in client.post("/admin/model/check").text


@pytest.mark.parametrize("url", ["without one"], indirect=True)
def test_without_a_model_it_says_how_to_set_one_up(url: str) -> None:
    client = entered(url, "root1")
    assert "XUESI_LLM_BASE_URL" in client.get("/admin/model").text
    assert client.post("/admin/model/check").status_code == 200


@pytest.mark.parametrize("url", ["without one"], indirect=True)
def test_a_model_is_set_up_and_tried_in_the_browser_and_its_key_is_never_shown_again(
    url: str, model: ScriptedEndpoint, tmp_path: Path
) -> None:
    client = entered(url, "root1")
    form = {"base_url": model.url, "model": "scripted", "api_key": "sk-a-b-c", "provider": "青禾公司"}
    assert "不是模型服务的地址" in client.post("/admin/model", data={**form, "base_url": "ftp://a"}).text
    model.play(says("损坏图书的，应当照价赔偿[2]。", size=4), says("损坏图书的，应当照价赔偿[2]。", size=4), fails(500))
    page = client.post("/admin/model", data=form).text
    assert "已加密保存，不再显示" in page
    assert "应答：好" in page
    assert model.requests[-1].headers["authorization"] == "Bearer sk-a-b-c"
    for text in (page, client.get("/admin/model").text, client.get("/admin/audit").text):
        assert "sk-a-b-c" not in text
    assert b"sk-a-b-c" not in b"".join(one.read_bytes() for one in tmp_path.rglob("*.db*"))
    client.post("/admin/model", data={**form, "api_key": "", "model": "another"})
    assert model.requests[-1].headers["authorization"] == "Bearer sk-a-b-c", "an empty field leaves the key"
    elsewhere = model.url.replace("127.0.0.1", "localhost")
    client.post("/admin/model", data={**form, "api_key": "", "base_url": elsewhere})
    assert model.requests[-1].headers.get("authorization") != "Bearer sk-a-b-c", "a key goes to no other host"
    assert "已删去" in client.post("/admin/model/forget").text
    assert "没有配置语言模型" in client.get("/admin/model").text


@pytest.mark.parametrize("url", ["with a model"], indirect=True)
def test_it_is_for_administrators(url: str, model: ScriptedEndpoint) -> None:
    client = entered(url, "teacher")
    assert client.get("/admin/model").status_code == 403
    assert client.post("/admin/model/check").status_code == 403
    assert not model.requests
