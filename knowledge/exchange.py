"""The curated library as a folder that people can read: every original beside its identity card in YAML.

What a trainer has put right travels with it: card, validity, status, switched-off passages. Older versions stay home.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import yaml

from knowledge.catalog import CARD_FIELDS, card_values, plain
from knowledge.editions import VALIDITY_OVERRIDE
from knowledge.errors import InvalidCard, ReadingError, StorageError
from knowledge.ingest import Added, Step
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Status
from knowledge.originals import original
from knowledge.prepared import Incoming
from knowledge.schema import document

CARD_SUFFIX: Final = ".card.yaml"
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\s]+')


def export(library: KnowledgeBase, folder: Path, on_step: Callable[[int, int], None] | None = None) -> list[Document]:
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
    except OSError as error:
        raise StorageError(f"导出写不进“{folder}”：{error.strerror}；请检查磁盘空间和权限。") from error
    return documents


def import_folder(
    library: KnowledgeBase, folder: Path, on_progress: Callable[[Step], None] | None = None
) -> list[Added]:
    """Take in what `export` wrote, with cards and status. Documents that are there already get the card of the folder.

    Raises ReadingError when the folder holds no export, InvalidCard for a card that cannot be.
    """
    cards = sorted(folder.glob(f"*{CARD_SUFFIX}")) if folder.is_dir() else []
    if not cards:
        raise ReadingError(f"“{folder}”里没有导出的文件信息（*{CARD_SUFFIX}）；要添加普通文件请用 xuesi kb add。")
    stored = [_read_card(path) for path in cards]
    files = [_incoming(path, card) for path, card in zip(cards, stored, strict=True)]
    results = library.take_in(files, on_progress)
    for added, card in zip(results, stored, strict=True):
        if added.document_id is not None:
            _complete(library, added.document_id, card)
    return results


def _export_one(library: KnowledgeBase, item: Document, folder: Path) -> None:
    suffix = Path(item.file_name).suffix
    edition = f"({item.card.edition})" if item.card.edition else ""
    stem = f"{item.id:04}-{_UNFIT.sub('_', item.card.title)[:60]}{edition}"
    source, validity = _source_and_validity(library, item.id)
    card: dict[str, Any] = {
        **plain(card_values(item.card)),
        VALIDITY_OVERRIDE: validity,
        "status": item.status.value,
        "file": stem + suffix,
        "file_name": item.file_name,
        "source": source,
        "sha256": item.sha256,
        "disabled": [p.address for p in library.passages(item.version_id) if not p.enabled],
    }
    shutil.copyfile(original(library.data, item.sha256), folder / (stem + suffix))
    text = yaml.safe_dump(card, allow_unicode=True, sort_keys=False)
    (folder / (stem + CARD_SUFFIX)).write_text(text, encoding="utf-8")


def _source_and_validity(library: KnowledgeBase, document_id: int) -> tuple[str, str | None]:
    with library.database.read() as connection:
        row = connection.execute(
            sa.select(document.c.source, document.c.overrides).where(document.c.id == document_id)
        ).one()
    return row.source, row.overrides.get(VALIDITY_OVERRIDE)


class _Words(yaml.SafeLoader):
    """Reads every value as the words that stand there: a wrong date must reach our own check, 2023 is an edition."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read_card(path: Path) -> Mapping[str, Any]:
    try:
        card = yaml.load(path.read_text(encoding="utf-8"), Loader=_Words)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReadingError(f"读不了文件信息“{path}”，请检查它是不是 UTF-8 的 YAML。") from error
    if not isinstance(card, dict) or not isinstance(card.get("file"), str) or not card.get("title"):
        raise InvalidCard(f"文件信息“{path}”缺少 title 或 file，请补上后再导入。")
    if Path(card["file"]).name != card["file"]:
        raise InvalidCard(f"文件信息“{path}”的 file 应是同一文件夹里的文件名。")
    if card.get("status", "draft") not in list(Status):
        raise InvalidCard(f"文件信息“{path}”的 status 应是 {'、'.join(Status)} 之一。")
    return card


def _incoming(path: Path, card: Mapping[str, Any]) -> Incoming:
    file = path.with_name(card["file"])
    return Incoming(
        path=file,
        file_name=str(card.get("file_name") or file.name),
        source=str(card.get("source") or file.absolute()),
        status=Status(card.get("status", "draft")),
        overrides=_fields(card),
    )


def _fields(card: Mapping[str, Any]) -> dict[str, Any]:
    from knowledge.cards import checked

    given = {name: card.get(name) for name in (*CARD_FIELDS, VALIDITY_OVERRIDE)}
    return checked({name: value if value is None else str(value) for name, value in given.items()})


def _complete(library: KnowledgeBase, document_id: int, card: Mapping[str, Any]) -> None:
    """What taking in does not bring: the card of a document that was there already, and switched-off passages."""
    held = library.document(document_id)
    now = {**card_values(held.card), VALIDITY_OVERRIDE: _source_and_validity(library, document_id)[1]}
    changed = {name: value for name, value in _fields(card).items() if value != now[name]}
    if changed:
        library.set_card(document_id, **changed)
    disabled = set(card.get("disabled") or ())
    for passage in library.passages(held.version_id):
        if passage.enabled == (passage.address in disabled):
            library.enable_passage(passage.id, passage.address not in disabled)
