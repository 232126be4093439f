"""The forty invented policies, and how what was read of one is held against what a careful clerk would put on its card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from assistant.study.policies import Condition, Join, PolicyCard, Window, read_card
from knowledge.metadata import identify
from knowledge.model import IdentityCard
from knowledge.parsing.loaders import read
from knowledge.parsing.outline import outline

FOLDER = Path(__file__).with_name("invented")
FIELDS = ("valid", "objects", "conditions", "excluded", "standards", "window", "unit", "phone")


@dataclass(frozen=True, slots=True)
class Invented:
    """A policy, what is expected of it, and what was read."""

    id: str
    text: str
    expect: dict[str, Any]
    identity: IdentityCard
    card: PolicyCard


def policies(name: str) -> Iterator[Invented]:
    for one in yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")):
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{one['id']}.txt"
            path.write_text(one["text"], encoding="utf-8")
            source = read(path)
        structure = outline(source)
        identity = identify(source, path.name, structure)
        card = read_card(source.text, issuer=identity.issuer)
        yield Invented(one["id"], source.text, one["expect"], identity, card)


def is_there(one: Invented, name: str) -> bool:
    """Whether the policy says anything of the field."""
    wanted = one.expect[name]
    return wanted not in (None, []) and wanted != [None, None] and not (name == "valid" and wanted[1] is None)


def verdict(one: Invented, name: str) -> str:
    """`right`, `wrong`, `missed` (said and not read) or `absent` (rightly read as nothing)."""
    got, wanted = read_as(one, name), one.expect[name]
    if not got:
        return "missed" if is_there(one, name) else "absent"
    if name == "valid":
        return "right" if got == str(wanted[1]) else "wrong"
    if name == "window":
        return "right" if wanted is not None and _window(one.card.window, wanted) else "wrong"
    if name in ("conditions", "excluded"):
        return "right" if _conditions(got, wanted) else "wrong"
    texts = [quote.text.replace("（0000）", "(0000)") for quote in got]
    parts = [str(part) for part in wanted]
    every = all(any(part in text for text in texts) for part in parts)
    own = all(any(part in text for part in parts) for text in texts) if name != "unit" else True
    return "right" if every and own else "wrong"


def read_as(one: Invented, name: str) -> Any:
    card = one.card
    return {
        "valid": str(one.identity.valid_until) if one.identity.valid_until else "",
        "objects": card.objects,
        "conditions": card.conditions,
        "excluded": card.excluded,
        "standards": card.standards,
        "window": card.window,
        "unit": (card.unit,) if card.unit else (),
        "phone": card.phones,
    }[name]


def _window(got: Window | None, wanted: str) -> bool:
    if got is None:
        return False
    if wanted == "open":
        return got.always
    stretches = ", ".join(f"{one.first}/{one.last}" for one in got.stretches)
    return stretches == wanted if "/" in wanted else wanted.removeprefix("自") in got.quote.text and not stretches


def _conditions(got: tuple[Condition, ...], wanted: list[Any]) -> bool:
    """Whether each expected one is met by one that was read, in order, groups by groups, and nothing is left over."""
    if len(got) != len(wanted):
        return False
    for one, other in zip(got, wanted, strict=True):
        if isinstance(other, str):
            if one.children or other not in one.quote.text:
                return False
            continue
        join, members = next(iter(other.items()))
        if one.join is not (Join.ANY if join == "any" else Join.ALL) or not _conditions(one.children, members):
            return False
    return True
