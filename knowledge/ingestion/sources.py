"""Finds the files that paths, folders, archives and web addresses stand for, and names those that are not taken."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from knowledge.errors import ReadingError
from knowledge.ingestion.ingest import Added
from knowledge.ingestion.reading.prepare import Incoming
from knowledge.ingestion.reading.process import shared
from knowledge.ingestion.webpage import fetch, is_address
from knowledge.model import Status
from knowledge.parsing.loaders import ARCHIVES, READABLE
from knowledge.parsing.loaders.packages.archive import carries, is_system_file


def arrivals(
    places: Iterable[Path | str], downloads: Path, status: Status | None
) -> tuple[list[Incoming], list[Added]]:
    """The files to take in, in order of name inside a folder; the places that lead to none, as failures; and the files
    of folders and archives that no reader takes, as skipped.

    Of a folder files at any depth count, without what programs leave there (hidden files, Thumbs.db); a file that is
    named itself is always tried. Pages from the web and the contents of archives are stored in `downloads`.
    """
    files: dict[str, Incoming] = {}
    others: list[Added] = []
    finder = _Finder(downloads, status)
    for place in places:
        try:
            for found in finder.at(place):
                if isinstance(found, Incoming):
                    files.setdefault(found.source, found)
                else:
                    others.append(found)
        except ReadingError as error:
            others.append(Added(str(place), None, "failed", error=str(error)))
    return list(files.values()), others


class _Finder:
    """Where one command's files come from."""

    def __init__(self, downloads: Path, status: Status | None) -> None:
        self._downloads = downloads
        self._status = status
        self._archives = 0

    def at(self, place: Path | str) -> Iterator[Incoming | Added]:
        if isinstance(place, str) and is_address(place):
            page = fetch(place, self._downloads)
            yield Incoming(page, page.name, place, self._status)
            return
        path = Path(place)
        if not path.is_dir():
            yield from self._file(path)
            return
        found = sorted(_files_under(path))
        if not any(file.suffix.lower() in READABLE | ARCHIVES for file in found):
            known = "、".join(sorted(READABLE | ARCHIVES))
            raise ReadingError(f"文件夹“{path}”里没有可以读取的文件，可以读取的有 {known}。")
        for file in found:
            if file.suffix.lower() in READABLE | ARCHIVES:
                yield from self._file(file)
            else:
                yield skipped(os.path.abspath(file), f"不支持 {file.suffix or '没有扩展名的文件'}")

    def _file(self, path: Path) -> Iterator[Incoming | Added]:
        source = os.path.abspath(path)
        if not carries(path.name) or not path.is_file():
            yield Incoming(path, path.name, source, self._status)
            return
        self._archives += 1
        try:
            contents = shared().unpacked(path, self._downloads / f"archive-{self._archives}", path.name)
        except ReadingError as error:
            yield Added(source, None, "failed", error=str(error))
            return
        if contents.is_document:
            yield Incoming(path, path.name, source, self._status)
        for file, inner in contents.files:
            yield Incoming(file, PurePosixPath(inner).name, f"{source}/{inner}", self._status)
        for left in contents.not_taken:
            yield skipped(f"{source}/{left.path}", left.reason)


def skipped(source: str, reason: str) -> Added:
    """A file of a folder or an archive that no reader takes."""
    return Added(source, None, "skipped", notes=(f"没有读入 {source}：{reason}。",))


def _files_under(folder: Path) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        raise ReadingError(f"没有读取文件夹“{error.filename}”的权限，请修改权限后再试。")

    for parent, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not is_system_file(name)]
        yield from (Path(parent, name) for name in names if not is_system_file(name))
