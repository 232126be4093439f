"""An encoder as LangChain's Embeddings, for chains and retrievers that others write."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from knowledge.embeddings.encoder import Encoder


class LangChainEmbeddings(Embeddings):
    """Wraps an encoder; vectors become lists of floats, as LangChain wants them."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._encoder.embed_documents(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self._encoder.embed_query(text).tolist()
        return row
