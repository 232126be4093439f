"""A ready-made collection of passages as one published document: for benchmarks, where texts come cut and numbered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.chunking.indexed import new_passage
from knowledge.model import IdentityCard, Status
from knowledge.parsing.outline import Outline
from knowledge.storage.changes import add_vectors, change, store
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.new_version import NewVersion
from knowledge.storage.vectors import embed, embedded

_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Item:
    """One passage: `key` becomes its address, `title` its context, indexed and embedded before `text`."""

    key: str
    title: str
    text: str


def add_collection(
    data_folder: DataFolder, name: str, items: Sequence[Item], on_step: Callable[[int, int], None] | None = None
) -> int:
    """Store `items` as one document without a title, from a file called `name`, and publish it; returns its id.

    `on_step` is told how many of how many are embedded.
    """
    new = _version(name, items)
    encoder = data_folder.encoder()
    for start in range(0, len(new.passages), _BATCH):
        texts = {passage.text_hash: passage.indexed for passage in new.passages[start : start + _BATCH]}
        with data_folder.database.read() as connection:
            present = embedded(connection, encoder.name, texts)
        vectors = embed(encoder, {key: text for key, text in texts.items() if key not in present})
        with data_folder.database.write() as connection:
            add_vectors(connection, encoder.name, vectors)
        if on_step:
            on_step(min(start + _BATCH, len(new.passages)), len(new.passages))
    with change(data_folder.database, data_folder.register, data_folder.today()) as changing:
        return store(changing, new, None, Status.PUBLISHED)


def _version(name: str, items: Sequence[Item]) -> NewVersion:
    passages, position = [], 0
    for item in items:
        end = position + len(item.text)
        passages.append(new_passage("", item.key, item.title, item.text, position, end))
        position = end + 1
    text = "\n".join(item.text for item in items)
    return NewVersion(
        source=f"collection:{name}",
        file_name=name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        outline=Outline((), None, (0, len(text))),
        card=IdentityCard(title=""),  # a title would be indexed with every passage
        repeals=(),
        notes=(),
        passages=tuple(passages),
    )
