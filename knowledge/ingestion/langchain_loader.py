"""A LangChain loader for official documents: files read, identified and cut as for the library, without one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from knowledge.errors import ReadingError
from knowledge.ingestion.reading.prepare import understood
from knowledge.ingestion.sources import arrivals
from knowledge.storage.catalog import card_values, plain
from knowledge.storage.new_version import NewVersion
from knowledge.storage.originals import sha256_of

Per = Literal["passage", "text"]
_SECTION: Final = ("path", "label", "title", "level", "depth", "start", "end")


class OfficialDocumentLoader(BaseLoader):
    """Loads files, and what stands in folders, archives and at web addresses, with identity card, structure and offsets.

    `per` "passage" gives a Document for every passage, with its `address`, `context`, `start` and `end` in the canonical
    text; "text" gives one for every file, with the canonical text and its `outline`. All carry the fields of the card.
    A file that cannot be read raises a ReadingError whose message is a sentence for the user.
    """

    def __init__(self, paths: Path | str | Iterable[Path | str], *, per: Per = "passage") -> None:
        if per not in ("passage", "text"):
            raise ValueError(f'per must be "passage" or "text", not {per!r}')
        self._paths = [paths] if isinstance(paths, Path | str) else list(paths)
        self._per = per

    def lazy_load(self) -> Iterator[Document]:
        with tempfile.TemporaryDirectory(prefix="xuesi-") as downloads:
            files, others = arrivals(self._paths, Path(downloads), None)
            for failed in (one for one in others if one.error is not None):
                raise ReadingError(failed.error)
            for file in files:
                new = understood(file, sha256_of(file.path))
                yield from _passages(new) if self._per == "passage" else [_whole(new)]


def _whole(new: NewVersion) -> Document:
    sections = [{name: getattr(section, name) for name in _SECTION} for section in new.outline.sections]
    metadata = _about(new) | {"start": 0, "end": len(new.text), "outline": sections}
    return Document(id=new.sha256, page_content=new.text, metadata=metadata)


def _passages(new: NewVersion) -> Iterator[Document]:
    about = _about(new)
    for passage in new.passages:
        yield Document(
            id=f"{new.sha256}:{passage.start}",
            page_content=passage.text,
            metadata=about
            | {
                "address": passage.address,
                "context": passage.context,
                "start": passage.start,
                "end": passage.end,
            },
        )


def _about(new: NewVersion) -> dict[str, Any]:
    return {"source": new.source, **plain(card_values(new.card)), "articles": new.outline.articles}
