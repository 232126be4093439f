"""An identity card as a YAML file that people can read and edit, beside its original in an exported library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.chunking.edits import Edit, EditKind
from knowledge.errors import InvalidCard, ReadingError
from knowledge.ingestion.card_edits import SETTABLE, checked
from knowledge.metadata.audience import AUDIENCE_OVERRIDE
from knowledge.model import Status

CARD_SUFFIX: Final = ".card.yaml"
OLDER: Final = "versions"  # folder of the originals of older versions


def write_yaml(path: Path, value: object) -> None:
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")


class _Words(yaml.SafeLoader):
    """Reads every value as the words that stand there: a wrong date must reach our own check, 2023 is an edition."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Any:
    """What `path` holds, words as words; None when it is not there. Raises ReadingError."""
    if not path.is_file():
        return None
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Words)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReadingError(f"读不了“{path}”，请检查它是不是 UTF-8 的 YAML。") from error


def read_card(path: Path) -> Mapping[str, Any]:
    card = read_yaml(path)
    if not isinstance(card, dict) or not isinstance(card.get("file"), str) or not card.get("title"):
        raise InvalidCard(f"文件信息“{path}”缺少 title 或 file，请补上后再导入。")
    if Path(card["file"]).name != card["file"]:
        raise InvalidCard(f"文件信息“{path}”的 file 应是同一文件夹里的文件名。")
    if card.get("status", "draft") not in list(Status):
        raise InvalidCard(f"文件信息“{path}”的 status 应是 {'、'.join(Status)} 之一。")
    try:
        confirmed_in(card)
        edits_in(card)
        for one in card.get("older") or ():
            if Path(one["file"]).parent != Path(OLDER):
                raise ValueError(one["file"])
        for moment in _moments(card):
            datetime.fromisoformat(moment)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidCard(f"文件信息“{path}”里 cut、older 或时间写得不对（{error}），请改正后再导入。") from error
    return card


def fields_of(card: Mapping[str, Any]) -> dict[str, Any]:
    # A card of an older export says nothing of who may see the document, which opens it to nobody.
    given = {name: card.get(name) for name in SETTABLE if name in card or name != AUDIENCE_OVERRIDE}
    return checked({name: value if value is None else str(value) for name, value in given.items()})


def confirmed_in(card: Mapping[str, Any]) -> set[str]:
    return {str(name) for name in card.get("confirmed") or ()}


def edits_in(card: Mapping[str, Any]) -> tuple[Edit, ...]:
    return tuple(
        Edit(0, EditKind(one["kind"]), str(one["address"]), str(one["before"]), str(one.get("after") or ""))
        for one in card.get("cut") or ()
    )


def _moments(card: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(card[name]) for name in ("added_at", "stored_at") if card.get(name))
    yield from (str(one["stored_at"]) for one in card.get("older") or ())
