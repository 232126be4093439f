"""`xuesi words` and `xuesi curated` on a real data folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from assistant.accounts.store import Accounts
from assistant.answerer import Answerer
from assistant.cli.curated import app as curated_commands
from assistant.cli.queue import app as queue_commands
from assistant.cli.words import app as list_commands
from assistant.conversations.conversations import Conversations
from assistant.conversations.turns import TurnState
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curated_answers.matching import Reviewed
from assistant.curation.cases import Cases
from assistant.curation.lists import Lists
from knowledge.cli.console import run
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon

commands = typer.Typer()
commands.add_typer(list_commands, name="words")
commands.add_typer(curated_commands, name="curated")
commands.add_typer(queue_commands, name="queue")


class Provider:
    """One open library for all commands."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._curated = CuratedAnswers.open(kb.data)

    audit_key = None
    database_url = None

    def data_folder(self, data: Path | None = None) -> Path:
        return self._kb.data

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase:
        return self._kb

    def lists(self, data: Path | None = None) -> Lists:
        return Lists(self._kb.data)

    def curated(self, data: Path | None = None) -> CuratedAnswers:
        return self._curated

    def answerer(self, data: Path | None = None) -> Answerer:
        reviewed = Reviewed(self._curated, self._kb)
        return Answerer(self._kb, Register.load(), Lexicon.load(), reviewed=reviewed)

    def close(self) -> None:
        self._curated.close()


@pytest.fixture
def provider(kb: KnowledgeBase) -> Iterator[Provider]:
    made = Provider(kb)
    yield made
    made.close()


def test_words_are_added_listed_and_taken_out(provider: Provider, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(commands, provider, ["words", "add", "说法", "借书证丢了", "遗失图书"]) == 0
    capsys.readouterr()
    assert run(commands, provider, ["words", "list", "说法", "--own", "--json"]) == 0
    [entry] = json.loads(capsys.readouterr().out)
    assert (entry["key"], entry["value"], entry["own"]) == ("借书证丢了", "遗失图书", True)
    assert run(commands, provider, ["words", "remove", "说法", "借书证丢了"]) == 0
    assert run(commands, provider, ["words", "remove", "说法", "借书证丢了"]) == 2
    assert "没有“借书证丢了”这一条" in capsys.readouterr().err


def test_a_text_is_checked_for_its_formulations(
    provider: Provider, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "draft"
    text.write_text("增强四个意识，即政治意识、大局意识。", encoding="utf-8")
    assert run(commands, provider, ["words", "check", str(text)]) == 1
    assert "少了“核心意识”、“看齐意识”" in capsys.readouterr().out


def test_a_curated_answer_is_made_listed_and_removed(
    provider: Provider, kb: KnowledgeBase, capsys: pytest.CaptureFixture[str]
) -> None:
    number = next(document.id for document in kb.documents() if "阅览室" in document.card.title)
    add = ["curated", "add", "阅览室几点开门", "--also", "阅览室开多久", "--cite", f"{number}:阅览室每日开放十小时"]
    assert run(commands, provider, add) == 0
    capsys.readouterr()
    assert run(commands, provider, ["curated", "list", "--json"]) == 0
    [answer] = json.loads(capsys.readouterr().out)
    assert answer["questions"] == ["阅览室几点开门", "阅览室开多久"]
    assert answer["holds"] is True
    kb.withdraw(number)
    assert run(commands, provider, ["curated", "list"]) == 0
    assert "需要复核，暂不使用：《星河市阅览室使用办法》（2022年版）没有发布" in capsys.readouterr().out
    assert run(commands, provider, ["curated", "remove", str(answer["id"])]) == 0
    accounts = Accounts.open(kb.data)
    assert [entry.action for entry in accounts.history(2)] == ["删去审定答案", "新建审定答案"]
    accounts.close()


def test_an_unanswered_question_is_closed_once_the_library_answers_it(
    provider: Provider, kb: KnowledgeBase, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "加班补贴一天多少钱"
    conversations = Conversations.open(kb.data)
    turn = conversations.ask("甲", question)
    answer = provider.answerer().answer(question)
    assert answer.refusal
    conversations.close_turn(turn.id, TurnState.DONE, answer=answer)
    assert run(commands, provider, ["queue", "list", "unanswered", "--json"]) == 0
    [item] = json.loads(capsys.readouterr().out)
    assert (item["title"], item["why"], item["subjects"]) == (question, "问过 1 次", [turn.id])
    closing = ["queue", "close", "unanswered", question, "--as", "supplied"]
    assert run(commands, provider, closing) == 2
    assert "仍然没有答案" in capsys.readouterr().err
    number = next(document.id for document in kb.documents() if "阅览室" in document.card.title)
    assert run(commands, provider, ["curated", "add", question, "--cite", f"{number}:阅览室每日开放十小时"]) == 0
    assert run(commands, provider, closing) == 0
    assert run(commands, provider, closing) == 2
    assert Cases(kb.data).questions() == [question]
    conversations.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["curated", "add", "问题", "--cite", "没有编号"], "应写成“文件编号:引文”"),
        (["curated", "add", "问题", "--cite", "1:不在里面的话"], "没有这句话"),
        (["curated", "add", "问题", "--cite", "1:为了规范", "--lead", "两个区分开来要做好。"], "应为“三个区分开来”"),
        (["words", "add", "简称", "法", "公务员法"], "2 到 60"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    provider: Provider, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(commands, provider, arguments) == 2
    assert says in capsys.readouterr().err
