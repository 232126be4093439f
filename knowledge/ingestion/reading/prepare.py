"""A file read, understood and cut, before it is stored: load → normalise → identify → outline → passages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from knowledge.chunking.chunker import cut
from knowledge.chunking.edits import Cut, Edit
from knowledge.chunking.indexed import indexed_passages
from knowledge.errors import EmptyFile, UnsafeFile
from knowledge.metadata.identity_card import identify
from knowledge.metadata.repeals import repeals
from knowledge.model import Status
from knowledge.parsing.loaders import read
from knowledge.parsing.outline import outline
from knowledge.storage.new_version import NewVersion

_MOST_SECTIONS: Final = 50_000  # a code of laws has some 5,000; no page could show more


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to take in. `source` is where it came from, when that is not `path`; `overrides` are a trainer's card
    values that come with it, `edits` his changes of the cut; `status` None keeps a known document's status and makes a
    new one a draft. `version_of` names the document of which it is a version, whatever it looks like. `prepared` is what
    `understood` made of it, when it has been read already."""

    path: Path
    file_name: str
    source: str
    status: Status | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    version_of: int | None = None
    prepared: NewVersion | None = None


def understood(file: Incoming, sha256: str) -> NewVersion:
    """The version that `file` would be, cut as the program cuts it. Raises the ReadingError family."""
    source = read(file.path)
    structure = outline(source)
    if len(structure.sections) > _MOST_SECTIONS:
        raise UnsafeFile(
            f"《{file.file_name}》有 {len(structure.sections):,} 个条、款、项，超过 {_MOST_SECTIONS:,} 个的上限，请拆分后再上传。"
        )
    card = identify(source, file.file_name, structure)
    spans = cut(source.text, structure)
    if not spans:
        raise EmptyFile(f"《{file.file_name}》里没有可以检索的正文，请检查文件内容。")
    return NewVersion(
        source=file.source,
        file_name=file.file_name,
        sha256=sha256,
        text=source.text,
        outline=structure,
        card=card,
        repeals=repeals(source.text, structure),
        notes=source.notes,
        passages=indexed_passages(source.text, card.title, [Cut(span) for span in spans]),
        spans=spans,
        # What the parser finds by itself needs no trainer's word, and may one day be found better.
        overrides={name: value for name, value in file.overrides.items() if value != getattr(card, name, None)},
        edits=file.edits,
    )
