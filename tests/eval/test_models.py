"""The register of weights names every file of weights that is shipped, with the hash it has."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from assistant.answering.answerability.judge import CALIBRATION as ANSWERABILITY
from assistant.curated_answers.similarity import CALIBRATION as SIMILARITY
from assistant.understanding.own_topic import WEIGHTS as OWN_TOPIC
from knowledge.embeddings import wheel

ROOT = Path(__file__).resolve().parents[2]
REGISTER = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
SHIPPED = sorted(
    {*(ROOT / "knowledge").rglob("*.npz"), *(ROOT / "assistant").rglob("*.npz"), ANSWERABILITY, SIMILARITY, OWN_TOPIC}
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_weights_are_registered_with_their_hash(path: Path) -> None:
    (line,) = (line for line in REGISTER.splitlines() if f"`{path.relative_to(ROOT).as_posix()}`" in line)
    assert hashlib.sha256(path.read_bytes()).hexdigest() in line
    assert re.search(r"(MIT|Apache-2\.0) \|$", line)


def test_what_set_up_fetches_is_registered_with_its_hashes() -> None:
    (line,) = (line for line in REGISTER.splitlines() if f"`{wheel.REQUIREMENT}`" in line)
    assert wheel.WHEEL_SHA256 in line
    assert wheel.BLOB_SHA256 in line
