"""The words people use against the words of the documents: abbreviations, frequent typos, everyday sayings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

from knowledge.errors import KnowledgeError
from knowledge.text.normalise import searchable

PACKAGED: Final = Path(__file__).with_name("lexicon.yaml")
ABBREVIATIONS: Final = "简称"
TYPOS: Final = "错字"
SAYINGS: Final = "说法"


class InvalidLexicon(KnowledgeError):
    """The lexicon file cannot be read: which entry, what to do."""


class Lexicon:
    """Three lists that trainers can edit. Every look-up reads simplified and traditional, full and half width alike."""

    def __init__(
        self,
        abbreviations: Mapping[str, tuple[str, ...]],
        typos: Mapping[str, str],
        sayings: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.abbreviations = dict(abbreviations)
        self.typos = dict(typos)
        self.sayings = dict(sayings)

    @classmethod
    def load(cls, path: Path | None = None, extra: Path | None = None) -> Lexicon:
        """Read a lexicon, the packaged one by default, and the trainers' own file `extra` over it when it exists.

        An entry of `extra` replaces the packaged one; an empty one removes it. Raises InvalidLexicon.
        """
        sections = _read(path or PACKAGED)
        if extra is not None and extra.exists():
            for name, entries in _read(extra).items():
                sections[name] = {**sections[name], **entries}
        abbreviations, typos, sayings = (
            {key: values for key, values in sections[name].items() if values}
            for name in (ABBREVIATIONS, TYPOS, SAYINGS)
        )
        return cls(abbreviations, {wrong: right[0] for wrong, right in typos.items()}, sayings)

    def correct(self, text: str) -> str:
        """`text` with known typos put right, everything else as it stands.

        >>> Lexicon.load().correct("违反记律的按排，按排名处份")
        '违反纪律的安排，按排名处分'
        """
        return self._wrong.sub(lambda found: self.typos[found[0]], text) if self.typos else text

    def expand(self, text: str) -> tuple[str, ...]:
        """Terms of the documents that say what `text` says in everyday words, for the lexical query; those that stand
        in `text` already are left out.

        >>> Lexicon.load().expand("饭局能去吗")
        ('宴请',)
        """
        return _others(text, self.sayings)

    def full_names(self, text: str) -> tuple[str, ...]:
        """What the abbreviations in `text` stand for, in reading order of the list, without those written out.

        >>> Lexicon.load().full_names("十五五期间")
        ('第十五个五年规划',)
        """
        return _others(text, self.abbreviations)

    @cached_property
    def _wrong(self) -> re.Pattern[str]:
        """The longer typo before the one it contains, so that a protected word (按排名) wins."""
        return re.compile("|".join(map(re.escape, sorted(self.typos, key=len, reverse=True))))


def _others(text: str, meanings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    plain = searchable(text)
    found = dict.fromkeys(term for said, terms in meanings.items() if said in plain for term in terms)
    return tuple(term for term in found if term not in plain)


def _read(path: Path) -> dict[str, dict[str, tuple[str, ...]]]:
    """Section → entry → values; an entry without a value has no values."""
    try:
        sections = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    except (OSError, UnicodeDecodeError) as problem:
        raise InvalidLexicon(f"词表文件 {path} 读不出来（{problem}），请检查路径和编码（UTF-8）。") from problem
    except yaml.YAMLError as problem:
        where = getattr(problem, "problem_mark", None)
        line = f"第 {where.line + 1} 行" if where else "某处"
        raise InvalidLexicon(
            f"词表文件 {path} {line}不符合 YAML 格式，请检查缩进和冒号（冒号后要空一格）。"
        ) from problem
    names = (ABBREVIATIONS, TYPOS, SAYINGS)
    if not isinstance(sections, dict) or not set(sections) <= set(names):
        raise InvalidLexicon(f"词表文件 {path} 的顶层只能有 {'、'.join(names)} 三部分。")
    return {name: _entries(path, name, sections.get(name) or {}) for name in names}


def _entries(path: Path, section: str, entries: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(entries, dict):
        raise InvalidLexicon(f"词表文件 {path} 的“{section}”下面应当每行一条，写成“左边: 右边”。")
    read: dict[str, tuple[str, ...]] = {}
    for key, value in entries.items():
        if not isinstance(key, str) or len(key) < 2 or not isinstance(value, str | None):
            raise InvalidLexicon(
                f"词表文件 {path} 的“{section}”里“{key}”这一条应当写成“左边: 右边”，左边至少两个字；数字请加引号。"
            )
        values = [value.strip()] if section == TYPOS and value else (value or "").split("、")
        read[key] = tuple(dict.fromkeys(item.strip() for item in values if item.strip()))
    return read
