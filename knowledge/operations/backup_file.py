"""The format of a backup: a zip archive with a manifest that holds the hash of every file in it.

Inside: `manifest.json`, `xuesi.db` as of one moment, `originals/<sha256>`, and the settings files of the folder. The
Chroma index stays out: it is made again from the stored vectors.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from knowledge.errors import ReadingError, StorageError
from knowledge.storage.database import FILE_NAME
from knowledge.storage.originals import FOLDER as ORIGINALS
from knowledge.storage.originals import sha256_of

#: What people put or learnt beside the database, and the key of the audit.
SETTINGS: Final = frozenset({".yaml", ".yml", ".json", ".jsonl", ".npz", ".toml", ".key"})
_MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_CHUNK: Final = 1 << 20
#: A damaged or hostile archive must not fill the disk.
_MOST_BYTES: Final = 200 * 1024**3

OnStep = Callable[[int, int], None]


def write(archive: Path, members: list[tuple[str, Path]], on_step: OnStep | None = None) -> None:
    """Make an archive of files by their names in it. Raises OSError, and StorageError for an original that is not the one
    its name tells of."""
    hashes = {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as pack:
        for done, (name, path) in enumerate(members):
            pack.write(path, name)
            hashes[name] = sha256_of(path)
            if name == f"{ORIGINALS}/{path.name}" and hashes[name] != path.name:
                raise StorageError(
                    f"原件“{path}”已受损，没有备份，原有的备份没有动；请重新添加这份文件（xuesi kb check 会说是哪一份）。"
                )
            if on_step:
                on_step(done + 1, len(members))
        manifest = {"format": _FORMAT, "made_at": datetime.now().isoformat(timespec="seconds"), "files": hashes}
        pack.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    with archive.open("rb+") as written:
        os.fsync(written.fileno())


def read(file: Path, folder: Path | None = None, on_step: OnStep | None = None) -> tuple[int, int]:
    """Bytes and originals in an archive, unpacked into `folder` if one is given; every name and hash is checked against
    the manifest. Raises ReadingError for one that is not sound, OSError."""
    try:
        with zipfile.ZipFile(file) as pack:
            files = _manifest(pack, file)
            total = 0
            for done, (name, digest) in enumerate(files.items()):
                written, found = _extract(pack, name, folder and folder / name, _MOST_BYTES - total)
                total += written
                if found != digest:
                    raise ReadingError(f"备份“{file}”中的 {name} 已受损，不能恢复；请换一份备份。")
                if on_step:
                    on_step(done + 1, len(files))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
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
        plain = len(parts) == 1 and (name == FILE_NAME or Path(name).suffix in SETTINGS)
        kept = (
            len(parts) == 2 and parts[0] == ORIGINALS and parts[1] == digest and set(digest) <= set("0123456789abcdef")
        )
        if not (plain or kept):
            raise ValueError(name)
    if FILE_NAME not in files:
        raise ValueError(FILE_NAME)
    return dict(files)


def _extract(pack: zipfile.ZipFile, name: str, target: Path | None, room: int) -> tuple[int, str]:
    digest, written = hashlib.sha256(), 0
    if target:
        target.parent.mkdir(parents=True, exist_ok=True)
    with pack.open(name) as source, target.open("xb") if target else nullcontext() as copy:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > room:
                raise ValueError(name)
            digest.update(chunk)
            if copy:
                copy.write(chunk)
        if copy:
            copy.flush()
            os.fsync(copy.fileno())
    return written, digest.hexdigest()
