"""The curated library as a folder that people can read: every original beside its identity card in YAML.

What trainers have put right travels with it: card, validity, series, status, changes of the cut, older versions, and what
other stores contribute (`Carried`). Vectors stay home: they are made again.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.chunking.edits import Edit, EditKind
from knowledge.errors import InvalidCard, ReadingError, StorageError
from knowledge.ingestion.card_edits import SETTABLE, checked
from knowledge.ingestion.ingest import Added, Step
from knowledge.ingestion.matching import known_as_is
from knowledge.ingestion.reading.prepare import Incoming
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Status
from knowledge.storage.catalog import CARD_FIELDS, Version, card_values, plain
from knowledge.storage.originals import original, sha256_of
from knowledge.storage.schema import document, version
from knowledge.storage.validity_refresh import SERIES_OVERRIDE, VALIDITY_OVERRIDE

CARD_SUFFIX: Final = ".card.yaml"
OLDER: Final = "versions"  # folder of the originals of older versions
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
            _write_yaml(folder / f"{part.name}.yaml", part.save())
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
    stored = [_read_card(path) for path in cards]
    chains = [_to_take_in(library, _chain(path, card)) for path, card in zip(cards, stored, strict=True)]
    brought = {part.name: _read_yaml(folder / f"{part.name}.yaml") for part in carried.parts}
    results = library.take_in([chain[0] for chain in chains], on_progress)
    for added, chain, card in zip(results, chains, stored, strict=True):
        if added.document_id is not None:
            if added.status == "new":
                for later in chain[1:]:
                    library.take_in([replace(later, version_of=added.document_id)])
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
            for e in library.cut_changes(item.id).edits
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
    _write_yaml(folder / (stem + CARD_SUFFIX), card)


def _files(history: Sequence[Version]) -> list[Version]:
    """The versions that are different files, newest first; of one file that was cut anew, when it first came."""
    kept: list[Version] = []
    for one in history:
        if kept and kept[-1].sha256 == one.sha256:
            kept[-1] = one
        else:
            kept.append(one)
    return kept


def _write_yaml(path: Path, value: object) -> None:
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")


class _Words(yaml.SafeLoader):
    """Reads every value as the words that stand there: a wrong date must reach our own check, 2023 is an edition."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read_yaml(path: Path) -> Any:
    """What `path` holds, words as words; None when it is not there. Raises ReadingError."""
    if not path.is_file():
        return None
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Words)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReadingError(f"读不了“{path}”，请检查它是不是 UTF-8 的 YAML。") from error


def _read_card(path: Path) -> Mapping[str, Any]:
    card = _read_yaml(path)
    if not isinstance(card, dict) or not isinstance(card.get("file"), str) or not card.get("title"):
        raise InvalidCard(f"文件信息“{path}”缺少 title 或 file，请补上后再导入。")
    if Path(card["file"]).name != card["file"]:
        raise InvalidCard(f"文件信息“{path}”的 file 应是同一文件夹里的文件名。")
    if card.get("status", "draft") not in list(Status):
        raise InvalidCard(f"文件信息“{path}”的 status 应是 {'、'.join(Status)} 之一。")
    try:
        _said(card)
        _edits(card)
        for one in card.get("older") or ():
            if Path(one["file"]).parent != Path(OLDER):
                raise ValueError(one["file"])
        for moment in _moments(card):
            datetime.fromisoformat(moment)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidCard(f"文件信息“{path}”里 cut、older 或时间写得不对（{error}），请改正后再导入。") from error
    return card


def _chain(path: Path, card: Mapping[str, Any]) -> list[Incoming]:
    """The files of a document, oldest first. What trainers have said comes with the newest, or with the only one."""
    newest = path.with_name(card["file"])
    chain = [
        Incoming(path.parent / one["file"], str(one["file_name"]), str(one["source"]), Status.DRAFT)
        for one in card.get("older") or ()
    ]
    name, source = str(card.get("file_name") or newest.name), str(card.get("source") or newest.absolute())
    status = Status(card.get("status", "draft"))
    return [*chain, Incoming(newest, name, source, status, _fields(card), _edits(card))]


def _to_take_in(library: KnowledgeBase, chain: list[Incoming]) -> list[Incoming]:
    """All of `chain`, or only its newest file where the library has that already."""
    newest = chain[-1]
    if len(chain) > 1 and newest.path.is_file():
        with library.database.read() as connection:
            if known_as_is(connection, newest.source, sha256_of(newest.path)) is not None:
                return [newest]
    return chain


def _fields(card: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: card.get(name) for name in SETTABLE}
    return checked({name: value if value is None else str(value) for name, value in given.items()})


def _said(card: Mapping[str, Any]) -> set[str]:
    return {str(name) for name in card.get("confirmed") or ()}


def _edits(card: Mapping[str, Any]) -> tuple[Edit, ...]:
    return tuple(
        Edit(0, EditKind(one["kind"]), str(one["address"]), str(one["before"]), str(one.get("after") or ""))
        for one in card.get("cut") or ()
    )


def _moments(card: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(card[name]) for name in ("added_at", "stored_at") if card.get(name))
    yield from (str(one["stored_at"]) for one in card.get("older") or ())


def _complete(library: KnowledgeBase, document_id: int, card: Mapping[str, Any]) -> None:
    """What taking in does not bring: the card, status and cut of a document that was there already, and fields that a
    trainer stands for though the parser found the same."""
    held, said = library.document(document_id), library.origin(document_id).said
    now = {**card_values(held.card), VALIDITY_OVERRIDE: said.get(VALIDITY_OVERRIDE)}
    now[SERIES_OVERRIDE] = said.get(SERIES_OVERRIDE)
    wanted, confirmed = _fields(card), _said(card)
    changed = {
        name: value for name, value in wanted.items() if value != now[name] or (name in confirmed and name not in said)
    }
    if changed:
        library.set_card(document_id, **changed)
    edits = _edits(card)
    if [replace(edit, id=0) for edit in library.cut_changes(document_id).edits] != list(edits):
        library.set_cut(document_id, edits)
    status = Status(card.get("status", "draft"))
    if held.status is not status:
        library.set_status(document_id, status)


def _date(library: KnowledgeBase, document_id: int, card: Mapping[str, Any]) -> None:
    """Give a document and its versions the times at which they came where they came from."""
    times = [str(one["stored_at"]) for one in card.get("older") or ()]
    times += [str(card["stored_at"])] if card.get("stored_at") else []
    versions = library.history(document_id)[::-1]
    with library.change() as changing:
        if card.get("added_at"):
            added = datetime.fromisoformat(str(card["added_at"]))
            changing.connection.execute(document.update().where(document.c.id == document_id).values(added_at=added))
        for one, time in zip(versions, times, strict=False):
            created = datetime.fromisoformat(time)
            changing.connection.execute(version.update().where(version.c.id == one.id).values(created_at=created))


def _bring(source: Path, target: Path) -> None:
    if not source.is_file() or (target.is_file() and target.read_bytes() == source.read_bytes()):
        return
    if target.is_file():
        target.replace(target.with_name(target.name + ".bak"))
    partial = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, partial)
    partial.replace(target)
