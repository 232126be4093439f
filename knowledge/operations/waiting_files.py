"""The files of jobs that are not done: where they wait, and what was read of them."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from knowledge.errors import ReadingError
from knowledge.ingestion.reading.prepare import Incoming
from knowledge.ingestion.reading.process import shared
from knowledge.operations.upload_queue import Job, JobKind
from knowledge.storage.new_version import NewVersion

FOLDER: Final = "intake"
_KEPT_CHARACTERS: Final = 4_000_000  # of texts that are read and neither published nor given up
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


class WaitingFiles:
    """Files in `data/intake`. Safe to share between threads."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._read: dict[tuple[int, str], NewVersion] = {}  # by job and hash, the last one used at the end
        self._reading = threading.Lock()

    def understood(
        self, job: Job, file: Incoming, sha256: str, stopped: Callable[[], bool] = lambda: False
    ) -> NewVersion:
        """The file of a job, read and cut. What was read last is kept, so that a file is read once from its arrival until
        somebody publishes it."""
        key = job.id, sha256
        with self._reading:
            new = self._read.pop(key, None)
        new = new or shared().understood(file, sha256, stopped)
        with self._reading:
            self._read[key] = new
            while sum(len(one.text) for one in self._read.values()) > _KEPT_CHARACTERS:
                del self._read[next(iter(self._read))]
        return new

    def incoming(self, job: Job) -> Incoming:
        path = self.place(job)
        if job.kind is JobKind.WEB:
            found = [one for one in path.parent.iterdir() if one.is_file()] if path.parent.is_dir() else []
            path = found[0] if found else path
        if not path.is_file():
            raise ReadingError(f"《{job.name}》的文件已不在，请重新上传。")
        return Incoming(path, path.name if job.kind is JobKind.WEB else PurePosixPath(job.name).name, job.source)

    def put(self, file: Path, job: Job) -> None:
        """Move the file of a job to where it waits."""
        target = self.place(job)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, target)

    def place(self, job: Job) -> Path:
        """Where the file of a job waits, under its own name, by which its type is known."""
        stem, dot, suffix = _UNFIT.sub("_", PurePosixPath(job.name).name).rpartition(".")
        return self._data / FOLDER / str(job.id) / f"{(stem or '文件')[:60]}{dot}{suffix[:10]}"

    def drop_halves(self, older_than: float = 0.0) -> None:
        """Delete what was cut off on its way in, `older_than` so many seconds where others may be at it."""
        for half in (self._data / FOLDER).glob(".new-*"):
            if half.stat().st_mtime <= time.time() - older_than:
                half.unlink(missing_ok=True)

    def forget(self, job: Job) -> None:
        with self._reading:
            self._read = {key: new for key, new in self._read.items() if key[0] != job.id}
        shutil.rmtree(self.place(job).parent, ignore_errors=True)
