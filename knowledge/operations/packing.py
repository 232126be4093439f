"""An exported library as one zip archive, there and back."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from knowledge.errors import ReadingError, UnsafeFile

MOST_BYTES: Final = 4 << 30  # of an archive, unpacked
MOST_FILES: Final = 50_000


def pack(folder: Path, file: Path) -> None:
    """Put everything in `folder` into the zip archive `file`."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())


def unpack(file: Path, folder: Path) -> None:
    """Unpack `file` into `folder`, and nowhere else. Raises ReadingError, UnsafeFile."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
                raise UnsafeFile(f"压缩包里超过 {MOST_FILES} 个文件或 {MOST_BYTES >> 30} GB，为安全起见没有打开。")
            for member in members:
                parts = PurePosixPath(member.filename.replace("\\", "/")).parts
                if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
                    raise UnsafeFile(f"压缩包里的“{member.filename}”会写到别处，为安全起见没有打开。")
                target = folder.joinpath(*parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("wb") as copy:
                    left = member.file_size
                    while chunk := source.read(1 << 20):
                        left -= len(chunk)
                        if left < 0:
                            raise UnsafeFile(f"压缩包里的“{member.filename}”比它说的大，为安全起见没有打开。")
                        copy.write(chunk)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ReadingError("这不是能打开的压缩包（.zip），请重新导出后再试。") from error
