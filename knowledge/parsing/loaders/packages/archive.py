"""Archives (.zip) and what letters carry: the files inside, each a document of its own, and those that are not taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from knowledge.errors import ReadingError, UnsafeFile
from knowledge.parsing.loaders.packages.zipped import MAX_TOTAL_BYTES, Zipped

MAX_FILES: Final = 2000
MAX_DEPTH: Final = 2  # an archive within an archive is opened, one within that is not
_SYSTEM: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, slots=True)
class Inner:
    """A file in an archive: its path there (`批次一.zip/通知.docx` inside a nested one) and its bytes."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that is left in its archive, and why, as a clause."""

    path: str
    reason: str


def is_system_file(name: str) -> bool:
    """Whether a name is a program's dropping and no document: hidden files, Word's lock files, Thumbs.db."""
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM


def carries(name: str) -> bool:
    """Whether a file of this name may hold files that are documents of their own."""
    return PurePosixPath(name).suffix.lower() in (".zip", ".eml")


def inside(data: bytes, name: str, readable: frozenset[str]) -> Iterator[Inner | NotTaken]:
    """The files of an archive, or the attachments of a letter, in their order. `readable` are the suffixes of documents.

    Raises ReadingError and its kind for an archive that cannot be opened; what is wrong with a file in it or with an
    archive inside is told of that one alone.
    """
    yield from _Opening(readable).files(data, name, "", 1)


class _Opening:
    """One archive with all that is nested in it: the limits count for them together."""

    def __init__(self, readable: frozenset[str]) -> None:
        self._readable = readable
        self._files = 0
        self._bytes = 0

    def files(self, data: bytes, name: str, above: str, depth: int) -> Iterator[Inner | NotTaken]:
        archive = _Letter(data, name) if name.lower().endswith(".eml") else Zipped(data, name)
        for member in archive:
            path = PurePosixPath(member)
            shown = above + member
            if any(is_system_file(part) for part in path.parts if part != ".."):
                continue
            suffix = path.suffix.lower()
            if archive.is_link(member):
                yield NotTaken(shown, "是指向别处的链接，不是文件")
                continue
            if suffix not in self._readable and suffix != ".zip":
                yield NotTaken(shown, f"不支持 {path.suffix or '没有扩展名的文件'}")
                continue
            if suffix == ".zip" and depth >= MAX_DEPTH:
                yield NotTaken(shown, f"压缩包或附件套了 {depth} 层以上")
                continue
            try:
                inner = self._read(archive, member, name)
            except _Full as error:
                yield NotTaken(shown, str(error))
                return
            except ReadingError as error:
                yield NotTaken(shown, str(error).rstrip("。"))
                continue
            if suffix != ".zip":
                yield Inner(shown, inner)
            if carries(member) and depth < MAX_DEPTH:
                try:
                    yield from self.files(inner, path.name, f"{shown}/", depth + 1)
                except ReadingError as error:
                    yield NotTaken(shown, str(error).rstrip("。"))

    def _read(self, archive: Zipped | _Letter, member: str, name: str) -> bytes:
        if self._files >= MAX_FILES:
            raise _Full(f"超过 {MAX_FILES} 个文件的上限，从它起都没有读入")
        if self._bytes + archive.size(member) > MAX_TOTAL_BYTES:
            raise _Full(f"《{name}》解压后超过 {MAX_TOTAL_BYTES >> 20} MB，从它起都没有读入")
        data = archive.read(member)
        self._files += 1
        self._bytes += len(data)
        return data


class _Letter:
    """The attachments of a letter as the members of an archive."""

    def __init__(self, data: bytes, name: str) -> None:
        from knowledge.parsing.loaders.packages.mail import attachments

        self._files: dict[str, bytes] = {}
        for title, attached in attachments(data, name):
            self._files[title.replace("/", "_").replace("\\", "_")] = attached

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def is_link(self, name: str) -> bool:
        return False

    def size(self, name: str) -> int:
        return len(self._files[name])

    def read(self, name: str) -> bytes:
        return self._files[name]


class _Full(UnsafeFile):
    """The archive holds more than is taken from one."""
