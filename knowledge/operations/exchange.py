"""The curated library as a folder that people can read: every original beside its identity card in YAML.

What trainers have put right travels with it: card, validity, series, status, changes of the cut, older versions, and what
other stores contribute (`Carried`). Vectors stay home: they are made again.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from knowledge.errors import ReadingError, StorageError
from knowledge.ingestion.duplicates import known_as_is
from knowledge.ingestion.ingest import Added, Step
from knowledge.ingestion.reading.prepare import Incoming
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.audience import AUDIENCE_OVERRIDE
from knowledge.model import CARD_FIELDS, Document, Status
from knowledge.operations.card_file import (
    CARD_SUFFIX,
    OLDER,
    confirmed_in,
    edits_in,
    fields_of,
    read_card,
    read_yaml,
    write_yaml,
)
from knowledge.storage.catalog import Version, card_values, plain
from knowledge.storage.originals import original, sha256_of
from knowledge.storage.schema import document, version
from knowledge.storage.validity_refresh import SERIES_OVERRIDE, VALIDITY_OVERRIDE

_UNFIT: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\s]+')


@dataclass(frozen=True, slots=True)
class Part:
    """What another store keeps in `<name>.yaml` of the folder. `save` gives plain data; `load` takes it back, with the id
    that each document has here by the id that it had there."""

    name: str
    save: Callable[[], object]
    load: Callable[[Any, Mapping[int, int]], None]


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes along with the documents: files of the data folder word for word, and parts."""

    files: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


NOTHING: Final = Carried()


def export(
    library: KnowledgeBase,
    folder: Path,
    on_step: Callable[[int, int], None] | None = None,
    carried: Carried = NOTHING,
) -> list[Document]:
    """Write all documents into `folder`, which must be empty or new; returns them. Raises StorageError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StorageError(f"“{folder}”不是空文件夹，请换一个新的文件夹导出。")
    documents = library.documents()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for done, item in enumerate(documents):
            _export_one(library, item, folder)
            if on_step:
                on_step(done + 1, len(documents))
        for name in carried.files:
            if (library.data / name).is_file():
                shutil.copyfile(library.data / name, folder / name)
        for part in carried.parts:
            write_yaml(folder / f"{part.name}.yaml", part.save())
    except OSError as error:
        raise StorageError(f"导出写不进“{folder}”：{error.strerror}；请检查磁盘空间和权限。") from error
    return documents


def import_folder(
    library: KnowledgeBase,
    folder: Path,
    on_progress: Callable[[Step], None] | None = None,
    carried: Carried = NOTHING,
) -> list[Added]:
    """Take in what `export` wrote, with cards and status. Documents that are there already get the card of the folder.
    A file of `Carried` that is here and different is kept beside the new one, as `<name>.bak`.

    Raises ReadingError when the folder holds no export, InvalidCard for a card that cannot be.
    """
    cards = sorted(folder.glob(f"*{CARD_SUFFIX}")) if folder.is_dir() else []
    if not cards:
        raise ReadingError(f"“{folder}”里没有导出的文件信息（*{CARD_SUFFIX}）；要添加普通文件请用 xuesi kb add。")
    stored = [read_card(path) for path in cards]
    chains = [_to_take_in(library, _chain(path, card)) for path, card in zip(cards, stored, strict=True)]
    brought = {part.name: read_yaml(folder / f"{part.name}.yaml") for part in carried.parts}
    first = library.take_in([chain[0] for chain in chains], on_progress)
    results = [_with_later(library, added, chain) for added, chain in zip(first, chains, strict=True)]
    for added, card in zip(results, stored, strict=True):
        if added.document_id is not None:
            _date(library, added.document_id, card)
            _complete(library, added.document_id, card)
    for name in carried.files:
        _bring(folder / name, library.data / name)
    ids = {
        int(card["id"]): added.document_id
        for added, card in zip(results, stored, strict=True)
        if added.document_id is not None and str(card.get("id", "")).isdigit()
    }
    for part in carried.parts:
        if brought[part.name] is not None:
            part.load(brought[part.name], ids)
    return results


def _export_one(library: KnowledgeBase, item: Document, folder: Path) -> None:
    suffix = Path(item.file_name).suffix
    edition = f"({item.card.edition})" if item.card.edition else ""
    stem = f"{item.id:04}-{_UNFIT.sub('_', item.card.title)[:60]}{edition}"
    origin = library.origin(item.id)
    newest, *older = _files(library.history(item.id))
    card: dict[str, Any] = {
        "id": item.id,
        **plain(card_values(item.card)),
        VALIDITY_OVERRIDE: origin.said.get(VALIDITY_OVERRIDE),
        SERIES_OVERRIDE: origin.said.get(SERIES_OVERRIDE),
        AUDIENCE_OVERRIDE: origin.said.get(AUDIENCE_OVERRIDE),
        "confirmed": [name for name in CARD_FIELDS if name in origin.said],
        "status": item.status.value,
        "file": stem + suffix,
        "file_name": item.file_name,
        "source": origin.source,
        "sha256": item.sha256,
        "added_at": item.added_at.isoformat(),
        "stored_at": newest.created_at.isoformat(),
        "cut": [
            {"kind": e.kind.value, "address": e.address, "before": e.before, "after": e.after}
            for e in library.cutting.changes(item.id).edits
        ],
        "older": [],
    }
    for one in reversed(older):
        name = f"{OLDER}/{one.sha256}{Path(one.file_name).suffix}"
        (folder / OLDER).mkdir(exist_ok=True)
        shutil.copyfile(original(library.data, one.sha256), folder / name)
        card["older"].append(
            {
                "file": name,
                "file_name": one.file_name,
                "source": one.source,
                "sha256": one.sha256,
                "stored_at": one.created_at.isoformat(),
            }
        )
    shutil.copyfile(original(library.data, item.sha256), folder / (stem + suffix))
    write_yaml(folder / (stem + CARD_SUFFIX), card)


def _files(history: Sequence[Version]) -> list[Version]:
    """The versions that are different files, newest first; of one file that was cut anew, when it first came."""
    kept: list[Version] = []
    for one in history:
        if kept and kept[-1].sha256 == one.sha256:
            kept[-1] = one
        else:
            kept.append(one)
    return kept


def _chain(path: Path, card: Mapping[str, Any]) -> list[Incoming]:
    """The files of a document, oldest first. What trainers have said comes with the newest, or with the only one."""
    newest = path.with_name(card["file"])
    chain = [
        Incoming(path.parent / one["file"], str(one["file_name"]), str(one["source"]), Status.DRAFT)
        for one in card.get("older") or ()
    ]
    name, source = str(card.get("file_name") or newest.name), str(card.get("source") or newest.absolute())
    status = Status(card.get("status", "draft"))
    return [*chain, Incoming(newest, name, source, status, fields_of(card), edits_in(card))]


def _to_take_in(library: KnowledgeBase, chain: list[Incoming]) -> list[Incoming]:
    """All of `chain`, or only its newest file where the library has that already."""
    newest = chain[-1]
    if len(chain) > 1 and newest.path.is_file():
        with library.database.read() as connection:
            if known_as_is(connection, newest.source, sha256_of(newest.path)) is not None:
                return [newest]
    return chain


def _with_later(library: KnowledgeBase, added: Added, chain: list[Incoming]) -> Added:
    """Take in the later files of `chain` after its first has become `added`: what an earlier import that was cut off has
    not brought, or the newest when the document has had other files here. A document of which one fails has failed."""
    if added.document_id is None or len(chain) == 1:
        return added
    held = [one.sha256 for one in reversed(_files(library.history(added.document_id)))]
    brought = [sha256_of(one.path) if one.path.is_file() else "" for one in chain]
    later = chain[len(held) :] if held == brought[: len(held)] else chain[-1:]
    for one in later:
        [result] = library.take_in([replace(one, version_of=added.document_id)])
        if result.error:
            return replace(result, title=added.title)
    return added


def _complete(library: KnowledgeBase, document_id: int, card: Mapping[str, Any]) -> None:
    """What taking in does not bring: the card, status and cut of a document that was there already, and fields that a
    trainer stands for though the parser found the same."""
    held, said = library.document(document_id), library.origin(document_id).said
    now = {**card_values(held.card), VALIDITY_OVERRIDE: said.get(VALIDITY_OVERRIDE)}
    now[SERIES_OVERRIDE] = said.get(SERIES_OVERRIDE)
    now[AUDIENCE_OVERRIDE] = said.get(AUDIENCE_OVERRIDE)
    wanted, confirmed = fields_of(card), confirmed_in(card)
    changed = {
        name: value for name, value in wanted.items() if value != now[name] or (name in confirmed and name not in said)
    }
    if changed:
        library.set_card(document_id, **changed)
    edits = edits_in(card)
    if [replace(edit, id=0) for edit in library.cutting.changes(document_id).edits] != list(edits):
        library.cutting.replace_all(document_id, edits)
    status = Status(card.get("status", "draft"))
    if held.status is not status:
        library.set_status(document_id, status)


def _date(library: KnowledgeBase, document_id: int, card: Mapping[str, Any]) -> None:
    """Give a document and its versions the times at which they came where they came from, unless they came earlier here."""
    files = [(str(one.get("sha256")), str(one["stored_at"])) for one in card.get("older") or ()]
    if card.get("stored_at"):
        files.append((str(card.get("sha256")), str(card["stored_at"])))
    added = datetime.fromisoformat(str(card["added_at"])) if card.get("added_at") else None
    held = _files(library.history(document_id))[::-1]
    earlier = {
        one.id: came
        for one, (sha256, time) in zip(held, files, strict=False)
        if one.sha256 == sha256 and (came := datetime.fromisoformat(time)) < one.created_at
    }
    if not earlier and (added is None or added >= library.document(document_id).added_at):
        return
    with library.change() as changing:
        if added is not None:
            came_before = sa.and_(document.c.id == document_id, document.c.added_at > added)
            changing.connection.execute(document.update().where(came_before).values(added_at=added))
        for version_id, came in earlier.items():
            changing.connection.execute(version.update().where(version.c.id == version_id).values(created_at=came))


def _bring(source: Path, target: Path) -> None:
    if not source.is_file() or (target.is_file() and target.read_bytes() == source.read_bytes()):
        return
    if target.is_file():
        target.replace(target.with_name(target.name + ".bak"))
    partial = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, partial)
    partial.replace(target)
