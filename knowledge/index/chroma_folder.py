"""Chroma's own files in `data/chroma`: the client, and the pair of collections of each build, in force and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from knowledge.storage import outbox
from knowledge.storage.vectors import unpack

_BATCH: Final = 1000  # well under get_max_batch_size() of 5,461
_CONFIGURATION: Final = {"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 200, "max_neighbors": 16}}


class ChromaFolder:
    """Opens one place in the folder at a time. Builds are numbered; each has collections of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: Any = None
        self.place: Path | None = None  # where the client's files are

    def connect(self) -> None:
        """Open the place in use."""
        self._open(self._places()[-1])

    def begin_anew(self) -> list[Path]:
        """Open a new place; returns the ones before it. A client that failed to start spoils its path for the rest of
        the process, so a damaged place cannot be used again."""
        places = self._places()
        self._open(self._folder / str(int(places[-1].name) + 1))
        return places

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def has(self, number: int) -> bool:
        return {collection.name for collection in self._client.list_collections()}.issuperset(_names(number))

    def pair(self, number: int) -> tuple[Any, Any]:
        """The collections of a build, made when they are not there: passages in force, the rest."""
        current, rest = (
            self._client.get_or_create_collection(name, configuration=_CONFIGURATION, embedding_function=None)
            for name in _names(number)
        )
        return current, rest

    def drop(self, number: int) -> None:
        for name in _names(number):
            self._drop(name)

    def drop_all_but(self, number: int) -> None:
        for collection in self._client.list_collections():
            if collection.name not in _names(number):
                self._drop(collection.name)

    def _places(self) -> list[Path]:
        """Chroma's folders inside ours, the one in use last; `1` before the first build."""
        found = sorted((path for path in self._folder.glob("[0-9]*")), key=lambda path: int(path.name))
        return found or [self._folder / "1"]

    def _open(self, place: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        place.mkdir(parents=True, exist_ok=True)
        self.place = place
        self._client = chromadb.PersistentClient(path=str(place), settings=Settings(anonymized_telemetry=False))

    def _drop(self, name: str) -> None:
        from chromadb.errors import NotFoundError

        try:
            self._client.delete_collection(name)
        except NotFoundError:
            return


def upsert(collection: Any, entries: Sequence[outbox.Entry]) -> None:
    for some in outbox.chunks(entries, _BATCH):
        collection.upsert(ids=[entry.key for entry in some], embeddings=unpack([entry.vector for entry in some]))


def _names(number: int) -> tuple[str, str]:
    return f"current-{number:04}", f"rest-{number:04}"
