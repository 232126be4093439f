"""Reading .doc and .wps: what was only saved under these names is read as what it is; LibreOffice, when it is installed,
turns the others into .docx."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from knowledge.errors import ReadingError, UnsupportedFormat
from knowledge.model import SourceText
from knowledge.parsing.loaders import safety
from knowledge.parsing.loaders.html.page import read_html
from knowledge.parsing.loaders.packages.mail import read_mht
from knowledge.parsing.loaders.plain_text.plain import is_web_page
from knowledge.parsing.loaders.word.docx import read_docx
from knowledge.parsing.loaders.word.rtf import read_rtf

_SECONDS = 50  # less than a file may take, so that this reason is told
_BEGINNING = 4096  # bytes by which a web page and a saved one are told
_SAVED_PAGE = re.compile(
    r"\A(?:[\w-]+:.*\r?\n(?:[ \t].*\r?\n)*)*?Content-Type:\s*(?:multipart/related|text/html)", re.IGNORECASE
)
_PROGRAMS = ("soffice", "libreoffice")


def read_office(data: bytes, name: str) -> SourceText:
    """Raises UnsupportedFormat when LibreOffice is not installed, ReadingError when it cannot convert the file."""
    if safety.kind(data)[0] == "zip":  # a .docx that was saved under the old name
        return read_docx(data, name)
    if safety.kind(data)[0] == "rtf":
        return read_rtf(data, name)
    beginning = data[:_BEGINNING].decode("latin-1")
    if is_web_page(beginning.removeprefix("\xef\xbb\xbf")):  # what many office systems export as a Word file
        return read_html(data, name)
    if _SAVED_PAGE.search(beginning):
        return read_mht(data, name)
    program = next((path for path in map(shutil.which, _PROGRAMS) if path), None)
    if program is None:
        suffix = Path(name).suffix
        raise UnsupportedFormat(
            f"读取《{name}》这样的 {suffix} 文件需要 LibreOffice，请安装后再试，或用 Word、WPS 另存为 .docx。"
        )
    return read_docx(_converted(program, data, name), name)


def _converted(program: str, data: bytes, name: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="xuesi-office-") as folder:
        source = Path(folder) / f"source{Path(name).suffix.lower()}"
        source.write_bytes(data)
        profile = (Path(folder) / "profile").as_uri()  # of its own, so that a running LibreOffice does not interfere
        command = [
            program,
            f"-env:UserInstallation={profile}",
            *("--headless", "--norestore", "--convert-to", "docx", "--outdir", folder, str(source)),
        ]
        try:
            subprocess.run(
                command,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                preexec_fn=_without_memory_limit if os.name == "posix" else None,
            )
        except subprocess.TimeoutExpired as error:
            raise ReadingError(
                f"LibreOffice 在 {_SECONDS} 秒内没有转换完《{name}》，请用 Word 另存为 .docx 后再上传。"
            ) from error
        except OSError as error:
            raise ReadingError(f"启动 LibreOffice（{program}）失败，《{name}》没有读成，请检查它的安装。") from error
        target = source.with_suffix(".docx")
        if not target.exists():
            raise ReadingError(
                f"LibreOffice 不能转换《{name}》，文件可能已损坏或加了密码，请用 Word 另存为 .docx 后再上传。"
            )
        return target.read_bytes()


def _without_memory_limit() -> None:
    """LibreOffice reserves far more memory than it uses; the limit of the process that reads is not for it."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
