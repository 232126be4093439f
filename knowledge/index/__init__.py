"""The indexes that passages are found by: words, exact vectors, Chroma."""

from __future__ import annotations

from knowledge.index.bigram_index import BigramIndex
from knowledge.index.chroma import ChromaIndex
from knowledge.index.exact import ExactIndex, VectorIndex, products
from knowledge.index.index_keeper import IndexKeeper
from knowledge.index.indexes import Indexes
from knowledge.index.lexical import Fts5Index, LexicalIndex

__all__ = [
    "BigramIndex",
    "ChromaIndex",
    "ExactIndex",
    "Fts5Index",
    "IndexKeeper",
    "Indexes",
    "LexicalIndex",
    "VectorIndex",
    "products",
]
