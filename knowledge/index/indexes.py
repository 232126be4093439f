"""The indexes of one data folder: the lexical one, the exact one, and Chroma while this process keeps it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from knowledge.index.chroma import ChromaIndex, Interrupted
from knowledge.index.exact import ExactIndex, VectorIndex, products
from knowledge.index.fallback import FallbackIndex
from knowledge.index.index_keeper import IndexKeeper
from knowledge.index.lexical import Fts5Index, LexicalIndex, OwnWords
from knowledge.index.pgvector import PgVectorIndex
from knowledge.index.words import WordsFile
from knowledge.storage import fulltext
from knowledge.storage.changes import change
from knowledge.storage.data_folder import DataFolder
from knowledge.storage.schema import passage
from knowledge.storage.vectors import embed_missing, stored_vectors, unpack
from knowledge.storage.visibility import Roster
from knowledge.text.tokenizer import tokenize

_WARMING_SAMPLE: Final = 200  # passages whose words stand for the frequent words of the library
_WARMING_TOKENS: Final = 800
_SAMPLE: Final = sa.text("SELECT context || ' ' || text FROM passage WHERE visible ORDER BY random() LIMIT :most")


class Indexes:
    """Opens each index when it is first asked for. Safe to share between threads."""

    def __init__(self, data_folder: DataFolder) -> None:
        self._data_folder = data_folder
        self._database = data_folder.database
        self._lock = threading.Lock()
        self.roster = Roster(self._database)
        self._words = OwnWords(self._database) if self._database.is_file else WordsFile(self._database)
        self._lexical = Fts5Index(self._words, self.roster)
        self._exact = ExactIndex(self._database, self.roster, self._model)
        self._postgres = PgVectorIndex(self._database, self.roster, self._model, self._words)
        self._keeper: IndexKeeper | None = None
        self._tokens_checked = False

    @property
    def lexical(self) -> LexicalIndex:
        self.check_tokens()
        return self._lexical

    @property
    def dense(self) -> VectorIndex:
        """In PostgreSQL its own; else Chroma when it is kept, ready and can be searched, else the exact index."""
        if not self._database.is_file:
            return self._postgres
        keeper = self._keeper
        index = keeper.index if keeper else None
        return FallbackIndex(index, self._exact, keeper.mend) if keeper and index else self._exact

    def _model(self) -> str:
        return self._data_folder.encoder().name

    def keep(self) -> IndexKeeper:
        """Start the thread that keeps Chroma, or the words beside PostgreSQL, once."""
        with self._lock:
            if self._keeper is None:
                opened = self.open_chroma if self._database.is_file else lambda _stop: self._postgres
                self._keeper = IndexKeeper(opened, self._embed_missing)
            return self._keeper

    def open_chroma(self, stop: threading.Event | None = None) -> ChromaIndex | None:
        """Chroma in line with the catalogue; None while another process keeps it."""
        model = self._data_folder.encoder().name
        return ChromaIndex.open(self._data_folder.path, self._database, self.roster, model, stop)

    def check_tokens(self) -> None:
        """Write the lexical index anew when it was written by other rules of tokenizing than today's."""
        if self._tokens_checked:
            return
        with self._database.read() as connection:
            outdated = fulltext.is_outdated(connection)
            empty = connection.execute(sa.select(passage.c.id).limit(1)).first() is None
        if outdated and empty:
            with self._database.write() as connection:
                fulltext.rebuild(connection)
        elif outdated:
            with change(self._database, self._data_folder.register, self._data_folder.today()) as changing:
                fulltext.rebuild(changing.connection)
        self._tokens_checked = True

    def warm(self) -> None:
        """Load the encoder, the vectors, and the postings of frequent words."""
        self.dense.search(self._data_folder.encoder().embed_query("学习"), 1)
        with self._database.read() as connection:
            sample = connection.execute(_SAMPLE, {"most": _WARMING_SAMPLE}).scalars()
            counts = Counter(token for text in sample for token in set(tokenize(text)))
        self.check_tokens()
        self._lexical.warm(token for token, _ in counts.most_common(_WARMING_TOKENS))

    def update(self) -> bool:
        """Apply what Chroma has to learn, if no other process keeps it; False when one does. PostgreSQL has nothing to
        learn."""
        if not self._database.is_file:
            return True
        index = self.open_chroma()
        if index is None:
            return False
        index.close()
        return True

    def embed_missing(self, on_done: Callable[[int, int], None] | None = None) -> int:
        """Embed every text that the current model has no vector of; returns how many there were."""
        return embed_missing(self._database, self._data_folder.encoder(), on_done)

    def documents_of(self, passage_ids: Iterable[int]) -> dict[int, int]:
        """Document id of each of `passage_ids` that readers may see, in the order asked for; reads no passage."""
        return self.roster.now().documents_of(passage_ids)

    def vectors(self, passage_ids: Sequence[int]) -> NDArray[np.float32]:
        """(n, dimension) unit rows in the order asked for; a row of zeros where the current model has none."""
        encoder = self._data_folder.encoder()
        with self._database.read() as connection:
            stored = stored_vectors(connection, encoder.name, passage_ids)
        rows = np.zeros((len(passage_ids), encoder.dimension), dtype=np.float32)
        present = [place for place, i in enumerate(passage_ids) if i in stored]
        if present:
            rows[present] = unpack([stored[passage_ids[place]] for place in present])
        return rows

    def cosines(self, vector: NDArray[np.float32], passage_ids: Sequence[int]) -> dict[int, float]:
        """Cosine of the unit vector `vector` to each passage, 0.0 where the current model has no vector of it."""
        return dict(zip(passage_ids, products(self.vectors(passage_ids), vector).tolist(), strict=True))

    def close(self) -> None:
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None
        if isinstance(self._words, WordsFile):
            self._words.close()

    def _embed_missing(self, stop: threading.Event) -> None:
        def go_on(_done: int, _total: int) -> None:
            if stop.is_set():
                raise Interrupted

        self.embed_missing(go_on)
