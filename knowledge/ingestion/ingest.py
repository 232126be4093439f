"""From a file to a searchable document: load → normalise → identify → outline → passages → embed → commit → index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa

from knowledge.errors import EncoderError, KnowledgeError, StorageError
from knowledge.ingestion.duplicates import known_as_is, known_document
from knowledge.ingestion.reading.prepare import Incoming
from knowledge.ingestion.reading.process import shared
from knowledge.ingestion.versions import fitted, is_held
from knowledge.model import Status
from knowledge.parsing.loaders import read
from knowledge.storage.catalog import document_by_id
from knowledge.storage.changes import add_vectors, change, prepare, set_status, store
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.new_version import NewVersion
from knowledge.storage.originals import keep, sha256_of
from knowledge.storage.vectors import embed, embedded

#: Passages embedded in one call. Sorting many by length wastes less padding than one document at a time.
BATCH: Final = 256

Outcome = Literal["new", "updated", "unchanged", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file. `error` is one Chinese sentence for a file that failed, and then nothing of it is
    stored; `notes` are sentences about what was left out or assumed, and say why a file of a folder or archive was
    skipped."""

    path: str
    document_id: int | None
    status: Outcome
    title: str | None = None
    articles: int | None = None
    passages: int = 0
    notes: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Progress of a run: files dealt with, passages embedded, and the file that has just been committed or refused."""

    done: int
    total: int
    passages: int
    added: Added


@dataclass(frozen=True, slots=True)
class Company:
    """Files that come together though not in one call: the documents that earlier ones have become, and where all of
    them came from. Files of one company are never taken for versions of each other."""

    documents: Collection[int] = ()
    sources: Collection[str] = ()


ALONE: Final = Company()


def take_in(
    data_folder: DataFolder,
    files: Sequence[Incoming],
    on_step: Callable[[Step], None] | None = None,
    *,
    company: Company = ALONE,
) -> list[Added]:
    """Take in `files`, each in a transaction of its own; the results are in their order.

    A file that fails is reported and stops no other. `on_step` is called when a file is committed (or refused), not
    before. Raises EncoderError and StorageError; what was committed by then stays.
    """
    run = _Run(data_folder, files, on_step, company)
    for position in range(len(files)):
        run.consider(position)
    run.flush()
    return run.results()


@dataclass(slots=True)
class _Pending:
    """A file that is read and waits for its vectors."""

    position: int
    file: Incoming
    new: NewVersion
    document_id: int | None


class _Run:
    """One call of `take_in`."""

    def __init__(
        self,
        data_folder: DataFolder,
        files: Sequence[Incoming],
        on_step: Callable[[Step], None] | None,
        company: Company,
    ) -> None:
        self._data_folder = data_folder
        self._files = files
        self._on_step = on_step
        self._sources = {file.source for file in files} | set(company.sources)
        self._taken = set(company.documents)
        self._pending: list[_Pending] = []
        self._results: dict[int, Added] = {}
        self._embedded = 0

    def results(self) -> list[Added]:
        return [self._results[position] for position in sorted(self._results)]

    def consider(self, position: int) -> None:
        """Read a file and queue it, or settle it at once when it is known or cannot be read."""
        file = self._files[position]
        try:
            digest = file.prepared.sha256 if file.prepared else _digest(file.path)
            if any(waiting.new.sha256 == digest for waiting in self._pending):
                self.flush()  # the same bytes twice in one run: the second one must find the first
            with self._data_folder.database.read() as connection:
                known = self._known_as_is(connection, file, digest)
            if known is not None:
                keep(self._data_folder.path, file.path, digest)
                self._unchanged(position, known)
                return
            new = file.prepared or shared().understood(file, digest)
            with self._data_folder.database.read() as connection:
                document_id = self._known_document(connection, file, new)
                new = fitted(connection, new, document_id)
                same = file.version_of is not None and is_held(connection, new, file.version_of)
            if same and file.version_of is not None:
                self._unchanged(position, file.version_of)
                return
            keep(self._data_folder.path, file.path, digest)
            self._pending.append(_Pending(position, file, new, document_id))
        except (StorageError, EncoderError):
            raise
        except Exception as error:  # whatever a parser stumbles over: this file fails, the others go on
            self._settle(position, Added(file.source, None, "failed", error=sentence_for(file.file_name, error)))
        if sum(len(waiting.new.passages) for waiting in self._pending) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Embed what waits and commit it, file by file."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        vectors = self._vectors(item.new for item in pending)
        for item in pending:
            self._commit(item, vectors)

    def _commit(self, item: _Pending, vectors: dict[bytes, bytes]) -> None:
        data_folder, file, new = self._data_folder, item.file, item.new
        model = data_folder.encoder().name
        while True:
            prepare(data_folder.database, item.document_id, new.passages)
            with change(data_folder.database, data_folder.register, data_folder.today()) as changing:
                connection = changing.connection
                # Another process may have stored this very file, or changed whose version it is.
                same = self._known_as_is(connection, file, new.sha256)
                if same is not None:
                    break
                document_id = self._known_document(connection, file, new)
                fresh = fitted(connection, new, document_id)
                if fresh == new or not _missing(connection, model, fresh, vectors):
                    stored = store(changing, fresh, document_id, file.status)
                    hashes = {passage.text_hash for passage in fresh.passages} & vectors.keys()
                    add_vectors(connection, model, {key: vectors[key] for key in hashes})
                    break
            new = fresh
            vectors = vectors | self._vectors([fresh])
        if same is not None:
            self._unchanged(item.position, same)
            return
        self._taken.add(stored)
        outcome: Outcome = "new" if document_id is None else "updated"
        self._report(item.position, stored, outcome, new.notes)

    def _known_as_is(self, connection: sa.Connection, file: Incoming, sha256: str) -> int | None:
        return known_as_is(connection, file.source, sha256) if file.version_of is None else None

    def _known_document(self, connection: sa.Connection, file: Incoming, new: NewVersion) -> int | None:
        if file.version_of is not None:
            return file.version_of
        return known_document(
            connection,
            file.source,
            file.file_name,
            new.card,
            new.text,
            taken=self._taken,
            claimed=self._sources,
        )

    def _vectors(self, versions: Iterable[NewVersion]) -> dict[bytes, bytes]:
        """Vectors of all texts that the current model has not embedded before, by text hash."""
        texts = {passage.text_hash: passage.indexed for new in versions for passage in new.passages}
        encoder = self._data_folder.encoder()
        with self._data_folder.database.read() as connection:
            present = embedded(connection, encoder.name, texts)
        wanted = [key for key in texts if key not in present]
        self._embedded += len(wanted)
        return embed(encoder, {key: texts[key] for key in wanted})

    def _unchanged(self, position: int, document_id: int) -> None:
        file = self._files[position]
        notes: tuple[str, ...] = ()
        self._taken.add(document_id)
        with self._data_folder.database.read() as connection:
            held = document_by_id(connection, document_id)
        if file.status is not None and held.status is not file.status:
            with change(self._data_folder.database, self._data_folder.register, self._data_folder.today()) as changing:
                set_status(changing, document_id, file.status)
            notes = ("内容没有变化，已发布。",) if file.status is Status.PUBLISHED else ()
        self._report(position, document_id, "unchanged", notes)

    def _report(self, position: int, document_id: int, outcome: Outcome, notes: tuple[str, ...]) -> None:
        with self._data_folder.database.read() as connection:
            held = document_by_id(connection, document_id)
        source = self._files[position].source
        self._settle(position, Added(source, held.id, outcome, held.card.title, held.articles, held.passages, notes))

    def _settle(self, position: int, added: Added) -> None:
        self._results[position] = added
        if self._on_step:
            self._on_step(Step(len(self._results), len(self._files), self._embedded, added))


def _digest(path: Path) -> str:
    """Hash of the file; what `read` refuses anyway (a folder, 0 bytes, too big) is refused without reading it all."""
    if not path.is_file() or not 0 < path.stat().st_size <= _MOST_HASHED_BYTES:
        read(path)
    return sha256_of(path)


_MOST_HASHED_BYTES: Final = 100 * 1024 * 1024  # beyond it `read` refuses the file


def _missing(connection: sa.Connection, model: str, new: NewVersion, vectors: Mapping[bytes, bytes]) -> bool:
    unknown = {passage.text_hash for passage in new.passages} - vectors.keys()
    return len(embedded(connection, model, unknown)) < len(unknown)


def sentence_for(name: str, error: Exception) -> str:
    """Why the file called `name` could not be taken in, for the user."""
    if isinstance(error, PermissionError):
        return f"没有读取《{name}》的权限，请修改文件权限后再试。"
    if isinstance(error, OSError):
        return f"读取《{name}》时出错：{error.strerror or error}。"
    if isinstance(error, KnowledgeError):
        return str(error).replace("\n", " ")  # names of files may hold line ends
    return f"读取《{name}》时出现意外错误（{type(error).__name__}：{error}），请把这个文件反馈给维护人员。"
