"""The `xuesi kb` commands: what they print, their exit codes, one sentence for whatever goes wrong."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer
from small_library import open_library, regulation, write

from knowledge.cli.console import run
from knowledge.cli.documents import app as kb
from knowledge.cli.transfer import backup_command, restore_command
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.operations.exchange import Carried

DOCUMENT_FIELDS = [
    *("id", "title", "edition", "kind", "doc_no", "issuer", "issued_on", "effective_on", "validity", "status"),
    *("series", "topic", "articles", "passages", "sha256"),
]
TEXT = regulation("阅览室管理办法", ["借书", "还书"], edition="2018", effective_on="2018-03-01")


@dataclass
class Wiring:
    """What app.py gives the commands, with the test's encoder."""

    default: Path
    database_url: str | None = None
    libraries: list[KnowledgeBase] = field(default_factory=list)

    def data_folder(self, data: Path | None = None) -> Path:
        return data or self.default

    def knowledge_base(self, data: Path | None = None) -> KnowledgeBase:
        self.libraries.append(open_library(self.data_folder(data), register=Register.load()))
        return self.libraries[-1]

    def carried(self, data: Path | None = None) -> Carried:
        return Carried(files=("lexicon.yaml",))


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Xuesi = Callable[..., Result]


@pytest.fixture
def xuesi(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Xuesi]:
    """Runs a command line on the data folder of this test."""
    monkeypatch.delenv("XUESI_DATA", raising=False)
    app = typer.Typer()
    app.add_typer(kb, name="kb")
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    wiring = Wiring(tmp_path / "data")

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = run(app, wiring, [str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    yield call
    for library in wiring.libraries:
        library.close()


def is_one_sentence(text: str) -> bool:
    """One line in Chinese that ends as a sentence, and no traceback."""
    return text.count("\n") == 1 and bool(re.search(r"[\u4e00-\u9fff]", text)) and "Traceback" not in text


def test_adding_reports_every_file_and_prints_one_object(xuesi: Xuesi, tmp_path: Path) -> None:
    write(tmp_path / "in", "a.md", TEXT)
    result = xuesi("kb", "add", tmp_path / "in", "--publish", "--json")
    assert result.code == 0
    assert (result.json["new"], result.json["failed"], result.json["passages"]) == (1, 0, 2)
    [added] = result.json["documents"]
    assert set(added) == {"path", "document_id", "status", "title", "articles", "passages", "notes", "error"}
    assert (added["title"], added["status"], added["articles"]) == ("阅览室管理办法", "new", 2)
    assert "阅览室" in result.out  # unescaped
    assert xuesi("kb", "add", tmp_path / "in", "--json").json["unchanged"] == 1


def test_list_has_exactly_the_fields_of_the_contract(xuesi: Xuesi, tmp_path: Path) -> None:
    xuesi("kb", "add", write(tmp_path, "a.md", TEXT), "--publish")
    [item] = xuesi("kb", "list", "--json").json
    assert list(item) == DOCUMENT_FIELDS
    assert item["effective_on"] == "2018-03-01"
    assert (item["validity"], item["status"], item["articles"], item["passages"]) == ("现行有效", "published", 2, 2)


def test_show_adds_text_outline_and_passages(xuesi: Xuesi, tmp_path: Path) -> None:
    xuesi("kb", "add", write(tmp_path, "a.md", TEXT))
    shown = xuesi("kb", "show", 1, "--json").json
    assert set(shown) == {*DOCUMENT_FIELDS, "text", "outline"}
    assert [list(p) for p in shown["passages"]] == [["id", "address", "start", "end", "enabled"]] * 2
    for passage in shown["passages"]:
        assert shown["text"][passage["start"] : passage["end"]].startswith(passage["address"])
    assert [section["label"] for section in shown["outline"] if section["level"] == "条"] == ["第一条", "第二条"]
    assert "阅览室管理办法" in xuesi("kb", "show", 1).out


def test_publish_withdraw_set_remove_and_history_do_what_they_say(xuesi: Xuesi, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", TEXT)
    xuesi("kb", "add", path)
    assert xuesi("kb", "publish", 1, "--json").json["status"] == "published"
    assert xuesi("kb", "withdraw", 1, "--json").json["status"] == "withdrawn"
    changed = xuesi("kb", "set", 1, "--issuer", "某某图书馆", "--repealed-on", "2020-01-01", "--json").json
    assert (changed["issuer"], changed["validity"]) == ("某某图书馆", "已废止")
    write(tmp_path, "a.md", TEXT.replace("五个", "三个"))
    assert "更新 1" in xuesi("kb", "add", path).out
    assert len(xuesi("kb", "history", 1, "--json").json) == 2
    assert xuesi("kb", "remove", 1).code == 0
    assert xuesi("kb", "list", "--json").json == []


def test_many_documents_are_set_at_once_and_get_topics_from_the_register(xuesi: Xuesi, tmp_path: Path) -> None:
    titles = ("公务员考核规定", "某某图书馆借阅办法")
    for number, title in enumerate(titles):
        xuesi("kb", "add", write(tmp_path, f"{number}.md", TEXT.replace("阅览室管理办法", title)))
    changed = xuesi("kb", "set", 1, 2, "--issuer", "某某机关", "--topic-by-register", "--json").json
    assert [(one["issuer"], one["topic"]) for one in changed] == [("某某机关", "公务员"), ("某某机关", None)]
    assert "逐份改标题" in xuesi("kb", "set", 1, 2, "--title", "甲办法").err


def test_commands_for_people_speak_chinese(xuesi: Xuesi, tmp_path: Path) -> None:
    assert "还没有文件" in xuesi("kb", "list").out
    added = xuesi("kb", "add", write(tmp_path, "a.md", TEXT)).out
    assert "新增 1《阅览室管理办法》2 条 2 段" in added
    assert "草稿" in added
    assert "阅览室管理办法（2018）" in xuesi("kb", "list").out


def test_data_may_be_given_to_every_command(xuesi: Xuesi, tmp_path: Path) -> None:
    other = tmp_path / "other"
    xuesi("kb", "add", write(tmp_path, "a.md", TEXT), "--data", other)
    assert len(xuesi("kb", "list", "--data", other, "--json").json) == 1
    assert xuesi("kb", "list", "--json").json == []


def test_data_may_come_from_the_environment(xuesi: Xuesi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUESI_DATA", str(tmp_path / "other"))
    xuesi("kb", "add", write(tmp_path, "a.md", TEXT))
    assert (tmp_path / "other" / "xuesi.db").is_file()


def bad_files(folder: Path) -> dict[str, Path]:
    folder.mkdir()
    (folder / "empty.docx").write_bytes(b"")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "program.docx").write_bytes(b"MZ\x90\x00" + bytes(500))
    (folder / "letter.xyz").write_text("x")
    (folder / "nothing").mkdir()
    return {
        name: folder / name
        for name in ("missing.md", "empty.docx", "empty.pdf", "program.docx", "letter.xyz", "nothing")
    }


@pytest.mark.parametrize("name", ["missing.md", "empty.docx", "empty.pdf", "program.docx", "letter.xyz", "nothing"])
def test_bad_files_end_with_code_2_and_one_sentence_that_names_them(xuesi: Xuesi, tmp_path: Path, name: str) -> None:
    result = xuesi("kb", "add", bad_files(tmp_path / "bad")[name])
    assert result.code == 2
    assert is_one_sentence(result.err)
    assert name in result.err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(xuesi: Xuesi, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", TEXT)
    path.chmod(0)
    result = xuesi("kb", "add", path)
    assert result.code == 2
    assert "权限" in result.err


def test_some_bad_files_end_with_code_1_and_the_good_ones_are_stored(xuesi: Xuesi, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    bad_files(folder)
    write(folder, "a.md", TEXT)
    result = xuesi("kb", "add", folder, "--json")
    assert result.code == 1
    assert (result.json["new"], result.json["failed"]) == (1, 3)
    assert result.err.count("\n") == 3
    assert len(xuesi("kb", "list", "--json").json) == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["show", "4711"], "4711"),
        (["publish", "4711"], "4711"),
        (["withdraw", "4711"], "4711"),
        (["remove", "4711"], "4711"),
        (["history", "4711"], "4711"),
        (["set", "4711", "--title", "某办法"], "4711"),
        (["set", "1", "--issued-on", "2023-13-01"], "2023-13-01"),
        (["set", "1", "--validity", "也许"], "也许"),
        (["set", "1", "--effective-on", "2024-01-01", "--valid-until", "2023-12-31"], "互相矛盾"),
        (["set", "1"], "--edition"),
        (["show", "abc"], "应是数字"),
        (["show"], "缺少"),
        (["list", "--colour"], "--colour"),
        (["lsit"], "没有命令“lsit”"),
        (["add"], "缺少"),
        (["add", "ftp://example.org/a.html"], "ftp"),
        (["import", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_ends_with_code_2_and_one_chinese_sentence(
    xuesi: Xuesi, tmp_path: Path, arguments: list[str], named: str
) -> None:
    xuesi("kb", "add", write(tmp_path, "a.md", TEXT))
    result = xuesi("kb", *arguments)
    assert result.code == 2
    assert is_one_sentence(result.err)
    assert named in result.err
    assert result.out == ""


def test_a_damaged_database_is_a_failure_not_bad_input(xuesi: Xuesi, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "xuesi.db").write_bytes(b"rubbish" * 1000)
    result = xuesi("kb", "list")
    assert result.code == 1
    assert is_one_sentence(result.err)


def test_what_nobody_expected_is_still_one_sentence(
    xuesi: Xuesi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    xuesi("kb", "add", write(tmp_path, "a.md", TEXT))
    monkeypatch.delenv("XUESI_DEBUG", raising=False)
    (tmp_path / "data" / "originals").rename(tmp_path / "data" / "elsewhere")
    result = xuesi("kb", "export", tmp_path / "out")
    assert result.code == 1
    assert is_one_sentence(result.err)


def test_check_tells_what_is_wrong_and_repairs_it(xuesi: Xuesi, tmp_path: Path) -> None:
    xuesi("kb", "add", write(tmp_path, "a.md", TEXT), "--publish")
    assert xuesi("kb", "check", "--json").json["ok"] is True
    library = open_library(tmp_path / "data")
    with library.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM vector")
    library.close()
    assert xuesi("kb", "check").code == 1
    assert xuesi("kb", "check", "--repair").code == 0
    assert xuesi("kb", "check").code == 0


def test_a_library_travels_through_backup_and_restore(xuesi: Xuesi, tmp_path: Path) -> None:
    xuesi("kb", "add", write(tmp_path, "a.md", TEXT), "--publish")
    listed = xuesi("kb", "list", "--json").json
    assert xuesi("backup", tmp_path / "saved.zip").code == 0
    assert xuesi("restore", tmp_path / "saved.zip", "--data", tmp_path / "second").code == 0
    assert xuesi("kb", "list", "--data", tmp_path / "second", "--json").json == listed
    again = xuesi("restore", tmp_path / "saved.zip", "--data", tmp_path / "second")
    assert again.code != 0
    assert is_one_sentence(again.err)


COMMANDS = sorted(command.name or "" for command in kb.registered_commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_teaches_by_example(xuesi: Xuesi, command: str) -> None:
    result = xuesi("kb", command, "--help")
    assert result.code == 0
    assert f"xuesi kb {command}" in result.out
    assert "例：" in result.out


def test_the_commands_are_those_of_the_contract() -> None:
    assert set(COMMANDS) >= {
        "add",
        "list",
        "show",
        "set",
        "publish",
        "withdraw",
        "remove",
        "history",
        "export",
        "import",
        "check",
    }


def test_effects_are_looked_at_and_days_to_come_are_listed(xuesi: Xuesi, tmp_path: Path) -> None:
    old = write(tmp_path, "旧.md", regulation("阅览室管理办法", ["借书"], edition="2018", effective_on="2018-03-01"))
    new = write(tmp_path, "新.md", regulation("阅览室管理办法", ["还书"], edition="2026", effective_on="2026-09-01"))
    assert xuesi("kb", "upcoming").out == "没有排定的变化。\n"
    xuesi("kb", "add", old, "--publish")
    xuesi("kb", "add", new)
    told = xuesi("kb", "effects", 2, "publish").out
    assert "2026-09-01 起，《阅览室管理办法》2018年版由现行有效变为已被修订。" in told
    assert xuesi("kb", "list", "--json").json[1]["status"] == "draft"
    xuesi("kb", "publish", 2)
    [day] = xuesi("kb", "upcoming", "--json").json
    assert (day["day"], len(day["effects"])) == ("2026-09-01", 2)
    assert xuesi("kb", "effects", 99).code == 2


def test_passages_are_cut_and_read_again_on_the_command_line(xuesi: Xuesi, tmp_path: Path) -> None:
    xuesi("kb", "add", write(tmp_path, "a.md", regulation("阅览室管理办法", ["借书", "还书", "赔偿"])))
    assert "共 1 处改动" in xuesi("kb", "cut", 1, "--merge", "第一条").out
    assert xuesi("kb", "cut", 1, "--split", "第三条", "--before", "并在五个").code == 0
    assert xuesi("kb", "cut", 1, "--off", "第三条").code == 0
    edits = xuesi("kb", "cut", 1, "--json").json
    assert [edit["kind"] for edit in edits] == ["merge", "split", "off"]
    passages = [(p["address"], p["enabled"]) for p in xuesi("kb", "show", 1, "--json").json["passages"]]
    assert passages == [("第一条至第二条", True), ("第三条", False), ("第三条〔2〕", True)]
    assert "没有变化" in xuesi("kb", "reread", 1).out
    assert "共 2 处改动" in xuesi("kb", "cut", 1, "--undo", edits[0]["id"]).out
    assert xuesi("kb", "cut", 1, "--split", "第三条", "--before", "没有的话").code == 2
    assert xuesi("kb", "set", 1, "--series", "另一部办法", "--json").json["series"] == "另一部办法"
