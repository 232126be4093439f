"""The key of the audit: kept in a file outside the database, so that who can write the database cannot write its history."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import StorageError

FILE_NAME = "audit.key"


@dataclass(frozen=True, slots=True)
class AuditKey:
    """`since` is the first row of the audit that is made with it; rows before are of a release that had no key."""

    secret: bytes
    since: int

    def seal(self, text: bytes) -> str:
        return hmac.new(self.secret, text, hashlib.sha256).hexdigest()


def read(path: Path) -> AuditKey | None:
    """The key in a file; None where there is no file. Raises StorageError for one that cannot be read."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return AuditKey(bytes.fromhex(stored["secret"]), int(stored["since"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(f"审计密钥“{path}”读不了或已受损，请用备份里的那一份换回。") from error


def make(path: Path, since: int) -> AuditKey:
    """A new key in a file that only its owner reads; where another process was faster, its key. Raises StorageError."""
    made = AuditKey(secrets.token_bytes(32), since)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"secret": made.secret.hex(), "since": made.since}, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)  # complete at once, and never over another one
        except FileExistsError:
            made = read(path) or made
        except OSError:  # a disk without links
            os.replace(beside, path)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
    except OSError as error:
        raise StorageError(f"审计密钥存不进“{path}”：{error.strerror}；请检查权限和磁盘空间。") from error
    return made
