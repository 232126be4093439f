"""Secrets in the database are encrypted with a key outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.accounts.setup.secret_box import SecretBox
from knowledge.errors import StorageError


def test_a_secret_is_read_again_with_its_key_only(tmp_path: Path) -> None:
    box = SecretBox(tmp_path / "keys" / "secret.key")
    sealed = box.seal("sk-一把钥匙")
    assert "sk" not in sealed
    assert SecretBox(tmp_path / "keys" / "secret.key").open(sealed) == "sk-一把钥匙"
    assert (tmp_path / "keys" / "secret.key").stat().st_mode & 0o077 == 0
    (tmp_path / "keys" / "secret.key").unlink()
    with pytest.raises(StorageError, match="读不了"):
        box.open(sealed)
    box.seal("另一把")
    with pytest.raises(StorageError, match="不是当时"):
        box.open(sealed)
