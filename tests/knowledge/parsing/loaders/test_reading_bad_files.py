"""Files that cannot be read: each gets one clear sentence."""

from __future__ import annotations

import contextlib
import io
import os
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from regulation_files import gb18030, markdown, pdf, web_page, word

from knowledge.errors import EmptyFile, EncryptedFile, ReadingError, UnsafeFile, UnsupportedFormat
from knowledge.parsing.loaders import READABLE, read
from knowledge.parsing.loaders.safety import MAX_FILE_BYTES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def package(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


BAD: list[tuple[str, bytes, type[ReadingError], str]] = [
    ("空.txt", b"", EmptyFile, "空文件"),
    ("空.pdf", b"", EmptyFile, "0 字节"),
    ("空白.md", "\u3000\n\n\u200b ".encode(), EmptyFile, "没有可以读取的文字"),
    ("空白.html", b"<html><body><nav>x</nav></body></html>", EmptyFile, "没有可以读取的文字"),
    ("表.xyz", b"abc", UnsupportedFormat, r"不支持 \.xyz"),
    ("无扩展名", b"abc", UnsupportedFormat, "没有扩展名"),
    ("木马.docx", b"MZ\x90\x00" + bytes(100), UnsafeFile, "可执行程序"),
    ("木马.txt", b"MZ\x90\x00" + bytes(100), UnsafeFile, "可执行程序"),
    ("图.md", b"\x89PNG\r\n\x1a\n" + bytes(100), UnsafeFile, "PNG 图片"),
    ("旧.docx", OLE, UnsafeFile, "旧版 Office"),
    ("密.docx", OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedFile, "密码"),
    ("密.pdf", pdf([[]], encrypted=True), EncryptedFile, "密码"),
    ("文.pdf", "不是 PDF".encode(), ReadingError, "不是有效的 PDF"),
    ("断.pdf", b"%PDF-1.7\n1 0 obj\n<<", ReadingError, "已损坏"),
    ("断.docx", b"PK\x03\x04" + bytes(200), ReadingError, "已损坏"),
    ("表.docx", package({"xl/workbook.xml": b"<x/>"}), UnsafeFile, "Excel"),
    ("包.docx", package({"a.txt": b"a"}), UnsafeFile, "压缩包"),
    ("坏.docx", package({"word/document.xml": b"<w:document"}), ReadingError, "已损坏"),
    ("炸弹.docx", package({"word/document.xml": bytes(60 << 20)}), UnsafeFile, "压缩炸弹"),
    ("乱码.txt", random.Random(7).randbytes(4000), ReadingError, "编码无法识别"),
]


@pytest.mark.parametrize(("name", "data", "error", "said"), BAD, ids=[case[0] for case in BAD])
def test_a_bad_file_gets_one_clear_sentence(
    name: str, data: bytes, error: type[ReadingError], said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error, match=said) as raised:
        read(path)
    message = str(raised.value)
    assert type(raised.value) is error
    assert name in message
    assert message.endswith("。")
    assert message.count("。") == 1
    assert "\n" not in message


def test_an_unsupported_format_names_the_ones_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "幻灯片.ppt"
    path.write_bytes(b"abc")
    with pytest.raises(UnsupportedFormat) as raised:
        read(path)
    assert all(suffix in str(raised.value) for suffix in READABLE)


def test_a_missing_path_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="找不到文件"):
        read(tmp_path / "没有.md")
    with pytest.raises(ReadingError, match="是文件夹"):
        read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_without_permission_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "无权.md"
    path.write_text("正文。", encoding="utf-8")
    path.chmod(stat.S_IWUSR)
    with pytest.raises(ReadingError, match="权限"):
        read(path)


def test_a_file_beyond_the_limit_is_not_even_loaded(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(UnsafeFile, match="上限"):
        read(path)


def test_doc_without_libreoffice_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("旧.doc", "旧.wps"):
        path = tmp_path / name
        path.write_bytes(OLE)
        with pytest.raises(UnsupportedFormat, match=r"LibreOffice.*另存为 \.docx"):
            read(path)


@pytest.mark.skipif(os.name == "nt", reason="stands in for soffice with a shell script")
def test_doc_is_read_through_libreoffice_when_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    word(tmp_path / "made.docx")
    programs = tmp_path / "bin"
    programs.mkdir()
    soffice = programs / "soffice"
    # The last argument is the source, the one before it the folder for the result.
    soffice.write_text(f'#!/bin/sh\nwhile [ $# -gt 2 ]; do shift; done\ncp "{tmp_path}/made.docx" "$1/source.docx"\n')
    soffice.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    path = tmp_path / "旧.doc"
    path.write_bytes(OLE)
    assert "第六条　本办法自2021年5月1日起施行。" in read(path).text
    soffice.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(ReadingError, match="不能转换"):
        read(path)


def test_a_docx_under_the_old_suffix_needs_no_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "新瓶.doc"
    path.write_bytes(word(tmp_path / "made.docx"))
    assert "第一章　总　则" in read(path).text


def test_damaged_files_never_raise_anything_but_reading_errors(tmp_path: Path) -> None:
    makers: dict[str, Callable[[], bytes]] = {
        ".md": markdown,
        ".txt": gb18030,
        ".html": web_page,
        ".docx": lambda: word(tmp_path / "made.docx"),
        ".pdf": lambda: pdf([[(90.0, 700.0, "第一条　为了规范借阅工作，制定本办法。")]]),
    }
    chance = random.Random(11)
    for suffix, make in makers.items():
        sound = make()
        for _ in range(60):
            data = bytearray(sound[: chance.randrange(1, len(sound))] if chance.random() < 0.3 else sound)
            for _ in range(chance.choice((1, 5, 50))):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path = tmp_path / f"damaged{suffix}"
            path.write_bytes(data)
            with contextlib.suppress(ReadingError):
                assert read(path).text
