"""Trainers add situations of their own and switch any off, by command or in a file; both count with the next question."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from small_library import HashEncoder, open_library, regulation, write

from knowledge.cli.console import run
from knowledge.cli.situations import app
from knowledge.embeddings.vector_cache import VectorCache
from knowledge.retrieval.own_situations import FILE, OwnSituations
from knowledge.retrieval.situation_index import SituationIndex
from knowledge.retrieval.situations import InvalidSituations, Situations, packaged

LOST = "书弄丢了谁说了算赔多少"
TORN = "书皮撕破了要不要掏钱"
RULES = "阅览室管理办法"
KNOWN = (Situations(RULES, "2023", {"第一条": (TORN,)}),)


@pytest.fixture
def own(tmp_path: Path) -> OwnSituations:
    return OwnSituations(tmp_path, lambda: KNOWN)


def test_without_a_file_those_that_come_with_the_program_count(own: OwnSituations) -> None:
    assert own.now() == KNOWN
    assert own.now() is own.now()


def test_what_is_added_counts_for_its_provision_and_stands_in_the_file(own: OwnSituations, tmp_path: Path) -> None:
    own.add(RULES, "2023", "第二条", LOST)
    own.add(RULES, "2023", "第二条", "丢书咋赔钱")
    assert own.now() == (*KNOWN, Situations(RULES, "2023", {"第二条": (LOST, "丢书咋赔钱")}))
    assert LOST in (tmp_path / FILE).read_text(encoding="utf-8")
    assert OwnSituations(tmp_path, lambda: KNOWN).now() == own.now()


@pytest.mark.parametrize("said", [TORN, LOST])
def test_whatever_is_switched_off_does_not_count_until_it_is_switched_on(own: OwnSituations, said: str) -> None:
    own.add(RULES, None, "第二条", LOST)
    before = own.now()
    own.switch(said, on=False)
    assert said not in {one for document in own.now() for _, one in document}
    own.switch(said, on=True)
    assert own.now() == before


def test_what_is_known_already_or_too_short_or_unknown_is_said(own: OwnSituations) -> None:
    with pytest.raises(InvalidSituations, match="《阅览室管理办法》“第一条”下面已有"):
        own.add(RULES, "2023", "第二条", TORN)
    with pytest.raises(InvalidSituations, match="4 到 80 个字"):
        own.add(RULES, "2023", "第二条", "咋赔")
    with pytest.raises(InvalidSituations, match="没有“丢书咋赔钱”这条情形"):
        own.switch("丢书咋赔钱", on=False)


@pytest.mark.parametrize("text", ["- 一", "添加: 书", "别的: []", "添加: [{title: 办法}]", "添加: ["])
def test_a_file_that_was_spoilt_by_hand_is_named(own: OwnSituations, tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidSituations, match=FILE):
        own.now()


def test_a_change_counts_with_the_next_question(own: OwnSituations, tmp_path: Path) -> None:
    library = open_library(tmp_path / "data", HashEncoder(dimension=512))
    library.add([write(tmp_path, "a.md", regulation(RULES, ["借书", "污损"], edition="2023"))], publish=True)
    index = SituationIndex(library, own.now, VectorCache("situations", tmp_path))
    second = library.passages(library.published()[0].version_id)[1]
    assert second.id not in index.closest(library.query_vector(LOST), 5)
    own.add(RULES, "2023", "第二条", LOST)
    assert index.closest(library.query_vector(LOST), 1)[second.id].situation == LOST
    own.switch(LOST, on=False)
    assert second.id not in index.closest(library.query_vector(LOST), 5)
    library.close()


@dataclass
class Wiring:
    """What app.py gives the commands."""

    folder: Path

    def data_folder(self, data: Path | None = None) -> Path:
        return data or self.folder


@pytest.fixture
def xuesi(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*words: str) -> tuple[int, str, str]:
        root = typer.Typer()
        root.add_typer(app, name="situations")
        code = run(root, Wiring(tmp_path), ["situations", *words])
        return (code, *capsys.readouterr())

    return call


def test_the_commands_list_add_and_switch(xuesi: Callable[..., tuple[int, str, str]]) -> None:
    known = next(one for one in packaged() if one.title == "中华人民共和国公务员法")
    said = next(iter(known))[1]
    assert xuesi("add", "公务员法", "第五十九条", LOST, "--edition", "2018")[0] == 0
    assert xuesi("off", said)[0] == 0
    entries = {one["situation"]: one for one in json.loads(xuesi("list", "公务员法", "--json")[1])}
    assert entries[LOST]["own"]
    assert entries[LOST]["provision"] == "第五十九条"
    assert not entries[said]["on"]
    assert f"{said}（已停用）" in xuesi("list", "公务员法")[1]
    assert xuesi("on", said)[0] == 0
    code, _, error = xuesi("off", "没有人说过的话")
    assert code == 2
    assert "没有“没有人说过的话”这条情形" in error
