"""Texts in, unit vectors out: the built-in model by default, any sentence-transformers model by setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.embeddings.encoder import BUILTIN, Encoder, ensure_builtin, open_encoder

if TYPE_CHECKING:
    from knowledge.embeddings.langchain import LangChainEmbeddings

__all__ = ["BUILTIN", "Encoder", "LangChainEmbeddings", "ensure_builtin", "open_encoder"]


def __getattr__(name: str) -> object:
    if name == "LangChainEmbeddings":  # langchain_core takes half a second, and only chains of others want it
        from knowledge.embeddings.langchain import LangChainEmbeddings

        return LangChainEmbeddings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
