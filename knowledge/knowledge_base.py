"""The library as everything else sees it: files in, documents and ranked passages out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings.adapter import adapter_for
from knowledge.embeddings.encoder import Encoder, made_once
from knowledge.errors import NotInLibrary
from knowledge.index.exact import VectorIndex
from knowledge.index.indexes import Indexes
from knowledge.index.lexical import LexicalIndex
from knowledge.ingestion.card_edits import checked, correct
from knowledge.ingestion.collection import Item, add_collection
from knowledge.ingestion.ingest import ALONE, Added, Company, Step, take_in
from knowledge.ingestion.preview import Preview, Upcoming, preview, upcoming
from knowledge.ingestion.reading.prepare import Incoming
from knowledge.ingestion.recutting import Cutting
from knowledge.ingestion.sources import arrivals
from knowledge.metadata.register import Register
from knowledge.model import Document, Hit, Passage, Status, Validity
from knowledge.parsing.outline import Outline
from knowledge.retrieval.search import EVERYTHING, Scope, Searcher
from knowledge.storage import catalog, changes, validity_refresh
from knowledge.storage.catalog import Origin, Version
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.database import Database
from knowledge.storage.originals import original
from knowledge.storage.shelf import Shelf


class KnowledgeBase:
    """One data folder. Safe to share between threads; other processes may change the folder at the same time.

    Whatever changed is seen with the next call. Removed documents are in no list and no search, but `text`, `outline`,
    `passages` and `document_of_version` still answer for their versions, so that citations of old answers open.
    """

    def __init__(self, data_folder: DataFolder) -> None:
        self._data_folder = replace(data_folder, encoder=made_once(data_folder.encoder))
        self._database = data_folder.database
        self.indexes = Indexes(self._data_folder)
        self.cutting = Cutting(self._data_folder, self.indexes.check_tokens)
        self._shelf = Shelf(self._database, data_folder.register, data_folder.today)

    @classmethod
    def open(
        cls,
        data: Path,
        encoder: Callable[[], Encoder],
        *,
        register: Register,
        today: Callable[[], date] = date.today,
        url: str | None = None,
    ) -> KnowledgeBase:
        """Open (or make) the library in the folder `data`, with its database there or at `url`. The encoder is made when it
        is first needed. Raises StorageError."""
        return cls(DataFolder(data, Database.open(data, url), register, encoder, today))

    def close(self) -> None:
        self.indexes.close()
        self._database.close()

    @property
    def data(self) -> Path:
        return self._data_folder.path

    @property
    def database(self) -> Database:
        return self._database

    @property
    def register(self) -> Register:
        return self._data_folder.register

    def today(self) -> date:
        return self._data_folder.today()

    @property
    def encoder(self) -> Encoder:
        return self._data_folder.encoder()

    @property
    def generation(self) -> int:
        """Changes with every commit that changes the library; 0 until the first document comes."""
        return self._database.generation()

    @property
    def lexical(self) -> LexicalIndex:
        return self.indexes.lexical

    @property
    def dense(self) -> VectorIndex:
        """Chroma while this process keeps it (`keep_index`), else the exact index over the stored vectors."""
        return self.indexes.dense

    # Files in

    def add(
        self,
        paths: Iterable[Path | str],
        *,
        publish: bool = False,
        on_progress: Callable[[Step], None] | None = None,
    ) -> list[Added]:
        """Take in files, folders and web addresses; one result per file, and one per place that leads to none.

        The same bytes twice change nothing; a changed file becomes a new version of its document. With `publish`
        the documents are published, known ones too. Raises EncoderError and StorageError.
        """
        with tempfile.TemporaryDirectory(prefix="xuesi-take-") as downloads:
            status = Status.PUBLISHED if publish else None
            files, failures = arrivals(paths, Path(downloads), status)
            return [*self.take_in(files, on_progress), *failures]

    def take_in(
        self, files: Sequence[Incoming], on_progress: Callable[[Step], None] | None = None, *, company: Company = ALONE
    ) -> list[Added]:
        """`add` for files with a card or a status of their own; see `knowledge.ingestion.ingest.take_in`."""
        self.indexes.check_tokens()
        return take_in(self._data_folder, files, on_progress, company=company)

    def reread(self, document_id: int) -> Added:
        """Read the original of a document again with today's parser; a new version when anything comes out otherwise.

        What trainers have put right stays. Raises NotInLibrary.
        """
        newest = self.history(document_id)[0]
        with tempfile.TemporaryDirectory(prefix="xuesi-read-") as folder:
            path = Path(folder, f"原件{Path(newest.file_name).suffix}")
            shutil.copyfile(original(self.data, newest.sha256), path)
            file = Incoming(path, newest.file_name, newest.source, version_of=document_id)
            return self.take_in([file])[0]

    def add_collection(
        self, name: str, items: Sequence[Item], on_step: Callable[[int, int], None] | None = None
    ) -> int:
        """Store a benchmark's passages, cut and numbered as they come; returns the id of the document they make."""
        self.indexes.check_tokens()
        return add_collection(self._data_folder, name, items, on_step)

    # Changes

    def set_status(self, document_id: int, status: Status) -> Document:
        """Raises NotInLibrary."""
        with self.change() as changing:
            catalog.document_by_id(changing.connection, document_id)
            changes.set_status(changing, document_id, status)
        return self._held(document_id)

    def publish(self, document_id: int) -> Document:
        return self.set_status(document_id, Status.PUBLISHED)

    def withdraw(self, document_id: int) -> Document:
        """Readers no longer find it, from their next question on."""
        return self.set_status(document_id, Status.WITHDRAWN)

    def remove(self, document_id: int) -> Document:
        """Take a document out of the library; returns it as it was. Raises NotInLibrary."""
        self.indexes.check_tokens()
        changes.prepare(self._database, document_id)
        with self.change() as changing:
            removed = catalog.document_by_id(changing.connection, document_id)
            changes.remove(changing, document_id)
        return removed

    def set_card(self, document_id: int, **fields: str | date | None) -> Document:
        """Put a trainer's values over the parser's: any field of the card, and `validity`.

        Dates may be ISO strings; None or "" empties a field, for `validity` it takes the trainer's word back. The
        values outlive new versions of the file. Raises InvalidCard, NotInLibrary.
        """
        self.indexes.check_tokens()
        correct(self._data_folder, document_id, checked(fields))
        return self._held(document_id)

    def take_back(self, document_id: int, names: Collection[str]) -> Document:
        """Drop a trainer's values of these fields; the parser's count again. Raises NotInLibrary."""
        self.indexes.check_tokens()
        correct(self._data_folder, document_id, {}, names)
        return self._held(document_id)

    def preview(self, apply: Callable[[changes.Change], object]) -> Preview:
        """What `apply` would change of validity and status, without changing anything. What it raises comes through."""
        self._shelf.keep_up()
        return preview(self._database, self.register, self.today(), apply)

    def upcoming(self) -> list[Upcoming]:
        """What happens by itself on days to come, the next first."""
        with self._database.read() as connection:
            return upcoming(connection, self.register, self.today())

    def change(self) -> AbstractContextManager[changes.Change]:
        """A transaction on the catalogue that leaves everything derived in line."""
        return changes.change(self._database, self.register, self.today())

    # Documents

    @property
    def whole(self) -> bool:
        """Whether `published` is all that the indexes hold."""
        return True

    def documents(self, *, status: Status | None = None) -> list[Document]:
        """Documents by title, then edition; drafts and withdrawn ones too unless `status` is given."""
        return [item for item in self._shelf.now().documents if status is None or item.status is status]

    def published(self) -> tuple[Document, ...]:
        """What readers may see, in the same order; the same object until something changes."""
        return self._shelf.now().published

    def document(self, document_id: int) -> Document:
        """Raises NotInLibrary for an unknown or removed document."""
        known = self._shelf.now().by_id.get(document_id)
        return known or self._held(document_id)

    def document_of_version(self, version_id: int) -> Document:
        """The document a citation points at, even when it was replaced or removed since. Raises NotInLibrary."""
        with self._database.read() as connection:
            return catalog.document_of_version(connection, version_id)

    def published_version(self, version_id: int) -> Document:
        """`document_of_version` for readers. Raises NotInLibrary for a version that none of them has ever seen."""
        with self._database.read() as connection:
            if not catalog.was_published(connection, version_id):
                raise NotInLibrary(f"库中没有编号为 {version_id} 的文本。")
            return catalog.document_of_version(connection, version_id)

    def history(self, document_id: int) -> list[Version]:
        """All versions, newest first. Raises NotInLibrary."""
        with self._database.read() as connection:
            return catalog.history_of(connection, document_id)

    def renewals(self) -> dict[int, datetime]:
        """When the newest version of each document that changed came in, by id."""
        with self._database.read() as connection:
            return catalog.renewals(connection)

    def validities_on(self, day: date) -> dict[int, Validity]:
        """时效 of every document on `day`, by id."""
        with self._database.read() as connection:
            return validity_refresh.judge(connection, self.register, day)

    def origin(self, document_id: int) -> Origin:
        """What the parser found for the card of a document, and what a trainer has said. Raises NotInLibrary."""
        with self._database.read() as connection:
            return catalog.origin_of(connection, document_id)

    # Passages and texts

    def search(self, question: str, k: int = 10, scope: Scope = EVERYTHING) -> list[Hit]:
        """The `k` best passages that readers may see, best first: words and meaning fused, editions folded, provisions in
        force before others. `knowledge.retrieval.Finder` adds what is known of people's words and of documents."""
        return Searcher(self).search(question, k, scope)

    def text(self, version_id: int) -> str:
        """The canonical text. Raises NotInLibrary."""
        return self._shelf.text(version_id)

    def outline(self, version_id: int) -> Outline:
        """Raises NotInLibrary."""
        return self._shelf.outline(version_id)

    def passages(self, version_id: int) -> list[Passage]:
        """All passages of a version in reading order, whether or not readers may see them."""
        return list(self._shelf.passages(version_id))

    def get_passages(self, passage_ids: Iterable[int]) -> dict[int, tuple[Passage, Document]]:
        """Those of `passage_ids` that readers may see now, with their documents, in the order asked for."""
        listing = self._shelf.now()
        with self._database.read() as connection:
            found = catalog.visible_passages(connection, list(passage_ids))
        return {
            i: (item, listing.by_id[item.document_id]) for i, item in found.items() if item.document_id in listing.by_id
        }

    def query_vector(self, question: str) -> NDArray[np.float32]:
        """The unit vector by which `question` is compared with passages, adapted when there is an adapter for the model."""
        return self.adapted(self.encoder.embed_query(question))

    def adapted(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The unit vector `vector` of a question as the encoder makes it, moved to where passages are compared with it."""
        adapter = adapter_for(self.encoder.name, self.data)
        return adapter(vector) if adapter else vector

    def _held(self, document_id: int) -> Document:
        with self._database.read() as connection:
            return catalog.document_by_id(connection, document_id)
