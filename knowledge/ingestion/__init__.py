"""From a file or a web page to a stored document: `take_in` is the whole path, `understood` the part before the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.ingestion.ingest import ALONE, Added, Company, Step, take_in
from knowledge.ingestion.reading.prepare import Incoming, understood

if TYPE_CHECKING:
    from knowledge.ingestion.langchain_loader import OfficialDocumentLoader

__all__ = [
    "ALONE",
    "Added",
    "Company",
    "Incoming",
    "OfficialDocumentLoader",
    "Step",
    "take_in",
    "understood",
]


def __getattr__(name: str) -> object:
    if name == "OfficialDocumentLoader":  # langchain_core takes half a second, and only chains of others want it
        from knowledge.ingestion.langchain_loader import OfficialDocumentLoader

        return OfficialDocumentLoader
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
