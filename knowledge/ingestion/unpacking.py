"""Takes the files out of an archive, so that each is taken in by itself under `archive.zip/inner.docx`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from knowledge.errors import EmptyFile, ReadingError
from knowledge.parsing.loaders import READABLE, is_archive, safety
from knowledge.parsing.loaders.packages.archive import Inner, NotTaken, inside

_NAMED: Final = 20  # files that are named in one sentence
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Files that were taken out: where each lies now and its path in the archive; and those that were left inside.
    `is_document` is true of a letter that says something itself, besides what it carries."""

    files: tuple[tuple[Path, str], ...]
    not_taken: tuple[NotTaken, ...]
    is_document: bool = False


def unpacked(archive: Path, folder: Path, name: str) -> Unpacked:
    """Take the readable files of an archive or a letter called `name` out into `folder`, which is made anew. Raises the
    ReadingError family for an archive that cannot be opened or holds no file at all,
    and for a letter that neither says nor carries anything."""
    shutil.rmtree(folder, ignore_errors=True)  # what an earlier try left
    folder.mkdir(parents=True)
    data = safety.load(archive)
    files: list[tuple[Path, str]] = []
    not_taken: list[NotTaken] = []
    for found in inside(data, name, READABLE):
        if isinstance(found, NotTaken):
            not_taken.append(found)
        else:
            files.append((_written(found, folder / str(len(files))), found.path))
    is_document = _says_something(data, name)
    if not files and not not_taken and not is_document:
        lacking = "里没有文件，请检查压缩包" if is_archive(name) else "的信里没有正文，也没有附件，请检查原信"
        raise EmptyFile(f"《{name}》{lacking}。")
    return Unpacked(tuple(files), tuple(not_taken), is_document)


def handed_out(contents: Unpacked, take: Callable[[Path, str], None]) -> tuple[int, list[NotTaken]]:
    """Give each file and its path in the archive to `take`; returns how many it took, and those that are left."""
    left = [*contents.not_taken]
    for file, inner in contents.files:
        try:
            take(file, inner)
        except ReadingError as error:
            left.append(NotTaken(inner, str(error).rstrip("。")))
    return len(contents.files) - (len(left) - len(contents.not_taken)), left


def outcome(queued: int, left: Sequence[NotTaken]) -> str:
    """What became of an archive of which so many files are queued, as a sentence. Raises EmptyFile for none."""
    named = "；".join(f"“{one.path}”{one.reason}" for one in left[:_NAMED]) + ("等" if len(left) > _NAMED else "")
    told = f"；没有读入 {len(left)} 个：{named}" if left else ""
    if not queued:
        raise EmptyFile(f"压缩包里没有可以读入的文件{told}。")
    return f"压缩包里的 {queued} 个文件已逐个排队{told}。"


def _says_something(data: bytes, name: str) -> bool:
    from knowledge.parsing.loaders.packages.mail import has_body

    return not is_archive(name) and has_body(data, name)


def _written(inner: Inner, folder: Path) -> Path:
    """The file under its own name, by which its type is known, in a folder of its own."""
    stem, dot, suffix = _UNFIT.sub("_", PurePosixPath(inner.path).name).rpartition(".")
    folder.mkdir()
    path = folder / f"{stem[:60] or '文件'}{dot}{suffix}"
    path.write_bytes(inner.data)
    return path
