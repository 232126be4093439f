"""Looking at a file before any parser does: is it there, is it what its name says, will it fit."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from knowledge.errors import EmptyFile, EncryptedFile, ReadingError, UnsafeFile

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_XML_BYTES = 120 * 1024 * 1024
MAX_RATIO = 250  # Word's own XML packs about 30 to 1
MAX_MEMBERS = 20_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# What a file begins with, and what that makes it.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"MZ", "program", "Windows 可执行程序"),
    (b"\x7fELF", "program", "可执行程序"),
    (b"\xcf\xfa\xed\xfe", "program", "可执行程序"),
    (b"#!", "program", "脚本程序"),
    (_ZIP, "zip", "压缩包或新版 Office 文件"),
    (b"PK\x05\x06", "zip", "空的压缩包"),
    (_OLE, "ole", "旧版 Office 文件"),
    (b"%PDF-", "pdf", "PDF 文件"),
    (b"{\\rtf", "rtf", "RTF 文件"),
    (b"Rar!\x1a\x07", "archive", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "archive", "7z 压缩包"),
    (b"\x1f\x8b\x08", "archive", "gzip 压缩包"),
    (b"\x89PNG\r\n", "image", "PNG 图片"),
    (b"\xff\xd8\xff", "image", "JPEG 图片"),
    (b"GIF8", "image", "GIF 图片"),
    (b"II*\x00", "image", "TIFF 图片"),
    (b"MM\x00*", "image", "TIFF 图片"),
)
_EXPECTED = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".pptx", ".ppsx", ".ofd", ".epub", ".odt"), frozenset({"zip"})),
    ".pdf": frozenset({"pdf"}),
    ".rtf": frozenset({"rtf"}),
    ".xlsx": frozenset({"zip"}),
    ".xlsm": frozenset({"zip"}),
    ".zip": frozenset({"zip"}),
    # Programs of offices write new workbooks, web pages and plain text under the old name.
    ".xls": frozenset({"ole", "zip", ""}),
    ".et": frozenset({"ole", "zip"}),
    # Word and WPS save several formats under these names.
    ".doc": frozenset({"ole", "zip", "rtf", ""}),
    ".wps": frozenset({"ole", "zip", "rtf", ""}),
}


def load(path: Path) -> bytes:
    """Bytes of a file that may be read. Raises ReadingError, EmptyFile, EncryptedFile or UnsafeFile."""
    name = path.name
    try:
        if not path.exists():
            raise ReadingError(f"找不到文件“{path}”，请检查路径。")
        if path.is_dir():
            raise ReadingError(f"“{path}”是文件夹，请指定其中的文件。")
        if not path.is_file():
            raise ReadingError(f"“{path}”不是普通文件，不能读取。")
        size = path.stat().st_size
        if size == 0:
            raise EmptyFile(f"《{name}》是空文件（0 字节），请重新导出或下载后再上传。")
        if size > MAX_FILE_BYTES:
            raise UnsafeFile(
                f"《{name}》有 {size / 1048576:.0f} MB，超过 {MAX_FILE_BYTES >> 20} MB 的上限，请拆分后再上传。"
            )
        data = path.read_bytes()
    except PermissionError as error:
        raise ReadingError(f"没有读取“{path}”的权限，请修改文件权限后再试。") from error
    except OSError as error:
        raise ReadingError(f"读取“{path}”时出错：{os.strerror(error.errno or 0)}。") from error
    _check_kind(data, path.suffix.lower(), name)
    return data


def check_beginning(beginning: bytes, name: str) -> None:
    """Refuse by its first bytes what no reader would take, before the rest of it is looked at. Raises as `load`."""
    if not beginning:
        raise EmptyFile(f"《{name}》是空文件（0 字节），请重新导出或下载后再上传。")
    _check_kind(beginning, Path(name).suffix.lower(), name)


def kind(data: bytes) -> tuple[str, str]:
    """What the first bytes say a file is: a short kind and its Chinese name, ("", "") for text."""
    for magic, short, chinese in _MAGIC:
        if data.startswith(magic):
            return short, chinese
    # The PDF header may stand after some junk, within the first 1,024 bytes.
    return ("pdf", "PDF 文件") if b"%PDF-" in data[:1024] else ("", "")


def check_package(data: bytes, name: str) -> None:
    """Refuse an Office package that is damaged or would unpack to more than the machine can take."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ReadingError(f"《{name}》已损坏，打不开，请重新导出或下载后再上传。") from error
    total = sum(member.file_size for member in members)
    xml = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
    packed = max(1, sum(member.compress_size for member in members))
    if (
        len(members) > MAX_MEMBERS
        or total > MAX_UNPACKED_BYTES
        or xml > MAX_XML_BYTES
        or (total > 10 * 1024 * 1024 and total / packed > MAX_RATIO)
    ):
        raise UnsafeFile(f"《{name}》解压后有 {total / 1048576:.0f} MB，像是“压缩炸弹”，为安全起见没有打开。")
    if any(member.flag_bits & 0x1 for member in members):
        raise EncryptedFile(f"《{name}》加了密码，请去掉密码后再上传。")


def _check_kind(data: bytes, suffix: str, name: str) -> None:
    short, chinese = kind(data)
    if short == "ole" and "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFile(f"《{name}》加了密码，请去掉密码后再上传。")
    expected = _EXPECTED.get(suffix, frozenset({""}))
    if short in expected:
        return
    if short:
        raise UnsafeFile(f"《{name}》实际上是{chinese}，与扩展名 {suffix} 不符，请确认来源并改用正确的扩展名。")
    raise ReadingError(f"《{name}》不是有效的 {suffix[1:].upper()} 文件，可能已损坏，请重新导出或下载后再上传。")
