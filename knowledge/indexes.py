"""The indexes of one data folder: the lexical one, the exact one, and Chroma while this process keeps it."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

from knowledge import lexical_rows
from knowledge.changes import change
from knowledge.chroma_index import ChromaIndex, Interrupted
from knowledge.embedding import embed_missing
from knowledge.index_keeper import IndexKeeper
from knowledge.lexical_index import Fts5Index, LexicalIndex
from knowledge.prepared import Workshop
from knowledge.roster import Roster
from knowledge.tokens import tokenize
from knowledge.vector_index import ExactIndex, VectorIndex

_WARMING_SAMPLE: Final = 200  # passages whose words stand for the frequent words of the library
_WARMING_TOKENS: Final = 800


class Indexes:
    """Opens each index when it is first asked for. Safe to share between threads."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._database = workshop.database
        self._lock = threading.Lock()
        self.roster = Roster(self._database)
        self._lexical = Fts5Index(self._database, self.roster)
        self._exact = ExactIndex(self._database, self.roster, lambda: workshop.encoder().name)
        self._keeper: IndexKeeper | None = None
        self._tokens_checked = False

    @property
    def lexical(self) -> LexicalIndex:
        self.check_tokens()
        return self._lexical

    @property
    def dense(self) -> VectorIndex:
        """Chroma when it is kept and ready, else the exact index."""
        index = self._keeper.index if self._keeper else None
        return index or self._exact

    def keep(self) -> IndexKeeper:
        """Start the thread that keeps Chroma, once."""
        with self._lock:
            if self._keeper is None:
                self._keeper = IndexKeeper(self.open_chroma, self._embed_missing)
            return self._keeper

    def open_chroma(self, stop: threading.Event | None = None) -> ChromaIndex | None:
        """Chroma in line with the catalogue; None while another process keeps it."""
        model = self._workshop.encoder().name
        return ChromaIndex.open(self._workshop.data, self._database, self.roster, model, stop)

    def check_tokens(self) -> None:
        """Write the lexical index anew when it was written by other rules of tokenizing than today's."""
        if self._tokens_checked:
            return
        with self._database.read() as connection:
            outdated = lexical_rows.is_outdated(connection)
            empty = connection.exec_driver_sql("SELECT 1 FROM passage LIMIT 1").first() is None
        if outdated and empty:
            with self._database.write() as connection:
                lexical_rows.rebuild(connection)
        elif outdated:
            with change(self._database, self._workshop.register, self._workshop.today()) as changing:
                lexical_rows.rebuild(changing.connection)
        self._tokens_checked = True

    def warm(self) -> None:
        """Load the encoder, the vectors, and the postings of frequent words."""
        self.dense.search(self._workshop.encoder().embed_query("学习"), 1)
        with self._database.read() as connection:
            sample = connection.exec_driver_sql(
                "SELECT context || ' ' || text FROM passage WHERE visible ORDER BY random() LIMIT ?", (_WARMING_SAMPLE,)
            ).scalars()
            counts = Counter(token for text in sample for token in set(tokenize(text)))
        self.check_tokens()
        self._lexical.warm(token for token, _ in counts.most_common(_WARMING_TOKENS))

    def close(self) -> None:
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    def _embed_missing(self, stop: threading.Event) -> None:
        def go_on(_done: int, _total: int) -> None:
            if stop.is_set():
                raise Interrupted

        embed_missing(self._database, self._workshop.encoder(), go_on)
