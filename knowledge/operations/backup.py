"""One file that holds a whole data folder, taken while the server runs, and back again.

Inside: `manifest.json` (what is in it, with hashes), `xuesi.db` as of one moment, `originals/<sha256>`, and the settings
files of the folder. The Chroma index stays out: it is made again from the stored vectors.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from knowledge.errors import ReadingError, StorageError
from knowledge.index.chroma import LOCK
from knowledge.storage.database import FILE_NAME, Database
from knowledge.storage.originals import FOLDER as ORIGINALS
from knowledge.storage.originals import sha256_of, sync_folder

_MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_SETTINGS: Final = frozenset({".yaml", ".yml", ".json", ".jsonl", ".npz", ".toml"})  # what people put or learnt beside
_CHUNK: Final = 1 << 20
#: A damaged or hostile archive must not fill the disk.
_MOST_BYTES: Final = 200 * 1024**3

OnStep = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup file holds. `bytes` is the size of the file for a backup, of the content for a restore."""

    file: Path
    data: Path
    originals: int
    bytes: int


def backup(data: Path, file: Path, on_step: OnStep | None = None) -> Saved:
    """Write the data folder `data` into `file` (a zip archive), complete or not at all.

    Safe while others read and write. Raises StorageError when there is no library in `data` or `file` cannot be
    written.
    """
    database = data / FILE_NAME
    if not database.is_file():
        raise StorageError(f"数据文件夹“{data}”里没有可以备份的内容，请用 --data 指定数据文件夹。")
    if file.is_dir():
        raise StorageError(f"“{file}”是文件夹，请写出备份文件的名字，例如 {file / 'xuesi-备份.zip'}。")
    try:
        with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".xuesi-backup-") as beside:
            copy, archive = Path(beside, FILE_NAME), Path(beside, "archive.zip")
            _copy_database(database, copy)
            # Originals are stored before the commit that names them, so this list is never short of one.
            originals = sorted(path for path in (data / ORIGINALS).glob("[0-9a-f]*") if path.is_file())
            settings = sorted(path for path in data.iterdir() if path.is_file() and path.suffix in _SETTINGS)
            members = [
                (FILE_NAME, copy),
                *((path.name, path) for path in settings),
                *((f"{ORIGINALS}/{path.name}", path) for path in originals),
            ]
            _write(archive, members, on_step)
            os.replace(archive, file)
            sync_folder(file.absolute().parent)
    except OSError as error:
        raise StorageError(f"备份写不进“{file}”：{error.strerror}；请检查位置、磁盘空间和权限。") from error
    return Saved(file, data, len(originals), file.stat().st_size)


def restore(file: Path, data: Path, *, overwrite: bool = False, on_step: OnStep | None = None) -> Saved:
    """Fill the data folder `data` from a backup, complete or not at all.

    A folder that holds something is refused unless `overwrite`; then what it held is kept beside it, under the same
    name with `.replaced-` and the time. Raises ReadingError for a file that is no sound backup, StorageError.
    """
    if not file.is_file():
        raise ReadingError(f"找不到备份文件“{file}”，请检查路径。")
    if data.exists() and not data.is_dir():
        raise StorageError(f"“{data}”不是文件夹，请用 --data 指定要恢复到的文件夹。")
    occupied = data.is_dir() and any(data.iterdir())
    if occupied and not overwrite:
        raise StorageError(
            f"数据文件夹“{data}”里已有内容；请指定一个空文件夹，或加上 --overwrite 换掉它（原内容会改名保留）。"
        )
    try:
        data.absolute().parent.mkdir(parents=True, exist_ok=True)
        with _alone(data), tempfile.TemporaryDirectory(dir=data.absolute().parent, prefix=".xuesi-restore-") as beside:
            fresh = Path(beside, "data")
            size, originals = _unpack(file, fresh, on_step)
            Database.open(fresh).close()  # sound, and not newer than this release
            if occupied:
                os.replace(data, data.with_name(f"{data.name}.replaced-{datetime.now():%Y%m%d-%H%M%S}"))
            elif data.is_dir():
                data.rmdir()
            os.replace(fresh, data)
            sync_folder(data.absolute().parent)
    except OSError as error:
        raise StorageError(f"备份恢复不到“{data}”：{error.strerror}；请检查磁盘空间和权限。") from error
    return Saved(file, data, originals, size)


def _copy_database(database: Path, copy: Path) -> None:
    """SQLite's own backup: one moment of the database, while others go on writing."""
    try:
        with (
            contextlib.closing(sqlite3.connect(database)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StorageError(f"数据库“{database}”读不出来（{error}），请先运行 xuesi kb check。") from error


def _write(archive: Path, members: list[tuple[str, Path]], on_step: OnStep | None) -> None:
    hashes = {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as pack:
        for done, (name, path) in enumerate(members):
            pack.write(path, name)
            hashes[name] = sha256_of(path)
            if on_step:
                on_step(done + 1, len(members))
        manifest = {"format": _FORMAT, "made_at": datetime.now().isoformat(timespec="seconds"), "files": hashes}
        pack.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    with archive.open("rb+") as written:
        os.fsync(written.fileno())


def _unpack(file: Path, folder: Path, on_step: OnStep | None) -> tuple[int, int]:
    """Bytes and originals unpacked; every name and hash is checked against the manifest."""
    try:
        with zipfile.ZipFile(file) as pack:
            files = _manifest(pack, file)
            total = 0
            for done, (name, digest) in enumerate(files.items()):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                written, found = _extract(pack, name, target, _MOST_BYTES - total)
                total += written
                if found != digest:
                    raise ReadingError(f"备份“{file}”中的 {name} 已受损，不能恢复；请换一份备份。")
                if on_step:
                    on_step(done + 1, len(files))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ReadingError(f"“{file}”不是学思的备份文件，或已受损；请换一份备份。") from error
    return total, sum(name.startswith(f"{ORIGINALS}/") for name in files)


def _manifest(pack: zipfile.ZipFile, file: Path) -> dict[str, str]:
    """Hash by name. Only names that `backup` writes are let through: none that leads out of the folder."""
    content: Any = json.loads(pack.read(_MANIFEST))
    if content["format"] > _FORMAT:
        raise ReadingError(f"备份“{file}”由更新版本的学思制作，请升级学思后再恢复。")
    files = content["files"]
    for name, digest in files.items():
        parts = Path(name).parts
        plain = len(parts) == 1 and (name == FILE_NAME or Path(name).suffix in _SETTINGS)
        kept = (
            len(parts) == 2 and parts[0] == ORIGINALS and parts[1] == digest and set(digest) <= set("0123456789abcdef")
        )
        if not (plain or kept):
            raise ValueError(name)
    if FILE_NAME not in files:
        raise ValueError(FILE_NAME)
    return dict(files)


def _extract(pack: zipfile.ZipFile, name: str, target: Path, room: int) -> tuple[int, str]:
    digest, written = hashlib.sha256(), 0
    with pack.open(name) as source, target.open("xb") as copy:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > room:
                raise ValueError(name)
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return written, digest.hexdigest()


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Refuse while a server works on the folder."""
    from filelock import FileLock, Timeout

    if not data.is_dir():
        yield
        return
    lock = FileLock(data / LOCK, timeout=0, is_singleton=False)
    try:
        lock.acquire()
    except Timeout:
        raise StorageError(f"学思正在使用数据文件夹“{data}”，请先停止服务再恢复。") from None
    lock.release()
    (data / LOCK).unlink(missing_ok=True)
    yield
