"""Finds the files that paths, folders and web addresses stand for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.ingestion.ingest import Added
from knowledge.ingestion.prepare import Incoming
from knowledge.ingestion.webpage import fetch, is_address
from knowledge.model import Status
from knowledge.parsing.loaders import READABLE

_LOCK_PREFIXES = (".", "~$")  # hidden files, and what Word leaves beside an open document


def arrivals(
    places: Iterable[Path | str], downloads: Path, status: Status | None
) -> tuple[list[Incoming], list[Added]]:
    """The files to take in, in order of name inside a folder, and the places that lead to none, as failures.

    Of a folder only files of a readable type count, at any depth; a file that is named itself is always tried.
    Pages from the web are stored in `downloads`.
    """
    files: dict[str, Incoming] = {}
    failures: list[Added] = []
    for place in places:
        try:
            for file in _at(place, downloads, status):
                files.setdefault(file.source, file)
        except ReadingError as error:
            failures.append(Added(str(place), None, "failed", error=str(error)))
    return list(files.values()), failures


def _at(place: Path | str, downloads: Path, status: Status | None) -> Iterator[Incoming]:
    if isinstance(place, str) and is_address(place):
        page = fetch(place, downloads)
        yield Incoming(page, page.name, place, status)
        return
    for path in files_at(Path(place)):
        yield Incoming(path, path.name, os.path.abspath(path), status)


def files_at(path: Path) -> list[Path]:
    """A file itself, or the readable files of a folder by name. Raises ReadingError for a folder that has none."""
    if not path.is_dir():
        return [path]
    found = sorted(_files_under(path))
    if not found:
        raise ReadingError(f"文件夹“{path}”里没有可以读取的文件，可以读取的有 {'、'.join(sorted(READABLE))}。")
    return found


def _files_under(folder: Path) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        raise ReadingError(f"没有读取文件夹“{error.filename}”的权限，请修改权限后再试。")

    for parent, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(_LOCK_PREFIXES)]
        for name in names:
            if Path(name).suffix.lower() in READABLE and not name.startswith(_LOCK_PREFIXES):
                yield Path(parent, name)
