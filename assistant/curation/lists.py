"""The lists that trainers own, in the data folder: 简称, 错字, 说法, 固定表述, 不予回答的话题. What is changed counts at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

from assistant.curation.entry_file import replace_file, with_entry, without_entry
from assistant.errors import InvalidEntry, NoSuchItem
from assistant.understanding import blocked
from assistant.understanding.blocked import BlockedTopics
from assistant.verification import formulations
from assistant.verification.formulations import Formulation
from knowledge.retrieval.lexicon import ABBREVIATIONS, SAYINGS, TYPOS, InvalidLexicon, Lexicon

LEXICON_FILE = "lexicon.yaml"
LONGEST = 400  # characters of one value


class Kind(StrEnum):
    """Which list."""

    ABBREVIATIONS = ABBREVIATIONS
    TYPOS = TYPOS
    SAYINGS = SAYINGS
    FORMULATIONS = "固定表述"
    BLOCKED = "话题"


FILES = {
    Kind.ABBREVIATIONS: LEXICON_FILE,
    Kind.TYPOS: LEXICON_FILE,
    Kind.SAYINGS: LEXICON_FILE,
    Kind.FORMULATIONS: formulations.FILE,
    Kind.BLOCKED: blocked.FILE,
}
IN_LEXICON = (Kind.ABBREVIATIONS, Kind.TYPOS, Kind.SAYINGS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, its `value` as it is typed (terms and members with 、 between). `own` when the trainers put
    it there or changed it, `removed` when they took out what the program brings; `source` only of a 固定表述."""

    key: str
    value: str
    own: bool
    removed: bool = False
    source: str = ""


_T = TypeVar("_T")


class _Followed(Generic[_T]):
    """What was read from a file, read again when the file has changed."""

    def __init__(self, path: Path, read: Callable[[Path], _T]) -> None:
        self._path = path
        self._read = read
        self._kept: tuple[tuple[int, int] | None, _T] | None = None

    def now(self) -> _T:
        stamp = _stamp(self._path)
        kept = self._kept
        if kept is None or kept[0] != stamp:
            kept = self._kept = (stamp, self._read(self._path))
        return kept[1]


class Lists:
    """The lists of one data folder. Safe to share between threads; other processes may change the files."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = threading.Lock()
        self._lexicon = _Followed(data / LEXICON_FILE, lambda path: Lexicon.load(extra=path))
        self._formulations = _Followed(data / formulations.FILE, formulations.load)
        self._blocked = _Followed(data / blocked.FILE, BlockedTopics.load)
        self._packaged = _Followed(Path(), lambda _: Lexicon.load())

    def stamp(self) -> tuple[object, ...]:
        """Changes whenever one of the files does."""
        return tuple(_stamp(self._data / name) for name in sorted(set(FILES.values())))

    @property
    def lexicon(self) -> Lexicon:
        """Raises InvalidLexicon."""
        return self._lexicon.now()

    @property
    def formulations(self) -> tuple[Formulation, ...]:
        """Raises InvalidEntry."""
        return tuple(self._formulations.now().values())

    @property
    def blocked(self) -> BlockedTopics:
        """Raises InvalidQuestion."""
        return self._blocked.now()

    def entries(self, kind: Kind) -> list[Entry]:
        """The trainers' own entries first, then those that come with the program, each in the order of its file."""
        ours, now = self._ours(kind), self._now(kind)
        own, rest = [], []
        for key, (value, source) in now.items():
            if ours.get(key) == (value, source):
                rest.append(Entry(key, value, False, source=source))
            else:
                own.append(Entry(key, value, True, source=source))
        removed = [Entry(key, value, True, True, source) for key, (value, source) in ours.items() if key not in now]
        return [*own, *removed, *rest]

    def put(self, kind: Kind, key: str, value: str, source: str = "") -> Entry:
        """Add an entry or change it. Raises InvalidEntry with what does not fit."""
        key, value = " ".join(key.split()), " ".join(value.split())
        if not 2 <= len(key) <= 60:
            raise InvalidEntry(f"“{key}”有 {len(key)} 个字，左边要有 2 到 60 个字，请改写。")
        if len(value) > LONGEST or len(source) > LONGEST:
            raise InvalidEntry(f"“{key}”的内容超过 {LONGEST} 个字，请缩短。")
        if not value and kind is not Kind.BLOCKED:
            raise InvalidEntry(f"“{key}”右边是空的，请填写；要去掉这一条请用“去掉”。")
        if kind is Kind.TYPOS and "、" in value:
            raise InvalidEntry(f"错字“{key}”只能有一个正确写法，请去掉顿号。")
        if kind is Kind.FORMULATIONS:
            one = formulations.checked(key, value.replace("，", "、").split("、"), source)
            self._write(kind, key, {formulations.MEMBERS: list(one.members), formulations.SOURCE: one.source})
        else:
            self._write(kind, key, value or None)
        return next(entry for entry in self.entries(kind) if entry.key == key)

    def remove(self, kind: Kind, key: str) -> None:
        """Take an entry out, also one that comes with the program. Raises NoSuchItem."""
        if key not in self._now(kind):
            raise NoSuchItem(f"“{kind}”里没有“{key}”这一条，请刷新后再试。")
        if key in self._ours(kind):
            self._write(kind, key, None)
        else:
            self._change(kind, lambda text: without_entry(text, key, _section(kind)))

    def restore(self, kind: Kind, key: str) -> None:
        """Take back the trainers' own change of an entry that comes with the program. Raises NoSuchItem."""
        if key not in self._ours(kind):
            raise NoSuchItem(f"“{key}”不是自带的条目，没有可以恢复的内容。")
        self._change(kind, lambda text: without_entry(text, key, _section(kind)))

    def _ours(self, kind: Kind) -> dict[str, tuple[str, str]]:
        """What the program brings: value and source by key."""
        if kind is Kind.BLOCKED:
            return {}
        if kind is Kind.FORMULATIONS:
            return _shown(formulations.load())
        return _of_lexicon(self._packaged.now(), kind)

    def _now(self, kind: Kind) -> dict[str, tuple[str, str]]:
        if kind is Kind.BLOCKED:
            return {words: (reply, "") for words, reply in self.blocked.topics.items()}
        if kind is Kind.FORMULATIONS:
            return _shown(self._formulations.now())
        return _of_lexicon(self.lexicon, kind)

    def _write(self, kind: Kind, key: str, value: object) -> None:
        self._change(kind, lambda text: with_entry(text, key, value, _section(kind)))

    def _change(self, kind: Kind, change: Callable[[str], str]) -> None:
        """Change the file of a list; what the program could not read again is never put in its place."""
        path = self._data / FILES[kind]
        with self._lock:
            before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
            after = change(before)
            try:
                trial = path.with_name(f".{path.name}.trial")
                replace_file(trial, after)
                _READERS[kind](trial)
                trial.replace(path)
            except (InvalidLexicon, InvalidEntry) as error:
                trial.unlink(missing_ok=True)
                raise InvalidEntry(str(error).replace(str(trial), str(path))) from None


_READERS: dict[Kind, Callable[[Path], object]] = {
    **{kind: lambda path: Lexicon.load(extra=path) for kind in IN_LEXICON},
    Kind.FORMULATIONS: formulations.load,
    Kind.BLOCKED: BlockedTopics.load,
}


def _section(kind: Kind) -> str | None:
    return str(kind) if kind in IN_LEXICON else None


def _of_lexicon(lexicon: Lexicon, kind: Kind) -> dict[str, tuple[str, str]]:
    if kind is Kind.TYPOS:
        return {wrong: (right, "") for wrong, right in lexicon.typos.items()}
    held = lexicon.abbreviations if kind is Kind.ABBREVIATIONS else lexicon.sayings
    return {key: ("、".join(terms), "") for key, terms in held.items()}


def _shown(held: dict[str, Formulation]) -> dict[str, tuple[str, str]]:
    return {name: ("、".join(one.members), one.source) for name, one in held.items()}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
