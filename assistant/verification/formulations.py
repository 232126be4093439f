"""固定表述: fixed formulations with their members; text that miscounts or truncates one is found out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from assistant.errors import InvalidEntry
from knowledge.text.normalise import searchable
from knowledge.text.quantities import ITEM, to_int

PACKAGED: Final = Path(__file__).with_name("formulations.yaml")
FILE: Final = "formulations.yaml"  # in the data folder
MEMBERS: Final = "成员"
SOURCE: Final = "来源"

_NUMERAL = f"[0-9{ITEM}两]+"
_COUNTED = re.compile(rf"({_NUMERAL})(个|项|条|大|种|对|方面)?(.{{2,}})")
#: What announces that the members follow.
_NAMES_THEM = re.compile(r"^[”』」]?[，,]?(?:具体)?(?:就?是指?|即|包括|包含|指的?是|分别[是为]|[:：(（])")
_SENTENCE = re.compile(r"[^。！？!?\n]+")


@dataclass(frozen=True, slots=True)
class Formulation:
    """`members` are key words, in their order, by which each member is recognised; `source` is where it is laid down."""

    name: str
    members: tuple[str, ...]
    source: str = ""

    @property
    def count(self) -> int:
        return len(self.members)


def load(extra: Path | None = None) -> dict[str, Formulation]:
    """The packaged list by name, with the trainers' own file `extra` over it when it exists. Raises InvalidEntry."""
    entries = parse(PACKAGED.read_bytes(), str(PACKAGED))
    if extra is not None and extra.exists():
        entries |= parse(extra.read_bytes(), str(extra))
    return {name: one for name, one in entries.items() if one is not None}


def parse(content: bytes, name: str) -> dict[str, Formulation | None]:
    """The entries of the file called `name`; None for one that is taken out. Raises InvalidEntry."""
    try:
        stored = yaml.load(content.decode("utf-8-sig"), Loader=yaml.CSafeLoader) or {}
    except (UnicodeDecodeError, yaml.YAMLError):
        raise InvalidEntry(
            f"固定表述清单 {name} 读不了，请存为 UTF-8 编码，每条写成“名称: {{成员: [甲, 乙], 来源: 《…》}}”。"
        ) from None
    if not isinstance(stored, dict):
        raise InvalidEntry(f"固定表述清单 {name} 应当每行一条，写成“名称: {{成员: [甲, 乙], 来源: 《…》}}”。")
    return {str(key): None if value is None else _formulation(str(key), value) for key, value in stored.items()}


def checked(name: str, members: Sequence[str], source: str = "") -> Formulation:
    """A formulation as a trainer enters it. Raises InvalidEntry, saying what does not fit."""
    kept = tuple(dict.fromkeys(member.strip() for member in members if member.strip()))
    if len(name) < 2 or len(kept) < 2:
        raise InvalidEntry(f"固定表述“{name}”要有至少两个字的名称和至少两项成员，请补全。")
    counted = _COUNTED.fullmatch(name)
    said = to_int(counted[1]) if counted and counted[2] else None
    if said is not None and said != len(kept):
        raise InvalidEntry(f"固定表述“{name}”说的是 {said} 项，成员却有 {len(kept)} 项，请核对。")
    return Formulation(name, kept, source.strip())


def flaws(text: str, formulations: Iterable[Formulation]) -> list[str]:
    """What is wrong with the fixed formulations in `text`, a sentence each: another count than the right one, or
    members listed with some left out."""
    plain = searchable(text)
    found = [flaw for one in formulations for flaw in (*_miscounted(plain, one), *_truncated(plain, one))]
    return list(dict.fromkeys(found))


def _miscounted(plain: str, one: Formulation) -> Iterable[str]:
    counted = _COUNTED.fullmatch(searchable(one.name))
    if not counted or not counted[2] or to_int(counted[1]) is None:
        return
    for match in re.finditer(rf"(?<!第)({_NUMERAL}){counted[2]}{re.escape(counted[3])}", plain):
        said = to_int(match[1])
        if said is not None and said != one.count:
            yield f"“{match[0]}”应为“{one.name}”"


def _truncated(plain: str, one: Formulation) -> Iterable[str]:
    name = searchable(one.name)
    members = [searchable(member) for member in one.members]
    for sentence in _SENTENCE.findall(plain):
        at = sentence.find(name)
        if at < 0:
            continue
        missing = [member for member, plainly in zip(one.members, members, strict=True) if plainly not in sentence]
        held = one.count - len(missing)
        announced = bool(_NAMES_THEM.match(sentence[at + len(name) :]))
        if missing and (held >= 2 or (held and announced)):
            yield f"“{one.name}”共 {one.count} 项，少了{'、'.join(f'“{member}”' for member in missing)}"


def _formulation(name: str, value: object) -> Formulation:
    if not isinstance(value, Mapping) or not isinstance(value.get(MEMBERS), list):
        raise InvalidEntry(f"固定表述“{name}”应当写成“{name}: {{成员: [甲, 乙], 来源: 《…》}}”，请改正。")
    return checked(name, [str(member) for member in value[MEMBERS]], str(value.get(SOURCE) or ""))
