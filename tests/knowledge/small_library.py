"""Small made-up regulations, and a deterministic encoder that needs no model, for tests of storage."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.text.tokenizer import tokenize

NO_REGISTER = Register([])
TODAY = date(2026, 7, 1)


class HashEncoder:
    """Counts tokens in hashed places: texts that share words are near each other. `calls` counts embedded texts."""

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.calls = 0

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls += len(texts)
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._vector(text)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for token in tokenize(text):
            digest = hashlib.md5(f"{self.name}:{token}".encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimension] += 1.0
        return vector / np.float32(max(float(np.linalg.norm(vector)), 1e-9))


def open_library(
    data: Path,
    encoder: HashEncoder | None = None,
    *,
    url: str | None = None,
    register: Register = NO_REGISTER,
    today: Callable[[], date] = lambda: TODAY,
) -> KnowledgeBase:
    made = encoder or HashEncoder()
    return KnowledgeBase.open(data, lambda: made, register=register, today=today, url=url)


def regulation(
    title: str,
    subjects: Sequence[str],
    *,
    edition: str | None = None,
    effective_on: str | None = None,
    closing: str = "",
) -> str:
    """A regulation in Markdown: one article for each subject, and a closing one."""
    card = [f"title: {title}"]
    if edition:
        card.append(f"edition: {edition}")
    if effective_on:
        card.append(f"effective_on: {effective_on}")
    lines = ["---", *card, "---", f"# {title}", ""]
    numerals = "一二三四五六七八九十"
    for number, subject in enumerate(subjects):
        lines += [f"第{numerals[number]}条　{subject}由阅览室负责登记，并在五个工作日内报告馆长。", ""]
    if closing:
        lines += [f"第{numerals[len(subjects)]}条　{closing}", ""]
    return "\n".join(lines)


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
