"""How people put it: everyday situations for the provisions of known documents, one YAML file per document.

title: 中华人民共和国公务员法
edition: "2018"            # left out where the document tells none
provisions:
  第五十九条:               # an address or the end of one, never the rule's text
    - 上班时间去兼职跑网约车拿点外快行不行

The files are read and checked here; `situation_index` places them on the passages of a library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from knowledge.errors import KnowledgeError

PACKAGED: Final = Path(__file__).parents[1] / "situations"
SHORTEST, LONGEST = 4, 80  # characters of one situation
_FIELDS = {"title", "edition", "provisions"}


class InvalidSituations(KnowledgeError):
    """A file of situations that cannot be used: which file, which key, what to do."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Situations:
    """The situations of one edition of one document, by provision: an address (`第五十九条`, `一/（二）`) or its end."""

    title: str
    edition: str | None
    provisions: Mapping[str, tuple[str, ...]]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """(provision, situation) in the order of the file."""
        return ((key, one) for key, several in self.provisions.items() for one in several)


def load(folder: Path = PACKAGED) -> tuple[Situations, ...]:
    """Every file of `folder` in the order of their names; nothing when there is no such folder. Raises InvalidSituations."""
    return tuple(read(path) for path in sorted(folder.glob("*.yaml")))


packaged = lru_cache(maxsize=1)(load)


def read(path: Path) -> Situations:
    """One file. Raises InvalidSituations, naming the file and the key."""
    try:
        stored = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as problem:
        raise InvalidSituations(f"情形文件 {path} 读不出来（{problem}），请检查路径和编码（UTF-8）。") from problem
    except yaml.YAMLError as problem:
        where = getattr(problem, "problem_mark", None)
        line = f"第 {where.line + 1} 行" if where else "某处"
        raise InvalidSituations(
            f"情形文件 {path} {line}不符合 YAML 格式，请检查缩进和冒号（冒号后要空一格）。"
        ) from problem
    return checked(path, stored)


def checked(path: Path, stored: object) -> Situations:
    """What `path` says of one document. Raises InvalidSituations, naming the file and the key."""
    if not isinstance(stored, dict) or not set(stored) <= _FIELDS:
        raise InvalidSituations(f"情形文件 {path} 的顶层只能有 title、edition、provisions 三项。")
    title, edition, provisions = stored.get("title"), stored.get("edition"), stored.get("provisions")
    if not isinstance(title, str) or not title.strip():
        raise InvalidSituations(f"情形文件 {path} 的 title 应当写文件标题。")
    if not isinstance(edition, str | None):
        raise InvalidSituations(f'情形文件 {path} 的 edition 应当写成带引号的年份，例如 "2018"。')
    if not isinstance(provisions, dict) or not provisions:
        raise InvalidSituations(f"情形文件 {path} 的 provisions 下面应当按条列出情形。")
    return Situations(title.strip(), edition, _provisions(path, provisions))


def _provisions(path: Path, provisions: Mapping[object, object]) -> dict[str, tuple[str, ...]]:
    taken: dict[str, tuple[str, ...]] = {}
    seen: dict[str, str] = {}
    for key, several in provisions.items():
        if not isinstance(key, str) or not key.strip("/ "):
            raise InvalidSituations(f"情形文件 {path} 的“{key}”不是条文出处，应当写成“第五十九条”这样的文字。")
        if not isinstance(several, list) or not several:
            raise InvalidSituations(f"情形文件 {path} 的“{key}”下面应当每行一条情形，前面加短横。")
        for one in several:
            if not isinstance(one, str) or not SHORTEST <= len(one.strip()) <= LONGEST:
                raise InvalidSituations(
                    f"情形文件 {path} 的“{key}”里“{one}”应当是 {SHORTEST} 到 {LONGEST} 个字的一句话。"
                )
            if one in seen:
                raise InvalidSituations(f"情形文件 {path} 的“{key}”里“{one}”在“{seen[one]}”下面已有，请删去一处。")
            seen[one] = key
        taken[key] = tuple(several)
    return taken
