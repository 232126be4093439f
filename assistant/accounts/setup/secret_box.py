"""Secrets that the program must be able to read again (the key of a language model): encrypted in the database, with the
key in a file outside of it. Fernet of `cryptography`: AES-128 in CBC with an HMAC."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from knowledge.errors import StorageError

FILE_NAME = "secret.key"


class SecretBox:
    """Seals and opens texts with the key in a file, which is made when something is first sealed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def seal(self, text: str) -> str:
        """`text` encrypted. Raises StorageError when the key can neither be read nor made."""
        return self._fernet(make=True).encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises StorageError when the key is another one or gone."""
        try:
            return self._fernet(make=False).decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise StorageError(
                f"“{self._path}”不是当时加密用的密钥，请用备份里的那一份换回，或重新填写密钥。"
            ) from error

    def _fernet(self, *, make: bool) -> Fernet:
        try:
            if make and not self._path.exists():
                _write_new(self._path, Fernet.generate_key())
            return Fernet(self._path.read_bytes().strip())
        except (OSError, ValueError) as error:
            raise StorageError(f"加密用的密钥“{self._path}”读不了或已受损，请用备份里的那一份换回。") from error


def _write_new(path: Path, content: bytes) -> None:
    """A file that only its owner reads, complete at once, and never over another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # 0600
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    os.unlink(beside)
