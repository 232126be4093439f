"""The library as everything else sees it: files in, documents and ranked passages out."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.chunking.edits import Edit
from knowledge.embeddings import Encoder
from knowledge.embeddings.adapter import adapter_for
from knowledge.errors import NotInLibrary
from knowledge.index.chroma import ChromaIndex
from knowledge.index.exact import VectorIndex, products
from knowledge.index.index_keeper import IndexKeeper
from knowledge.index.indexes import Indexes
from knowledge.index.lexical import LexicalIndex
from knowledge.ingestion import recutting
from knowledge.ingestion.card_edits import checked
from knowledge.ingestion.collection import Item, add_collection
from knowledge.ingestion.corrections import correct
from knowledge.ingestion.ingest import ALONE, Added, Company, Step, take_in
from knowledge.ingestion.preview import Preview, Upcoming, preview, upcoming
from knowledge.ingestion.reading.prepare import Incoming
from knowledge.ingestion.sources import arrivals
from knowledge.metadata.register import Register
from knowledge.model import Document, Passage, Status, Validity
from knowledge.parsing.outline import Outline
from knowledge.storage import catalog, changes, validity_refresh
from knowledge.storage.catalog import Origin, Version
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.database import Database
from knowledge.storage.originals import original
from knowledge.storage.roster import generation_of
from knowledge.storage.shelf import Listing, Shelf
from knowledge.storage.vectors import embed_missing, stored_vectors, unpack

_DAY_KEY = "validity_day"


class KnowledgeBase:
    """One data folder. Safe to share between threads; other processes may change the folder at the same time.

    Whatever changed is seen with the next call. Removed documents are in no list and no search, but `text`, `outline`,
    `passages` and `document_of_version` still answer for their versions, so that citations of old answers open.
    """

    def __init__(self, data_folder: DataFolder) -> None:
        self._data_folder = data_folder
        self._database = data_folder.database
        self._lock = threading.RLock()
        self._encoder: Encoder | None = None
        self._make_encoder = data_folder.encoder
        self._data_folder = DataFolder(
            data_folder.path, data_folder.database, data_folder.register, self._the_encoder, data_folder.today
        )
        self._indexes = Indexes(self._data_folder)
        self._shelf = Shelf(self._database)
        self._day: date | None = None
        self._text = lru_cache(maxsize=64)(self._read_text)
        self._outline = lru_cache(maxsize=64)(self._read_outline)
        self._passages = lru_cache(maxsize=64)(self._read_passages)

    @classmethod
    def open(
        cls,
        data: Path,
        encoder: Callable[[], Encoder],
        *,
        register: Register,
        today: Callable[[], date] = date.today,
    ) -> KnowledgeBase:
        """Open (or make) the library in the folder `data`. The encoder is made when it is first needed.

        Raises StorageError.
        """
        return cls(DataFolder(data, Database.open(data), register, encoder, today))

    def close(self) -> None:
        self._indexes.close()
        self._database.close()

    @property
    def data(self) -> Path:
        return self._data_folder.path

    @property
    def data_folder(self) -> DataFolder:
        """What taking in a file needs."""
        return self._data_folder

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
        return self._the_encoder()

    @property
    def generation(self) -> int:
        """Changes with every commit that changes the library; 0 until the first document comes."""
        with self._database.read() as connection:
            return generation_of(connection)

    @property
    def lexical(self) -> LexicalIndex:
        return self._indexes.lexical

    @property
    def dense(self) -> VectorIndex:
        """Chroma while this process keeps it (`keep_index`), else the exact index over the stored vectors."""
        return self._indexes.dense

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
        self,
        files: Sequence[Incoming],
        on_progress: Callable[[Step], None] | None = None,
        *,
        company: Company = ALONE,
    ) -> list[Added]:
        """`add` for files that come with a card or a status of their own; see `knowledge.ingestion.ingest.take_in`."""
        self._indexes.check_tokens()
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
        self._indexes.check_tokens()
        return add_collection(self._data_folder, name, items, on_step)

    # Changes

    def publish(self, document_id: int) -> Document:
        return self._with_status(document_id, Status.PUBLISHED)

    def withdraw(self, document_id: int) -> Document:
        """Readers no longer find it, from their next question on."""
        return self._with_status(document_id, Status.WITHDRAWN)

    def remove(self, document_id: int) -> Document:
        """Take a document out of the library; returns it as it was. Raises NotInLibrary."""
        self._indexes.check_tokens()
        changes.prepare(self._database, document_id)
        with self.change() as changing:
            removed = catalog.document_by_id(changing.connection, document_id)
            changes.remove(changing, document_id)
        return removed

    def set_status(self, document_id: int, status: Status) -> Document:
        """Raises NotInLibrary."""
        return self._with_status(document_id, status)

    def set_card(self, document_id: int, **fields: str | date | None) -> Document:
        """Put a trainer's values over the parser's: any field of the card, and `validity`.

        Dates may be ISO strings; None or "" empties a field, for `validity` it takes the trainer's word back. The
        values outlive new versions of the file. Raises InvalidCard, NotInLibrary.
        """
        self._indexes.check_tokens()
        correct(self._data_folder, document_id, checked(fields))
        return self._held(document_id)

    def take_back(self, document_id: int, names: Collection[str]) -> Document:
        """Drop a trainer's values of these fields; the parser's count again. Raises NotInLibrary."""
        self._indexes.check_tokens()
        correct(self._data_folder, document_id, {}, names)
        return self._held(document_id)

    def enable_passage(self, passage_id: int, enabled: bool) -> None:
        """Let a single passage be found, or not, in this and later versions. Raises NotInLibrary."""
        recutting.switch(self._data_folder, passage_id, enabled)

    def split_passage(self, passage_id: int, at: int) -> None:
        """Make two passages of one, here and in later versions; the second begins `at` characters into its text.

        Raises NotInLibrary, InvalidCut.
        """
        self._indexes.check_tokens()
        recutting.split(self._data_folder, passage_id, at)

    def merge_passage(self, passage_id: int) -> None:
        """Make one passage of this and the next, here and in later versions. Raises NotInLibrary, InvalidCut."""
        self._indexes.check_tokens()
        recutting.merge(self._data_folder, passage_id)

    def set_cut(self, document_id: int, edits: Sequence[Edit]) -> None:
        """Put `edits` in the place of all changes of the cut of a document. Raises NotInLibrary."""
        self._indexes.check_tokens()
        recutting.replace_all(self._data_folder, document_id, edits)

    def forget_edit(self, document_id: int, edit_id: int) -> None:
        """Take back one change of the cut (`cut_changes`). Raises NotInLibrary."""
        self._indexes.check_tokens()
        recutting.forget(self._data_folder, document_id, edit_id)

    def refresh_validity(self) -> None:
        """Judge every edition on today's date; happens by itself with the first look at the library each day."""
        today = self.today()
        with self._database.read() as connection:
            stale = validity_refresh.stale(connection, self.register, today)
        if stale:
            with self.change() as changing:
                changing.documents |= validity_refresh.refresh(changing.connection, self.register, today, None)
        with self._database.write() as connection:
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (_DAY_KEY, today.isoformat())
            )

    def preview(self, apply: Callable[[changes.Change], object]) -> Preview:
        """What `apply` would change of validity and status, without changing anything. What it raises comes through."""
        self._check_day()
        return preview(self._database, self.register, self.today(), apply)

    def upcoming(self) -> list[Upcoming]:
        """What happens by itself on days to come, the next first."""
        with self._database.read() as connection:
            return upcoming(connection, self.register, self.today())

    def change(self) -> AbstractContextManager[changes.Change]:
        """A transaction on the catalogue that leaves everything derived in line."""
        return changes.change(self._database, self.register, self.today())

    # Documents

    def documents(self, *, status: Status | None = None) -> list[Document]:
        """Documents by title, then edition; drafts and withdrawn ones too unless `status` is given."""
        return [item for item in self._list().documents if status is None or item.status is status]

    def published(self) -> tuple[Document, ...]:
        """What readers may see, in the same order; the same object until something changes."""
        return self._list().published

    def document(self, document_id: int) -> Document:
        """Raises NotInLibrary for an unknown or removed document."""
        known = self._list().by_id.get(document_id)
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

    def validity_on(self, document_id: int, day: date) -> Validity:
        """Raises NotInLibrary."""
        held = self.document(document_id)
        with self._database.read() as connection:
            return validity_refresh.judge(connection, self.register, day, {held.series})[document_id]

    def origin(self, document_id: int) -> Origin:
        """What the parser found for the card of a document, and what a trainer has said. Raises NotInLibrary."""
        with self._database.read() as connection:
            return catalog.origin_of(connection, document_id)

    def cut_changes(self, document_id: int) -> recutting.Changed:
        """What trainers changed of how a document is cut. Raises NotInLibrary."""
        with self._database.read() as connection:
            return recutting.changed(connection, document_id)

    # Texts and passages

    def text(self, version_id: int) -> str:
        """The canonical text. Raises NotInLibrary."""
        return self._text(version_id)

    def outline(self, version_id: int) -> Outline:
        """Raises NotInLibrary."""
        return self._outline(version_id)

    def passages(self, version_id: int) -> list[Passage]:
        """All passages of a version in reading order, whether or not readers may see them."""
        return list(self._passages(version_id, self.generation))

    def get_passages(self, passage_ids: Iterable[int]) -> dict[int, tuple[Passage, Document]]:
        """Those of `passage_ids` that readers may see now, with their documents, in the order asked for."""
        listing = self._list()
        with self._database.read() as connection:
            found = catalog.visible_passages(connection, list(passage_ids))
        return {
            i: (item, listing.by_id[item.document_id]) for i, item in found.items() if item.document_id in listing.by_id
        }

    def documents_of(self, passage_ids: Iterable[int]) -> dict[int, int]:
        """Document id of each of `passage_ids` that readers may see, in the order asked for; reads no passage."""
        return self._indexes.roster.now().documents_of(passage_ids)

    def vectors(self, passage_ids: Sequence[int]) -> NDArray[np.float32]:
        """(n, dimension) unit rows in the order asked for; a row of zeros where the current model has none."""
        with self._database.read() as connection:
            stored = stored_vectors(connection, self.encoder.name, passage_ids)
        rows = np.zeros((len(passage_ids), self.encoder.dimension), dtype=np.float32)
        present = [place for place, i in enumerate(passage_ids) if i in stored]
        if present:
            rows[present] = unpack([stored[passage_ids[place]] for place in present])
        return rows

    def query_vector(self, question: str) -> NDArray[np.float32]:
        """The unit vector by which `question` is compared with passages, adapted when there is an adapter for the model."""
        return self.adapted(self.encoder.embed_query(question))

    def adapted(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The unit vector `vector` of a question as the encoder makes it, moved to where passages are compared with it."""
        adapter = adapter_for(self.encoder.name, self.data)
        return adapter(vector) if adapter else vector

    def cosines(self, vector: NDArray[np.float32], passage_ids: Sequence[int]) -> dict[int, float]:
        """Cosine of the unit vector `vector` to each passage, 0.0 where the current model has no vector of it."""
        return dict(zip(passage_ids, products(self.vectors(passage_ids), vector).tolist(), strict=True))

    # The Chroma index

    def keep_index(self) -> IndexKeeper:
        """Have a thread build and keep the Chroma index until `close()`: for the server."""
        return self._indexes.keep()

    def open_index(self) -> ChromaIndex | None:
        """The Chroma index in line with the catalogue, for who closes it again; None while another process keeps it."""
        return self._indexes.open_chroma()

    def update_index(self) -> bool:
        """Apply what Chroma has to learn, if no other process keeps it; False when one does."""
        index = self.open_index()
        if index is None:
            return False
        index.close()
        return True

    def warm(self) -> None:
        """Do now what the first questions would have to wait for: the encoder, vectors, postings of frequent words."""
        self._indexes.warm()

    def embed_missing(self, on_done: Callable[[int, int], None] | None = None) -> int:
        """Embed every text that the current model has no vector of; returns how many there were."""
        return embed_missing(self._database, self.encoder, on_done)

    def _with_status(self, document_id: int, status: Status) -> Document:
        with self.change() as changing:
            catalog.document_by_id(changing.connection, document_id)
            changes.set_status(changing, document_id, status)
        return self._held(document_id)

    def _held(self, document_id: int) -> Document:
        with self._database.read() as connection:
            return catalog.document_by_id(connection, document_id)

    def _list(self) -> Listing:
        self._check_day()
        return self._shelf.now()

    def _check_day(self) -> None:
        today = self.today()
        if self._day == today:
            return
        with self._database.read() as connection:
            stored = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (_DAY_KEY,)).scalar()
        if stored != today.isoformat():
            self.refresh_validity()
        self._day = today

    def _the_encoder(self) -> Encoder:
        with self._lock:
            if self._encoder is None:
                self._encoder = self._make_encoder()
            return self._encoder

    def _read_text(self, version_id: int) -> str:
        with self._database.read() as connection:
            return catalog.text_of(connection, version_id)

    def _read_outline(self, version_id: int) -> Outline:
        with self._database.read() as connection:
            return catalog.outline_of(connection, version_id)

    def _read_passages(self, version_id: int, generation: int) -> tuple[Passage, ...]:
        with self._database.read() as connection:
            return tuple(catalog.passages_of(connection, version_id))
