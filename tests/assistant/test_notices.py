"""What readers are told about validity: one notice for a text that is not in force, whatever its edition is called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from assistant.answerer import Answerer
from assistant.conversations.answer_json import answer_from_json, answer_json
from assistant.model import Answer, NoticeCode
from assistant.web.chat.validity_banner import Successors
from knowledge.embeddings import open_encoder
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

TRIAL = """星河市图书借阅管理条例（试行）

（2017年3月1日星河市文化局印发）

第一条　本条例适用于星河市图书馆。

第二条　图书的借期为三十日，可以续借一次。
"""
FINAL = """星河市图书借阅管理条例

（2023年3月1日星河市文化局印发　自2023年4月1日起施行）

第一条　本条例适用于星河市图书馆。

第二条　图书的借期为六十日，可以续借两次。
"""


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("files")
    for name, text in {"试行.txt": TRIAL, "现行.txt": FINAL}.items():
        (folder / name).write_text(text, encoding="utf-8")
    data = tmp_path_factory.mktemp("data")
    with_today = {"register": Register.load(), "today": lambda: date(2026, 7, 1)}
    opened = KnowledgeBase.open(data, open_encoder, **with_today)  # type: ignore[arg-type]
    opened.add(sorted(folder.glob("*.txt")), publish=True)
    [trial] = [one for one in opened.documents() if "三十日" in opened.text(one.version_id)]
    opened.set_card(trial.id, title="星河市图书借阅管理条例", edition="试行")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def answer(kb: KnowledgeBase) -> Answer:
    answerer = Answerer(kb, Register.load(), Lexicon.load())
    [trial] = [one for one in kb.documents() if one.card.edition == "试行"]
    found = answerer.answer("星河市图书借阅管理条例旧版第二条")
    assert [one.document.id for one in found.citations] == [trial.id]
    return found


def test_an_edition_without_a_year_has_one_banner(kb: KnowledgeBase, answer: Answer) -> None:
    [notice] = answer.notices
    assert notice.code is NoticeCode.NOT_IN_FORCE
    assert notice.text == "《星河市图书借阅管理条例》（试行）已被修订，现行的是2023年版。"
    [banner] = Successors(kb).banners(answer)
    assert banner.text == notice.text
    assert [way.words for way in banner.ways] == ["看现行2023年版第二条"]


@pytest.mark.parametrize("words", ["（试行年版）已被修订，现行的是2023年版。", "（试行）已被修订，现行的是2023年版。"])
def test_an_answer_kept_by_an_earlier_release_has_one_banner(kb: KnowledgeBase, answer: Answer, words: str) -> None:
    kept: dict[str, Any] = json.loads(json.dumps(answer_json(answer)))
    del kept["noted"]
    kept["notices"] = [f"《星河市图书借阅管理条例》{words}"]
    recalled = answer_from_json(kept)
    assert [one.code for one in recalled.notices] == [NoticeCode.NOT_IN_FORCE]
    assert recalled.notices[0].document == answer.citations[0].document.id
    assert [one.text for one in Successors(kb).banners(recalled)] == [answer.notices[0].text]


def test_a_kept_answer_tells_of_its_model_and_of_the_day_asked_about(answer: Answer) -> None:
    kept: dict[str, Any] = json.loads(json.dumps(answer_json(answer)))
    del kept["noted"]
    kept["generation"] = {"model": "m", "prompt": "p", "failure": "down"}
    then = "《星河市图书借阅管理条例》（试行年版）在 2024-01-01 已被修订，库中没有那一天有效的版本。"
    kept["notices"] = ["语言模型连接不上，以下是原文摘录。", then, "请核对。"]
    recalled = answer_from_json(kept)
    codes = [NoticeCode.NOT_WRITTEN, NoticeCode.NOT_IN_FORCE_THEN, NoticeCode.OTHER]
    assert [one.code for one in recalled.notices] == codes
    assert [one.of_writing for one in recalled.notices] == [True, False, False]


def test_what_a_notice_is_about_comes_back(answer: Answer) -> None:
    assert answer_from_json(answer_json(answer)).notices == answer.notices
