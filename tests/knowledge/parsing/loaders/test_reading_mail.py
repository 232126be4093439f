"""Letters and saved pages: the document in them, and the files that a letter carries."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from knowledge.errors import EmptyFile, ReadingError
from knowledge.ingestion.sources import arrivals
from knowledge.parsing.loaders import read

BODY = "各乡镇：\n请于六月底前报送名单。\n"


def letter(subject: str = "关于报送名单的通知", body: str = BODY) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, "甲 <a@example.org>", "b@example.org"
    made.set_content(body)
    return made


def saved(message: EmailMessage, tmp_path: Path, name: str = "来信.eml") -> Path:
    path = tmp_path / name
    path.write_bytes(message.as_bytes(policy=email.policy.SMTP))
    return path


def test_the_subject_is_the_title_and_the_letterhead_stays_out(tmp_path: Path) -> None:
    source = read(saved(letter(), tmp_path))
    assert source.text == "关于报送名单的通知\n各乡镇：\n请于六月底前报送名单。"
    assert source.title == "关于报送名单的通知"
    assert "example.org" not in source.text
    assert any("信头" in note for note in source.notes)


def test_the_formatted_body_is_read_once(tmp_path: Path) -> None:
    message = letter()
    message.add_alternative("<html><body><p>各乡镇：</p><p>请于六月底前报送名单。</p></body></html>", subtype="html")
    assert read(saved(message, tmp_path)).text.count("六月底前") == 1


def test_a_body_in_gb18030_is_read_whatever_the_letter_says(tmp_path: Path) -> None:
    head = b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    path = tmp_path / "来信.eml"
    path.write_bytes(head + BODY.encode("gb18030"))
    assert "请于六月底前报送名单。" in read(path).text


def test_what_a_letter_carries_is_taken_in_by_itself(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment("第一条　办法。".encode(), maintype="text", subtype="plain", filename="附件一.txt")
    message.add_attachment(b"x", maintype="application", subtype="x-rar", filename="附件二.rar")
    path = saved(message, tmp_path)
    files, [left] = arrivals([path], tmp_path / "downloads", None)
    assert [(file.file_name, file.source) for file in files] == [
        ("来信.eml", str(path)),
        ("附件一.txt", f"{path}/附件一.txt"),
    ]
    assert left.notes == (f"没有读入 {path}/附件二.rar：不支持 .rar。",)
    assert any("附件一.txt、附件二.rar" in note for note in read(path).notes)


def test_of_a_letter_without_words_only_its_files_are_taken(tmp_path: Path) -> None:
    message = letter(body="\n")
    message.add_attachment("第一条　办法。".encode(), maintype="text", subtype="plain", filename="附件一.txt")
    path = saved(message, tmp_path)
    files, others = arrivals([path], tmp_path / "downloads", None)
    assert ([file.file_name for file in files], others) == (["附件一.txt"], [])
    with pytest.raises(EmptyFile, match="没有正文"):
        read(path)


def test_a_forwarded_letter_is_a_file_of_its_own(tmp_path: Path) -> None:
    message = letter("转发")
    message.add_attachment(letter("原来的通知"))
    path = saved(message, tmp_path)
    files, others = arrivals([path], tmp_path / "downloads", None)
    assert others == []
    assert [read(file.path).title for file in files] == ["转发", "原来的通知"]


@pytest.mark.parametrize("suffix", [".mht", ".mhtml"])
def test_a_saved_page_is_read_as_the_page(tmp_path: Path, suffix: str) -> None:
    page = "<html><head><title>停车办法</title></head><body><h1>停车办法</h1><p>第一条　每小时两元。</p></body></html>"
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message.set_content(page, subtype="html", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG", maintype="image", subtype="png")
    source = read(saved(message, tmp_path, f"网页{suffix}"))
    assert source.text == "停车办法\n第一条　每小时两元。"


@pytest.mark.parametrize("name", ["a.eml", "a.mht"])
@pytest.mark.parametrize("data", [b"\n\n", b"no letter at all", bytes(range(128, 256)) * 3])
def test_what_is_no_letter_is_refused_with_a_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadingError, match=name.replace(".", r"\.")):
        read(path)


def test_a_letter_of_thousands_of_parts_is_refused(tmp_path: Path) -> None:
    part = "--x\r\nContent-Type: text/plain\r\n\r\na\r\n"
    head = "Subject: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    path = tmp_path / "多.eml"
    path.write_text(head + part * 3000 + "--x--\r\n")
    with pytest.raises(ReadingError, match="部分"):
        read(path)
